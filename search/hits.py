"""Single results as the page shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import chain

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from community.folding import FoldedText, fold_below, fold_of
from community.indexed import text_of
from community.models import Comment, Poll, Post, Thread
from community.people import newest_handles
from community.subjects import Subject, subject_named
from curriculum.finding import Spot, StepSpot
from curriculum.models import Resource
from documents.models import END_OF_TITLE, SearchDocument
from documents.query import Query
from lists.arguments import Several
from lists.instances import Instances
from members.models import Member
from members.sessions import columns
from papers.models import Paper
from text import plain, plain_title
from text.highlight import SoughtWords, around, highlighted
from text.terms import Word, terms_of
from text.typed import folded

SNIPPET = 280  # characters
Kind = SearchDocument.Kind
# what is read: no HTML
POST = (
    *("kind", "title", "body", "posted_at", "comment_count", "author_id"),
    *("thread_id", "accepted_comment_id", "joined_to_id"),
)
COMMENT = ("body", "commented_at", "author_id", "post_id")
THREAD = (Thread, ["kind", "key"])
AUTHOR = (Member, ["name"])
MOST = 20  # results of a kind on a page
KEYS = Several(int, MOST)
POSTS = Instances(
    Post,
    POST,
    lambda reader, keys: (
        Post.objects.visible_to(reader)
        .with_thread()
        .with_closed(reader)
        .filter(pk__in=keys)
    ),
    related={"author": AUTHOR, "thread": THREAD, "poll": (Poll, ["option_names"])},
    annotated=["paper_title_html", "is_closed"],
    reader=Member,
    keys=KEYS,
)
COMMENTS = Instances(
    Comment,
    COMMENT,
    lambda reader, keys: (
        Comment.objects.visible_to(reader).with_closed(reader).filter(pk__in=keys)
    ),
    related={"author": AUTHOR, "post": (Post, POST), "post__thread": THREAD},
    annotated=["is_closed"],
    reader=Member,
    keys=KEYS,
)
RESOURCES = Instances(
    Resource,
    ["slug", "title", "note", "authors", "kind"],
    lambda keys: Resource.objects.filter(pk__in=keys),
    keys=KEYS,
)
PAPERS = Instances(
    Paper,
    ["arxiv_id", "title", "abstract", "authors"],
    lambda keys: Paper.objects.filter(pk__in=keys),
    keys=KEYS,
)
PEOPLE = Instances(
    Member,
    columns(Member),
    lambda reader, keys: Member.objects.visible_to(reader).filter(pk__in=keys),
    reader=Member,
    keys=KEYS,
)


@dataclass(frozen=True)
class Sought:
    """The words of a search, to be marked in texts."""

    query: Query

    @cached_property
    def terms(self) -> frozenset[str]:
        forms = chain.from_iterable(needed.forms for needed in self.query.needed)
        return frozenset(chain(*forms, *self.query.phrases))

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        return tuple(
            folded(needed.word) for needed in self.query.needed if needed.beginnings
        )

    @cached_property
    def spelt(self) -> tuple[str, ...]:
        """The words in small letters, as a text may have them."""
        typed = (needed.word.lower() for needed in self.query.needed)
        return tuple(dict.fromkeys(chain(typed, *self.query.phrases)))

    @cached_property
    def words(self) -> SoughtWords:
        return SoughtWords(self._is_sought, spelt=self.spelt)

    def _is_sought(self, word: Word, written: str) -> bool:
        if word.term in self.terms or not self.terms.isdisjoint(word.parts):
            return True
        return bool(self.beginnings) and folded(written).startswith(self.beginnings)

    def title(self, text: str) -> str:
        """Safe HTML."""
        return self.name(plain_title(text))

    def name(self, text: str) -> str:
        """Safe HTML of plain text."""
        return highlighted(text, self.words)

    def snippet(self, text: str) -> str:
        """Safe HTML of the part of a Markdown text where the words stand."""
        return self.name(plain(around(text, self.words), SNIPPET))


@dataclass(frozen=True, slots=True)
class Hit:
    label: str
    icon: str
    url: str
    title_html: str
    text_html: str = ""
    author: str = ""
    subject: Subject | None = None
    at: datetime | None = None
    facts: Sequence[str] = ()
    is_answered: bool = False
    person: Member | None = None


def posts(reader: Member, keys: Sequence[int], sought: Sought) -> Mapping[int, Hit]:
    found = {post.pk: post for post in POSTS(reader=reader, keys=keys)}
    ends = dict(found)
    joined = [post.joined_to_id for post in found.values() if post.joined_to_id]
    if joined:
        ends |= {post.pk: post for post in POSTS(reader=reader, keys=joined)}
    return {
        key: _post(
            ends.get(post.joined_to_id or key, post), reader, sought, asked_again=post
        )
        for key, post in found.items()
    }


def _post(post: Post, reader: Member, sought: Sought, *, asked_again: Post) -> Hit:
    """A question that is joined to another is shown as that one."""
    fold = fold_of(post, reader)
    facts = []
    if post.comment_count:
        facts.append(post.traits.comment_count(post.comment_count))
    if asked_again.pk != post.pk:
        facts.append(_("also asked as “%(title)s”") % {"title": str(asked_again)})
    return Hit(
        label=str(post.traits.label),
        icon=post.traits.icon,
        url=post.get_absolute_url(),
        title_html=_title(post, sought, fold),
        text_html=escape(fold.words) if fold else sought.snippet(text_of(post)),
        author=post.author.name,
        subject=subject_named(post.thread.kind, post.thread.key, post.paper_title_html),
        at=post.posted_at,
        facts=facts,
        is_answered=post.traits.accepts_answers
        and post.accepted_comment_id is not None,
    )


def _title(post: Post, sought: Sought, fold: FoldedText | None) -> str:
    """The title, or the first words; of a folded post without a title, its kind."""
    if title := sought.title(post.title):
        return title
    return escape(post.traits.label) if fold else sought.title(plain(post.body, 80))


def comments(reader: Member, keys: Sequence[int], sought: Sought) -> Mapping[int, Hit]:
    rows = COMMENTS(reader=reader, keys=keys)
    return {row.pk: _comment(row, reader, sought) for row in rows}


def _comment(comment: Comment, reader: Member, sought: Sought) -> Hit:
    post = comment.post
    post.is_closed = comment.is_closed  # type: ignore[misc]
    fold = fold_below(post, comment.author_id, reader)
    return Hit(
        label=_("Answer") if post.traits.accepts_answers else _("Comment"),
        icon="message-circle",
        url=comment.get_absolute_url(),
        title_html=_title(post, sought, fold_of(post, reader)),
        text_html=escape(fold.words) if fold else sought.snippet(comment.body),
        author=comment.author.name,
        subject=subject_named(post.thread.kind, post.thread.key, ""),
        at=comment.commented_at,
        is_answered=post.traits.accepts_answers
        and post.accepted_comment_id == comment.pk,
    )


def resources(reader: Member, keys: Sequence[int], sought: Sought) -> Mapping[int, Hit]:
    return {
        row.pk: Hit(
            label=_("Resource"),
            icon="book-open",
            url=reverse("curriculum:resource", args=[row.slug]),
            title_html=sought.title(row.title),
            text_html=sought.snippet(row.note),
            author=", ".join(map(str, row.authors[:3])),
            facts=[str(row.get_kind_display())],
        )
        for row in RESOURCES(keys=keys)
    }


def papers(reader: Member, keys: Sequence[int], sought: Sought) -> Mapping[int, Hit]:
    return {
        row.pk: Hit(
            label=_("Paper"),
            icon="newspaper",
            url=row.get_absolute_url(),
            title_html=sought.title(row.title),
            text_html=sought.snippet(row.abstract),
            author=", ".join(map(str, row.authors[:3])),
            facts=[row.arxiv_id],
        )
        for row in PAPERS(keys=keys)
    }


def people(reader: Member, keys: Sequence[int], sought: Sought) -> Mapping[int, Hit]:
    rows = PEOPLE(reader=reader, keys=keys)
    handles = newest_handles(keys)
    return {
        row.pk: Hit(
            label=_("Person"),
            icon="user",
            url=reverse("members:person", args=[handles[row.pk]])
            if row.pk in handles
            else "",
            title_html=sought.name(row.name),
            person=row,
        )
        for row in rows
    }


READERS: Mapping[Kind, Callable[[Member, Sequence[int], Sought], Mapping[int, Hit]]] = {
    Kind.POST: posts,
    Kind.COMMENT: comments,
    Kind.RESOURCE: resources,
    Kind.PAPER: papers,
    Kind.MEMBER: people,
}


def of_spot(spot: Spot | StepSpot, sought: Sought) -> Hit:
    if isinstance(spot, StepSpot):
        return Hit(
            label=_("Step"),
            icon="footprints",
            url=spot.get_absolute_url(),
            title_html=sought.name(spot.step.title),
            text_html=sought.snippet(spot.step.summary),
            facts=[_("Step %(n)s") % {"n": spot.step.number}, spot.curriculum],
        )
    return Hit(
        label=_("Activity"),
        icon="list-checks",
        url=spot.get_absolute_url(),
        title_html=sought.name(spot.activity.title),
        facts=[spot.step.title, spot.curriculum],
    )


def words_of_spot(spot: Spot | StepSpot) -> str:
    """As the words of a document without a text."""
    return _words_of_title(spot.title)


@lru_cache(maxsize=5_000)
def _words_of_title(title: str) -> str:
    return " ".join([*terms_of(title), END_OF_TITLE])
