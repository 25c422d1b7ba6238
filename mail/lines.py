"""The lines of posts and papers in mails: each read, rendered and inlined once a run, however many mails hold it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Post
from community.places import step_places
from mail.digest import Digest, Pick
from mail.templatetags.mailtext import hang
from members.models import Member
from papers.models import Paper

KEPT = 5_000  # rendered fragments; then we begin anew, so that memory stays flat
TITLE = 120


@dataclass(frozen=True, slots=True)
class PostLine:
    title: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    title: str
    authors: str
    url: str


@dataclass(frozen=True, slots=True)
class Fragment:
    html: str
    text: str


@dataclass(slots=True)
class Lines:
    """The lines of posts and papers, read from the database once and rendered once."""

    now: datetime
    posts: dict[int, PostLine | None] = field(default_factory=dict)
    papers: dict[int, PaperLine] = field(default_factory=dict)
    fragments: dict[Any, Fragment] = field(default_factory=dict)

    def load(self, digests: Iterable[Digest], reader: Member) -> None:
        """What these digests need and is not here yet. Two queries, and the places of steps."""
        digests = list(digests)
        posts = {pk for digest in digests for pk in (*digest.questions, *digest.posts)} - self.posts.keys()
        papers = {pick.id for digest in digests for pick in digest.papers} - self.papers.keys()
        if len(self.fragments) > KEPT:
            self.fragments.clear()
        if posts:
            found = Post.objects.visible_to(reader).filter(pk__in=posts).select_related("author")
            rows = {post.pk: _post_line(post, self.now) for post in found.defer("body_html")}
            self.posts |= {pk: rows.get(pk) for pk in posts}
        if papers:
            rows_of_papers = Paper.objects.for_lists().filter(pk__in=papers)
            self.papers |= {paper.pk: _paper_line(paper) for paper in rows_of_papers}

    def of_posts(self, ids: Sequence[int]) -> list[PostLine]:
        """Those that may be seen still."""
        return [line for pk in ids if (line := self.posts.get(pk))]

    def of_papers(self, picks: Sequence[Pick]) -> list[tuple[PaperLine, Pick]]:
        return [(line, pick) for pick in picks if (line := self.papers.get(pick.id))]

    def post(self, line: PostLine) -> Fragment:
        if line not in self.fragments:
            text = f"{hang(line.title, '  * ')}\n{hang(line.about, '    ')}\n    {line.url}\n"
            self.fragments[line] = Fragment(
                inlined_fragment(render_to_string("mail/letters/_post.html", {"line": line})), text
            )
        return self.fragments[line]

    def paper(self, line: PaperLine, why: str, number: int) -> Fragment:
        key = (line, why, number)
        if key not in self.fragments:
            text = f"{hang(line.title, f'  {number}. ')}\n"
            text += f"{hang(line.authors, '     ')}\n{hang(why, '     ')}\n     {line.url}\n"
            html = render_to_string("mail/letters/_paper.html", {"line": line, "why": why, "number": number})
            self.fragments[key] = Fragment(inlined_fragment(html), text)
        return self.fragments[key]


def _post_line(post: Post, now: datetime) -> PostLine:
    title = post.title or " ".join((post.excerpt or post.body).split())
    place = step_places().get(post.step_key) if post.step_key else None
    about = [post.author.name]
    if place:
        about.append(_("step %(n)s: %(title)s") % {"n": place.number, "title": place.title})
    if post.kind == Post.Kind.QUESTION and post.accepted_comment_id is None:
        about.append(_("waiting for %(time)s") % {"time": _how_long(now - post.posted_at)})
    elif post.kind == Post.Kind.QUESTION:
        about.append(_("answered"))
    if post.comment_count:
        about.append(ngettext("%(n)s comment", "%(n)s comments", post.comment_count) % {"n": post.comment_count})
    return PostLine(short(title), ", ".join(about), absolute(post.get_absolute_url()))


def _paper_line(paper: Paper) -> PaperLine:
    return PaperLine(" ".join(paper.title.split()), _authors(paper.authors), absolute(paper.get_absolute_url()))


def _authors(names: Sequence[str]) -> str:
    if len(names) > 3:
        return _("%(first)s and others") % {"first": names[0]}
    return _(" and ").join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def short(text: str) -> str:
    return text if len(text) <= TITLE else f"{text[: TITLE - 1].rsplit(' ', 1)[0].rstrip(',.;:')}…"


def _how_long(waited: timedelta) -> str:
    if waited.days:
        return ngettext("%(n)s day", "%(n)s days", waited.days) % {"n": waited.days}
    hours = max(1, waited.seconds // 3600)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


@cache
def _css() -> str:
    return render_to_string("mail/letters/inline.css")


_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


def inlined_fragment(html: str) -> str:
    """A fragment of a mail with its styles in place."""
    return _inliner.inline_fragment(html, _css())


def inlined(html: str) -> str:
    """A whole mail with the styles of its first style element in place; the media queries stay in the head."""
    return _inliner.inline(html)


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
