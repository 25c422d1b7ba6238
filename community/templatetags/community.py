"""`{% composer %}`, and the parts of a post that every row of a list repeats.

Those are built in Python, as the tags of config/look.py are: in a template they would be half the cost of the page.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from community.forms import PostForm
from community.models import Comment, Post
from community.places import Place, StepPlace
from community.reactions import Button
from config.look import avatar, icon, when
from members import kept
from members.models import Member

register = template.Library()

ICONS = {
    Post.Kind.QUESTION: "circle-help",
    Post.Kind.JOURNEY: "footprints",
    Post.Kind.SHOWCASE: "play",
    Post.Kind.ANNOUNCEMENT: "pin",
    Post.Kind.ROUNDUP: "newspaper",
}


@register.inclusion_tag("community/_composer.html", takes_context=True)
def composer(context: Context, place: Place) -> dict[str, Any]:
    """The short form that writes to the feed or to the thread of `place`; with the words of an ended session."""
    request = context["request"]
    typed = kept.take(request, reverse("community:new_post"))
    form = PostForm(member=request.member, initial={"kind": Post.Kind.DISCUSSION.value, **place.fields, **typed})
    return {"form": form, "place": place, "request": request, "user": request.member}


def role_of(author: Member) -> str:
    """The role that is shown beside a name: the widest one; empty for a member without."""
    if author.is_owner:
        return _("Owner")
    return _("Curator") if author.is_curator else _("Moderator") if author.is_moderator else ""


@register.simple_tag
def byline(author: Member, moment: datetime, step: StepPlace | None = None, edited: str = "") -> SafeString:
    """Who and when; where it stands in a thread, the step; `edited` is the address of the words before."""
    remarks = [when(moment)]
    if step:
        remarks.insert(0, step_link(step))
    if role := role_of(author):
        remarks.insert(0, format_html("{}", role))
    if edited:
        remarks.append(format_html('<a href="{}">{}</a>', edited, _("edited")))
    return format_html(
        '<div class="byline">{}<div><b>{}</b><small>{}</small></div></div>',
        avatar(author),
        author.name,
        format_html_join(" · ", "{}", ((remark,) for remark in remarks)),
    )


@register.simple_tag
def step_link(step: StepPlace) -> SafeString:
    """To the discussion of a step, named with its number unless it left its curriculum."""
    name = _("Step %(n)s · %(title)s") % {"n": step.number, "title": step.title} if step.number else step.title
    return format_html('<a href="{}#discussion">{}</a>', _step_address(step), name)


@register.simple_tag
def kind_of(post: Post) -> SafeString:
    return _kind(post.kind, get_language())


@register.simple_tag(takes_context=True)
def reactions(context: Context, target: Post | Comment, buttons: Iterable[Button]) -> SafeString:
    """A form with a button for each reaction; below one's own words only how often they were said."""
    is_post = isinstance(target, Post)
    address = reverse("community:react" if is_post else "community:react_to_comment", args=[target.pk])
    mine = target.author_id == context["user"].pk
    name = f"{'p' if is_post else 'c'}{target.pk}"
    parts = ((_reaction(button, name, mine=mine, first=not n),) for n, button in enumerate(buttons))
    return format_html(
        '<form class="reactions" action="{}" method="post" hx-post="{}" hx-target="this" hx-swap="outerHTML">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}</form>',
        address,
        address,
        context["csrf_token"],
        format_html_join("", "{}", parts),
    )


@register.simple_tag
def comments_link(post: Post) -> SafeString:
    return format_html(
        '<a class="react" href="{}#discussion">{}{}</a>',
        post.get_absolute_url(),
        _icon("message-circle"),
        count_of(post) if post.comment_count else _("Answer") if post.kind == Post.Kind.QUESTION else _("Comment"),
    )


@register.simple_tag
def count_of(post: Post) -> str:
    """How many answers or comments, in words."""
    n = post.comment_count
    if post.kind == Post.Kind.QUESTION:
        return ngettext("%(n)s answer", "%(n)s answers", n) % {"n": n}
    return ngettext("%(n)s comment", "%(n)s comments", n) % {"n": n}


def _reaction(button: Button, name: str, *, mine: bool, first: bool) -> SafeString:
    if mine and not button.count:
        return SafeString("")
    count = format_html(' <data value="{}">{}</data>', button.count, button.count) if button.count else ""
    # On a narrow screen only the first of the words stays.
    word = format_html("<span>{}</span>" if first else '<span class="word">{}</span>', button.label)
    if mine:
        return format_html('<span class="react">{}{}{}</span>', _icon(button.icon), word, count)
    return format_html(
        '<button class="react" id="{}-{}" name="{}" value="{}" aria-pressed="{}">{}{}{}</button>',
        button.kind,
        name,
        button.kind,
        button.wanted,
        "true" if button.pressed else "false",
        _icon(button.icon),
        word,
        count,
    )


@lru_cache(maxsize=100)
def _icon(name: str) -> SafeString:
    return icon(name)


@lru_cache(maxsize=100)
def _kind(kind: str, language: str) -> SafeString:
    chip = icon(ICONS.get(kind, "message-circle"))  # type: ignore[call-overload]
    return format_html('<span class="kind">{}{}</span>', chip, Post.Kind(kind).label)


@lru_cache(maxsize=1000)
def _step_address(step: StepPlace) -> str:
    return reverse("curriculum:step", args=[step.curriculum_slug, step.slug])
