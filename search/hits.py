"""Single results as the page shows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Comment, Post
from community.subjects import Subject, subject_named
from curriculum.finding import Spot, StepSpot
from curriculum.models import Resource
from documents.models import END_OF_TITLE, SearchDocument
from documents.query import Query
from members.models import Member
from papers.models import Paper
from text import plain, plain_title
from text.highlight import around, highlighted
from text.terms import Word, terms_of
from text.typed import folded

SNIPPET = 280  # characters
Kind = SearchDocument.Kind


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

    def __call__(self, word: Word, written: str) -> bool:
        if word.term in self.terms or not self.terms.isdisjoint(word.parts):
            return True
        return bool(self.beginnings) and folded(written).startswith(self.beginnings)

    def title(self, text: str) -> str:
        """Safe HTML."""
        return highlighted(plain_title(text), self)

    def snippet(self, text: str) -> str:
        """Safe HTML of the part of a Markdown text where the words stand."""
        return highlighted(plain(around(text, self), SNIPPET), self)


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


def posts(reader: Member, keys: Iterable[int], sought: Sought) -> Mapping[int, Hit]:
    rows = Post.objects.visible_to(reader).with_thread().select_related("author")
    return {post.pk: _post(post, sought) for post in rows.filter(pk__in=keys)}


def _post(post: Post, sought: Sought) -> Hit:
    return Hit(
        label=str(post.traits.label),
        icon=post.traits.icon,
        url=post.get_absolute_url(),
        title_html=sought.title(post.title) or sought.title(plain(post.body, 80)),
        text_html=sought.snippet(post.body),
        author=post.author.name,
        subject=subject_named(post.thread.kind, post.thread.key, post.paper_title_html),
        at=post.posted_at,
        facts=[post.traits.comment_count(post.comment_count)]
        if post.comment_count
        else [],
        is_answered=post.accepted_comment_id is not None,
    )


def comments(reader: Member, keys: Iterable[int], sought: Sought) -> Mapping[int, Hit]:
    rows = Comment.objects.visible_to(reader).select_related("author", "post__thread")
    return {row.pk: _comment(row, sought) for row in rows.filter(pk__in=keys)}


def _comment(comment: Comment, sought: Sought) -> Hit:
    post = comment.post
    return Hit(
        label=_("Answer") if post.traits.accepts_answers else _("Comment"),
        icon="message-circle",
        url=comment.get_absolute_url(),
        title_html=sought.title(post.title) or sought.title(plain(post.body, 80)),
        text_html=sought.snippet(comment.body),
        author=comment.author.name,
        subject=subject_named(post.thread.kind, post.thread.key, ""),
        at=comment.commented_at,
        is_answered=post.accepted_comment_id == comment.pk,
    )


def resources(reader: Member, keys: Iterable[int], sought: Sought) -> Mapping[int, Hit]:
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
        for row in Resource.objects.filter(pk__in=keys)
    }


def papers(reader: Member, keys: Iterable[int], sought: Sought) -> Mapping[int, Hit]:
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
        for row in Paper.objects.filter(pk__in=keys)
    }


def people(reader: Member, keys: Iterable[int], sought: Sought) -> Mapping[int, Hit]:
    rows = Member.objects.visible_to(reader).filter(pk__in=keys)
    return {
        row.pk: Hit(
            label=_("Person"),
            icon="user",
            url="",
            title_html=highlighted(row.name, sought),
            person=row,
        )
        for row in rows
    }


READERS: Mapping[Kind, Callable[[Member, Iterable[int], Sought], Mapping[int, Hit]]] = {
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
            title_html=highlighted(spot.step.title, sought),
            text_html=sought.snippet(spot.step.summary),
            facts=[_("Step %(n)s") % {"n": spot.step.number}, spot.curriculum],
        )
    return Hit(
        label=_("Activity"),
        icon="list-checks",
        url=spot.get_absolute_url(),
        title_html=highlighted(spot.activity.title, sought),
        facts=[spot.step.title, spot.curriculum],
    )


def words_of_spot(spot: Spot | StepSpot) -> str:
    """As the words of a document without a text."""
    return " ".join([*terms_of(spot.title), END_OF_TITLE])
