"""Rendering of texts, always before a transaction is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from django.utils.html import format_html

from community.actions.holdings import uploads_in
from community.mentions import called_in
from community.models import Comment, Post
from config.plaintext import plain
from members import budget
from members.models import Member
from pictures.models import Upload
from text import PIPELINE_VERSION, Attachments, TextRefused, rendered
from text import plain as first_words

SHORT_MAX = 800  # characters of Markdown; a list shows such a text in full
LINES_MAX = 14
SHORT_HTML_MAX = 12_000  # characters of HTML
EXCERPT_LENGTH = 320
BEGINNING_MAX = 500  # characters of Markdown; a list shows so much of a longer text
BEGINNING_LINES_MAX = 9
BEGINNING_HTML_MAX = 8_000  # characters of HTML
NO_WORDS = "\u2026"  # stands for the beginning of a long text without words

Written = TypeVar("Written", Post, Comment)


STORED = ("body", "body_html", "beginning_html", "excerpt", "pipeline_version")


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is stored: Markdown, HTML, and the beginning for lists; and the keys
    of the members whom it mentions.
    """

    body: str
    body_html: str
    beginning_html: str
    excerpt: str
    pipeline_version: int
    uploads: Sequence[Upload] = ()  # what it shows; no column
    mentioned: tuple[int, ...] = ()


def line_ends(body: str) -> str:
    return body.replace("\r\n", "\n")


def render(body: str, uploads: Sequence[Upload] = ()) -> Words:
    """Render a text, which may show these uploads, in one pass of the pipeline.

    Raises TextRefused.
    """
    body = line_ends(body)
    # A name of its own for each text keeps the footnotes of a page's texts apart.
    called = called_in(body)
    whole = rendered(
        body,
        doc_id=uuid4().hex[:8],
        mentions=called.address_of,
        attached=_attached(uploads),
    )
    excerpt = beginning = ""
    if _is_long(body, whole.html):
        excerpt = whole.excerpt(EXCERPT_LENGTH)
        beginning = whole.beginning(
            lines=BEGINNING_LINES_MAX,
            characters=BEGINNING_MAX,
            html=BEGINNING_HTML_MAX,
        ) or _paragraph(excerpt or NO_WORDS)
    return Words(
        body=body,
        body_html=whole.html,
        beginning_html=beginning,
        excerpt=excerpt,
        pipeline_version=PIPELINE_VERSION,
        uploads=uploads,
        mentioned=tuple(called.found),
    )


def _attached(uploads: Sequence[Upload]) -> Attachments:
    return {str(each.key): each.as_attachment for each in uploads}


def _is_long(body: str, html: str) -> bool:
    """Whether lists show only the beginning of the text."""
    return (
        len(body) > SHORT_MAX
        or body.count("\n") >= LINES_MAX
        or len(html) > SHORT_HTML_MAX
    )


def render_for(member: Member, body: str, *, now: datetime) -> Words:
    """Like `render`, after its length was taken from the member's budget.

    Raises TextRefused, and limits.TooMany.
    """
    budget.spend(member, budget.RENDERED, len(body), now=now)
    return render(body, uploads_in(body, member.pk))


def preview(member: Member, body: str, *, now: datetime) -> str:
    """The HTML of a text that is being written, out of a budget of its own: previews never
    use up what sending needs. Raises TextRefused, and limits.TooMany.
    """
    budget.spend(member, budget.PREVIEWED, len(body), now=now)
    attached = _attached(uploads_in(body, member.pk))
    return rendered(line_ends(body), doc_id="preview", attached=attached).html


def render_edit(member: Member, body: str, *, former: str, now: datetime) -> Words:
    """Like `render_for`, for an edit that also stores the `former` text."""
    budget.spend(member, budget.EDITS, now=now)
    budget.spend(member, budget.KEPT, len(former), now=now)
    return render_for(member, body, now=now)


def _paragraph(text: str) -> str:
    return plain(format_html("<p>{}</p>", text))


def columns(words: Words) -> dict[str, str | int]:
    return {name: getattr(words, name) for name in STORED}


def replace(written: Written, *, now: datetime, **columns: str | int) -> Written:
    for name, value in columns.items():
        setattr(written, name, value)
    written.edited_at = now
    written.save(update_fields=["edited_at", *columns])
    return written


def render_again(*, limit: int = 500) -> int:
    """Render up to `limit` posts and as many comments again whose HTML is of an older
    pipeline, the newest first. Return their number.

    A text that the newer pipeline refuses is shown as it was typed.
    """
    written: list[Post | Comment] = []
    for model in (Post, Comment):
        stale = (
            model.objects.filter(pipeline_version__lt=PIPELINE_VERSION)
            .order_by("-pk")
            .only("body", "author_id")
        )
        written += stale[: limit - len(written)]
    for each in written:
        try:
            words = render(each.body, uploads_in(each.body, each.author_id))
        except TextRefused:
            excerpt = first_words(each.body, EXCERPT_LENGTH)
            shown = plain(format_html("<pre>{}</pre>", each.body))
            words = Words(
                each.body,
                shown,
                _paragraph(excerpt or NO_WORDS),
                excerpt,
                PIPELINE_VERSION,
            )
        # An edit in between has its HTML already.
        type(each).objects.filter(pk=each.pk, body=each.body).update(**columns(words))
    return len(written)
