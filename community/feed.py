"""The group's feed: which posts, in which order, one page of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Subquery, TextChoices, TextField, Value, When
from django.db.models.functions import JSONObject
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from community import kinds
from community.kinds.base import Filter
from community.models import Comment, Post, PostQuerySet
from community.reactions import Button, buttons
from community.subjects import PaperRef, StepRef, Subject, subject_of, thread_of
from lists.keyset import Cursor
from members.models import Member

ROWS = 20
TWO_LINES = 80  # characters that a phone shows on two lines


ALL = Filter("all", _("All"), lambda posts, member: posts)
MINE = Filter("mine", _("Mine"), lambda posts, member: posts.by(member))


def filters() -> list[Filter]:
    """The choices above the feed."""
    return [ALL, *kinds.filters(), MINE]


class Order(TextChoices):
    ACTIVITY = "activity", _("Active")
    NEWEST = "newest", _("New")


FIELDS = {Order.ACTIVITY: "active_at", Order.NEWEST: "posted_at"}


@dataclass(frozen=True, slots=True)
class Row:
    """A post in a list, with all that the list shows of it."""

    post: Post
    subject: Subject | None
    buttons: list[Button]
    details: Any = None  # what its kind adds to the row

    @property
    def step(self) -> StepRef | None:
        return self.subject if isinstance(self.subject, StepRef) else None

    @property
    def paper(self) -> PaperRef | None:
        return self.subject if isinstance(self.subject, PaperRef) else None

    @property
    def answer(self) -> Comment | None:
        """The accepted answer, unless it was removed."""
        answer = self.post.accepted_comment
        return answer if answer and not answer.removed_at else None

    @property
    def more_answers(self) -> int:
        return self.post.comment_count - (1 if self.answer else 0)


@dataclass(frozen=True, slots=True)
class Notice:
    """The pinned announcement, as the top of the feed shows it: its HTML, or an excerpt
    of a long one.
    """

    pk: int
    title: str
    author: str
    excerpt: str
    html: str

    @property
    def is_folded(self) -> bool:
        """Whether the top of the feed shows only how it begins."""
        return bool(self.excerpt) or len(strip_tags(self.html)) > TWO_LINES


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    older: Cursor | None
    notice: Notice | None


def feed(
    member: Member,
    *,
    subject: Subject | None = None,
    show: Filter = ALL,
    order: Order = Order.ACTIVITY,
    cursor: Cursor | None = None,
    with_notice: bool = False,
) -> Page:
    """One page of the feed, or of the thread about `subject`; the notice comes along where
    asked for. One query.
    """
    field = FIELDS[order]
    visible = Post.objects.visible_to(member)
    posts = visible.in_thread(thread_of(subject)) if subject else visible
    posts = (
        show.apply(posts, member)
        .before(cursor, field)
        .for_list(member)
        .order_by(f"-{field}", "-pk")
    )
    if with_notice:
        posts = posts.annotate(notice=_newest_pinned(visible.pinned_for(member)))
    page = list(posts[: ROWS + 1])
    return Page(rows(page[:ROWS]), _older(page, field), _notice(page))


def _older(page: list[Post], field: str) -> Cursor | None:
    """Where the next page begins, if `page` has one row too many."""
    if len(page) <= ROWS:
        return None
    last = page[ROWS - 1]
    return Cursor(getattr(last, field), last.pk)


def _notice(page: list[Post]) -> Notice | None:
    facts = getattr(page[0], "notice", None) if page else None
    return Notice(**facts) if facts else None


def rows(posts: Iterable[Post]) -> list[Row]:
    """Posts from `PostQuerySet.for_list(reader)`. No query, unless kinds add some."""
    posts = list(posts)
    details = _details(posts)
    return [
        Row(post, subject_of(post), buttons(post), details.get(post.pk))
        for post in posts
    ]


def _details(posts: Sequence[Post]) -> dict[int, Any]:
    """What the kinds add to their rows. A query at most for each kind on the page."""
    details: dict[int, Any] = {}
    for name in {post.kind for post in posts}:
        of_kind = [post for post in posts if post.kind == name]
        details.update(kinds.of(name).details_of(of_kind))
    return details


def _newest_pinned(posts: PostQuerySet) -> Subquery:
    """The pinned announcement beside every row, which the database looks up once: a
    query less for the page.
    """
    facts = JSONObject(
        pk="pk",
        title="title",
        author="author__name",
        excerpt="excerpt",
        html=Case(When(excerpt="", then="body_html"), default=Value("", TextField())),
    )
    return Subquery(posts.order_by("-pinned_at").values(facts=facts)[:1])
