"""Template tags for the components of the visual design: icons, rings, avatars, aspect
marks, times.

They build their few lines of HTML in Python because rows of a page are its cost, and
they are loaded in every template.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from look.addresses import host_of, web_address
from look.aspects import ASPECTS, aspect_name, mix_bars, shares_in_words
from look.languages import language_in_words
from look.sanitised import sanitised
from look.times import ago, exact, full_moment, hours_minutes
from text import plain_title
from text.addresses import pieces

register = template.Library()
register.filter(aspect_name)
register.filter(exact)
register.filter(host_of)
register.filter(hours_minutes)
register.filter(language_in_words)
register.filter(sanitised)
register.filter(web_address)

CIRCLES = {
    "run": "M60 6a54 54 0 0 1 0 108a54 54 0 0 1 0-108",
    "hack": "M60 18.5a41.5 41.5 0 0 1 0 83a41.5 41.5 0 0 1 0-83",
    "math": "M60 31a29 29 0 0 1 0 58a29 29 0 0 1 0-58",
}
SHAPES = {
    "run": "M58.6 3.8v4.4l3.6-2.2z",
    "hack": "M60 16.1l2.4 2.4-2.4 2.4-2.4-2.4z",
    "math": "M57.9 31a2.1 2.1 0 1 0 4.2 0a2.1 2.1 0 1 0-4.2 0z",
}


@register.filter(name="plain_title")
def title_in_words(title: str) -> str:
    """A title as text for tabs, labels and messages: `$M^3$` as M³.

    The one way for TeX into plain text.
    """
    return plain_title(title)


@register.simple_tag
def outward(address: str, text: str = "", rel: str = "noopener") -> SafeString:
    """A link to a stored address, with its text; only the text where `web_address` lets
    no link through.
    """
    if not web_address(address):
        return format_html("{}", text or address)
    return format_html('<a href="{}" rel="{}">{}</a>', address, rel, text or address)


@register.filter
def linked(text: str) -> SafeString:
    """Plain text with its full addresses as links, each cut where the sentence goes on,
    in any script.
    """
    found = (
        (words, outward(address) if address else "") for words, address in pieces(text)
    )
    return format_html_join("", "{}{}", found)


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        static("icons/icons.svg"),
        name,
    )


@register.simple_tag
def mark(aspect: str) -> SafeString:
    """The shape of an aspect: triangle, diamond, circle."""
    return format_html(
        '<svg class="mark" viewBox="0 0 12 12" data-aspect="{}" aria-hidden="true"><use href="{}#m-{}"/></svg>',
        aspect,
        static("icons/icons.svg"),
        aspect,
    )


@register.simple_tag
def rings(
    shares: Mapping[str, int], label: str, size: str = "", text: str = ""
) -> SafeString:
    """Three rings from whole percentages by aspect: `{% rings shares label size="l"
    text="61%" %}`.
    """
    parts = format_html_join(
        "",
        "{}",
        ((_ring(a, shares.get(a, 0), with_shape=size in ("", "l")),) for a in ASPECTS),
    )
    middle = format_html('<text x="60" y="66">{}</text>', text) if text else ""
    return format_html(
        '<svg class="rings {}" viewBox="0 0 120 120" role="img" aria-label="{}: {}">{}{}</svg>',
        size,
        label,
        shares_in_words(shares),
        parts,
        middle,
    )


def _ring(aspect: str, share: int, *, with_shape: bool) -> SafeString:
    circle = CIRCLES[aspect]
    arc = (
        format_html(
            '<path d="{}" pathLength="100" stroke-dasharray="{} 100"/>',
            circle,
            min(share, 100),
        )
        if share
        else ""
    )
    shape = (
        format_html('<path class="shape" d="{}"/>', SHAPES[aspect])
        if with_shape
        else ""
    )
    return format_html(
        '<g data-aspect="{}"><path class="track" d="{}"/>{}{}</g>',
        aspect,
        circle,
        arc,
        shape,
    )


@register.simple_tag
def mix(shares: Mapping[str, int]) -> SafeString:
    """A bar of the aspect mix from percentages that add up to 100; the gaps keep neighbours apart."""
    return format_html(
        '<svg class="mix" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}: {}">{}</svg>',
        _("Mix of aspects"),
        shares_in_words(shares),
        format_html_join(
            "",
            '<rect data-aspect="{}" x="{}" width="{}" height="6"/>',
            mix_bars(shares),
        ),
    )


class Person(Protocol):
    """What a square with somebody's initials shows."""

    @property
    def name(self) -> str: ...
    @property
    def initials(self) -> str: ...
    @property
    def hue(self) -> int: ...


@register.simple_tag
def avatar(member: Person, size: str = "", *, alone: bool = False) -> SafeString:
    """A member's square; `alone=True` where no name stands beside it."""
    if alone:
        return format_html(
            '<span class="avatar {}" data-hue="{}" role="img" aria-label="{}" title="{}">{}</span>',
            size,
            member.hue,
            member.name,
            member.name,
            member.initials,
        )
    return format_html(
        '<span class="avatar {}" data-hue="{}" aria-hidden="true">{}</span>',
        size,
        member.hue,
        member.initials,
    )


@register.filter
def bdi(name: str) -> SafeString:
    """A name for the middle of a sentence, which keeps its order whatever the script of
    the name.
    """
    return format_html("<bdi>{}</bdi>", name)


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """How long ago, in the shortest words that help; the exact time in the reader's
    zone is in the title.
    """
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        exact(moment),
        full_moment(moment),
        ago(moment),
    )
