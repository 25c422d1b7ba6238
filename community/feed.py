"""A page of the group's feed, or of another thread."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Case, QuerySet, TextChoices, TextField, Value, When
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from community import kinds
from community.folding import Foldable
from community.kinds.announcement import AnnouncementKind
from community.kinds.base import Filter
from community.listed import ListedPost
from community.models import Post, Thread
from community.rows import Row, rows
from community.subjects import Subject
from curriculum.outline import Outline
from lists.arguments import Kind
from lists.keyset import Cursor
from lists.statement import Statement
from members.models import Member

ROWS = 20
TWO_LINES = 80  # characters; a phone shows them on two lines


ALL = Filter("all", _("All"), lambda posts, member: posts)
MINE = Filter("mine", _("Mine"), lambda posts, member: posts.by(member))


def filters() -> list[Filter]:
    """The choices above the feed."""
    return [ALL, *kinds.filters(), MINE]


class Order(TextChoices):
    ACTIVITY = "activity", _("Active")
    NEWEST = "newest", _("New")


FIELDS = {Order.ACTIVITY: "active_at", Order.NEWEST: "posted_at"}


class PinnedAnnouncement(NamedTuple):
    """The pinned announcement above the feed: its HTML, or an excerpt of a long one."""

    pk: int
    title: str
    author_name: str
    excerpt: str
    html: str
    author_id: int = 0
    thread_kind: str = ""
    thread_key: str = ""
    is_closed: bool = False  # to the reader, see PostQuerySet.with_closed

    @property
    def is_folded(self) -> bool:
        """Whether only the beginning is shown above the feed."""
        return bool(self.excerpt) or len(strip_tags(self.html)) > TWO_LINES


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    older: Cursor | None


def feed(
    member: Member,
    *,
    subject: Subject | None = None,
    followed: Outline | None = None,
    show: Filter = ALL,
    order: Order = Order.ACTIVITY,
    cursor: Cursor | None = None,
    limit: int = ROWS,
) -> Page:
    """One page of the feed, or of the thread about `subject`. One query. `followed`: as for
    `community.rows.rows`.
    """
    given: dict[str, Any] = {"member": member}
    if subject:
        given |= {"kind": str(subject.kind), "key": str(subject.key)}
    if cursor:
        given |= {"moment": cursor.moment, "pk": cursor.pk}
    statement = list_statement(
        show, order, limit, is_thread=bool(subject), is_later=bool(cursor)
    )
    page = statement(**given)
    return Page(rows(member, page[:limit], followed), _older(page, order, limit))


@cache
def list_statement(
    show: Filter, order: Order, limit: int, *, is_thread: bool, is_later: bool
) -> Statement[ListedPost]:
    """A page of posts and one post more. Takes `kind` and `key` of a thread, and of a
    later page `moment` and `pk` of the last post before it.
    """
    kinds: dict[str, Kind] = {"member": Member}
    if is_thread:
        kinds |= {"kind": str, "key": str}
    if is_later:
        kinds |= {"moment": datetime, "pk": int}

    def build(member: Member, **given: Any) -> QuerySet[Any, Any]:
        posts = Post.objects.visible_to(member)
        if is_thread:
            posts = posts.in_thread(Thread(kind=given["kind"], key=given["key"]))
        cursor = Cursor(given["moment"], given["pk"]) if is_later else None
        field = FIELDS[order]
        posts = show.apply(posts, member).before(cursor, field)
        return posts.for_list(member).order_by(f"-{field}", "-pk")[: limit + 1]

    return Statement(ListedPost, build, **kinds)


def _older(page: list[ListedPost], order: Order, limit: int) -> Cursor | None:
    """The cursor of the next page, if `page` has one row more than `limit`."""
    if len(page) <= limit:
        return None
    last = page[limit - 1]
    return Cursor(getattr(last, FIELDS[order]), last.pk)


def listed_post(member: Member, pk: int) -> Row:
    """One post that `member` may see, as a list shows it. One query."""
    [post] = ONE_POST(member=member, pk=pk)
    return rows(member, [post])[0]


ONE_POST = Statement(
    ListedPost,
    lambda member, pk: Post.objects.visible_to(member).filter(pk=pk).for_list(member),
    member=Member,
    pk=int,
)


def notice(member: Member) -> PinnedAnnouncement | None:
    """The newest pinned announcement that `member` did not put away. One query. Without
    its text where that is folded for the member.
    """
    shown = NEWEST_PINNED.first(member=member)
    if shown is None or not shown.is_closed:
        return shown
    foldable = Foldable(
        shown.pk, AnnouncementKind.name, shown.thread_kind, shown.thread_key, True
    )
    fold = foldable.fold_of_post(is_mine=shown.author_id == member.pk)
    return shown._replace(excerpt=fold.words, html="") if fold else shown


def _newest_pinned(member: Member) -> QuerySet[Any, Any]:
    whole = Case(When(excerpt="", then="body_html"), default=Value("", TextField()))
    pinned = Post.objects.visible_to(member).pinned_for(member).order_by("-pinned_at")
    names = ("pk", "title", "author__name", "excerpt", "html", "author_id")
    of_thread = ("thread__kind", "thread__key", "is_closed")
    pinned = pinned.with_closed(member).annotate(html=whole)
    return pinned.values_list(*names, *of_thread)[:1]


NEWEST_PINNED = Statement(PinnedAnnouncement, _newest_pinned, member=Member)
