"""Template tags for the components of the visual design: icons, rings, avatars, aspect marks, times.

They build their few lines of HTML in Python because rows of a page are its cost, and they are loaded in every template.
"""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from members.models import Member

register = template.Library()

ASPECTS = ("run", "hack", "math")
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


@register.filter
def sanitised(html: str) -> SafeString:
    """Mark stored HTML that came out of `richtext` as safe. The one place where text from members becomes HTML."""
    return mark_safe(html)  # noqa: S308  (richtext.render sanitised it before it was stored)


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("icons/icons.svg"), name
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


@register.filter
def aspect_name(aspect: str) -> str:
    return {"run": _("Run"), "hack": _("Hack"), "math": _("Math")}[aspect]


@register.simple_tag
def rings(shares: Mapping[str, int], label: str, size: str = "", text: str = "") -> SafeString:
    """Three rings from whole per cents by aspect: `{% rings shares label size="l" text="61%" %}`."""
    spoken = ", ".join(f"{aspect_name(a)} {shares.get(a, 0)} %" for a in ASPECTS)
    parts = format_html_join("", "{}", ((_ring(a, shares.get(a, 0), with_shape=size in ("", "l")),) for a in ASPECTS))
    middle = format_html('<text x="60" y="66">{}</text>', text) if text else ""
    return format_html(
        '<svg class="rings {}" viewBox="0 0 120 120" role="img" aria-label="{}: {}">{}{}</svg>',
        size,
        label,
        spoken,
        parts,
        middle,
    )


def _ring(aspect: str, share: int, *, with_shape: bool) -> SafeString:
    circle = CIRCLES[aspect]
    arc = (
        format_html('<path d="{}" pathLength="100" stroke-dasharray="{} 100"/>', circle, min(share, 100))
        if share
        else ""
    )
    shape = format_html('<path class="shape" d="{}"/>', SHAPES[aspect]) if with_shape else ""
    return format_html('<g data-aspect="{}"><path class="track" d="{}"/>{}{}</g>', aspect, circle, arc, shape)


@register.simple_tag
def mix(shares: Mapping[str, int]) -> SafeString:
    """A bar of the aspect mix from per cents that add up to 100; the gaps keep neighbours apart."""
    bars, x = [], 0
    for aspect in ASPECTS:
        width = shares.get(aspect, 0)
        if width:
            gap = 0.8 if x + width < 100 else 0
            bars.append((aspect, x, round(width - gap, 1)))
        x += width
    spoken = ", ".join(f"{aspect_name(a)} {shares.get(a, 0)} %" for a in ASPECTS)
    return format_html(
        '<svg class="mix" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}: {}">{}</svg>',
        _("Mix of aspects"),
        spoken,
        format_html_join("", '<rect data-aspect="{}" x="{}" width="{}" height="6"/>', bars),
    )


@register.simple_tag
def avatar(member: Member, size: str = "", *, alone: bool = False) -> SafeString:
    """A member's square; `alone=True` where no name stands beside it."""
    if alone:
        return format_html(
            '<span class="avatar {}" data-hue="{}" role="img" aria-label="{}">{}</span>',
            size,
            member.hue,
            member.name,
            member.initials,
        )
    return format_html(
        '<span class="avatar {}" data-hue="{}" aria-hidden="true">{}</span>', size, member.hue, member.initials
    )


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """How long ago, in the shortest words that help; the exact time in the reader's zone is in the title."""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="minutes"),
        date_format(local, "j F Y, H:i"),
        _ago(local, timezone.localtime()),
    )


def _ago(local: datetime, now: datetime) -> str:
    minutes = int((now - local).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 24 * 60 and local.date() == now.date():
        return _("%(n)s h") % {"n": minutes // 60}
    days = (now.date() - local.date()).days
    if days == 1:
        return _("yesterday")
    if days < 7:
        return _("%(n)s days ago") % {"n": days}
    return date_format(local, "j F" if local.year == now.year else "j F Y")


@register.filter
def hours_minutes(minutes: int) -> str:
    """90 to “1 h 30”, 45 to “45 min”, 120 to “2 h”."""
    hours, rest = divmod(int(minutes or 0), 60)
    if not hours:
        return _("%(n)s min") % {"n": rest}
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
