"""The lines of posts and papers in mails. Each is read, rendered and inlined once in a
run, for any number of mails.
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import css_inline
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from community.folding import Foldable
from community.models import Post
from community.subjects import StepRef, subject_of
from config.plaintext import plain
from mail.digest import Digest, Pick
from mail.links import absolute
from mail.wrapping import hang
from members.audience import Audience, audiences_of
from members.models import Member
from papers.models import Paper
from text import plain as first_words
from text import plain_title
from text.direction import isolated

KEPT = 5_000  # rendered fragments; then all are dropped, so that memory stays limited
TITLE = 120


@dataclass(frozen=True, slots=True)
class PostSnippet:
    title: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class PaperSnippet:
    title: str
    authors: str
    url: str


@dataclass(frozen=True, slots=True)
class Fragment:
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class _Reader:
    audience: Audience
    hidden: Set[int]


@dataclass(slots=True)
class Snippets:
    """The lines of posts and papers, read from the database once and rendered once."""

    now: datetime
    posts: dict[tuple[Audience, int], PostSnippet | None] = field(default_factory=dict)
    papers: dict[int, PaperSnippet] = field(default_factory=dict)
    fragments: dict[Any, Fragment] = field(default_factory=dict)
    _readers: dict[int, "_Reader"] = field(default_factory=dict)

    def load(self, needed: Sequence[tuple[Member, Digest]]) -> None:
        """Read the posts and papers of these digests that are not loaded yet.

        One query for papers, one for each audience, and those for steps.
        """
        if len(self.fragments) > KEPT:
            self.fragments.clear()
        members = [member for member, _digest in needed]
        hidden = Post.objects.hidden_from(members)
        for pk, audience in audiences_of(members).items():
            self._readers[pk] = _Reader(audience, hidden.get(pk, frozenset()))
        self._load_posts(needed)
        self._load_papers(digest for _member, digest in needed)

    def _load_posts(self, needed: Sequence[tuple[Member, Digest]]) -> None:
        wanted: dict[Audience, set[int]] = {}
        for member, digest in needed:
            audience = self._readers[member.pk].audience
            ids = wanted.setdefault(audience, set())
            ids.update(digest.questions, digest.posts)
        for audience, ids in wanted.items():
            missing = {pk for pk in ids if (audience, pk) not in self.posts}
            if missing:
                self._load_posts_of(audience, missing)

    def _load_posts_of(self, audience: Audience, ids: set[int]) -> None:
        visible = Post.objects.visible_to_audience(audience).filter(pk__in=ids)
        rows = visible.with_thread().select_related("author", "poll")
        rows = rows.defer("body_html")
        lines = {post.pk: _post_snippet(post, self.now) for post in rows}
        self.posts |= {(audience, pk): lines.get(pk) for pk in ids}

    def _load_papers(self, digests: Iterable[Digest]) -> None:
        ids: set[int] = set()
        for digest in digests:
            ids.update(pick.id for pick in digest.papers)
        missing = ids - self.papers.keys()
        if missing:
            rows = Paper.objects.for_lists().filter(pk__in=missing)
            self.papers |= {paper.pk: _paper_snippet(paper) for paper in rows}

    def of_posts(self, member: Member, ids: Sequence[int]) -> list[PostSnippet]:
        """The posts that the member may still see. Their digest must be loaded."""
        reader = self._readers[member.pk]
        lines = (
            self.posts.get((reader.audience, pk))
            for pk in ids
            if pk not in reader.hidden
        )
        return [line for line in lines if line]

    def of_papers(self, picks: Sequence[Pick]) -> list[tuple[PaperSnippet, Pick]]:
        return [(line, pick) for pick in picks if (line := self.papers.get(pick.id))]

    def post(self, line: PostSnippet) -> Fragment:
        fragment = self.fragments.get(line)
        if fragment is None:
            text = f"{hang(line.title, '  * ')}\n{hang(line.about, '    ')}\n    {line.url}\n"
            context = {"title": line.title, "about": line.about, "address": line.url}
            html = plain(render_to_string("mail/letters/_post.html", context))
            fragment = Fragment(inlined_fragment(html), text)
            self.fragments[line] = fragment
        return fragment

    def paper(self, line: PaperSnippet, why: str, number: int) -> Fragment:
        key = (line, why, number)
        fragment = self.fragments.get(key)
        if fragment is None:
            text = f"{hang(line.title, f'  {number}. ')}\n"
            text += f"{hang(line.authors, '     ')}\n{hang(why, '     ')}\n     {line.url}\n"
            context = {
                "number": number,
                "title": line.title,
                "authors": line.authors,
                "why": why,
                "address": line.url,
            }
            html = plain(render_to_string("mail/letters/_paper.html", context))
            fragment = Fragment(inlined_fragment(html), text)
            self.fragments[key] = fragment
        return fragment


def _post_snippet(post: Post, now: datetime) -> PostSnippet:
    title = plain_title(post.title) or _first_words(post)
    step = subject_of(post)
    about = [isolated(post.author.name)]
    if isinstance(step, StepRef):
        about.append(
            _("step %(n)s: %(title)s")
            % {"n": step.number, "title": isolated(step.title)}
        )
    if snippet := post.traits.snippet(post, now):
        about.append(snippet)
    return PostSnippet(
        isolated(short(title)), ", ".join(about), absolute(post.get_absolute_url())
    )


def _first_words(post: Post) -> str:
    """In place of a title. The line is the same for every reader, so in the thread of an
    exercise it names the kind.
    """
    if Foldable.of(post).is_of_exercise:
        return str(post.traits.label)
    return post.excerpt or first_words(post.body, TITLE)


def _paper_snippet(paper: Paper) -> PaperSnippet:
    authors = _authors([isolated(name) for name in paper.authors])
    return PaperSnippet(
        isolated(plain_title(paper.title)), authors, absolute(paper.get_absolute_url())
    )


def _authors(names: Sequence[str]) -> str:
    if len(names) > 3:
        return _("%(first)s and others") % {"first": names[0]}
    return _(" and ").join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def short(text: str) -> str:
    return (
        text
        if len(text) <= TITLE
        else f"{text[: TITLE - 1].rsplit(' ', 1)[0].rstrip(',.;:')}…"
    )


@cache
def _css() -> str:
    return plain(render_to_string("mail/letters/inline.css"))


_BETWEEN_BLOCKS = re.compile(
    r"(?<=>)(?=<)(?<!</a>)(?<!</span>)(?<!</b>)(?<!<br>)(?=</?(?:table|tr|td|p|h1|h2|div)\b)"
)
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


def inlined_fragment(html: str) -> str:
    """A fragment of a mail with its styles in place."""
    return _in_lines(_inliner.inline_fragment(html, _css()))


def inlined(html: str) -> str:
    """A whole mail with the styles of its first style element inlined. Media queries
    stay in the head.
    """
    return _in_lines(_inliner.inline(html))


def _in_lines(html: str) -> str:
    """Put a line break between blocks, since the lines of a mail have a limited length."""
    return _BETWEEN_BLOCKS.sub("\n", html)
