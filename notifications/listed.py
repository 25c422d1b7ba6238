"""What a member was told of, newest first: a page of rows and of announcements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    OuterRef,
    QuerySet,
    TextChoices,
    TextField,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from community.folding import Foldable, FoldedText
from community.kinds.announcement import AnnouncementKind
from community.models import Post, with_closed
from lists import keyset
from lists.arguments import Kind as ArgumentKind
from lists.keyset import Cursor
from lists.statement import Statement
from members.models import Member
from notifications.announcements import KEPT, MOST, ReadState
from notifications.models import Notification, level_of

ROWS = 30
Kind = Notification.Kind


class Show(TextChoices):
    """What the page is limited to."""

    ALL = "", _("All")
    UNREAD = "unread", _("Unread")
    ANSWERS = "answers", _("Answers to me")
    MENTIONS = "mentions", _("Mentions")
    ANNOUNCEMENTS = "announcements", _("Announcements")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of rows that it is limited to; empty for all."""
        return KINDS.get(self, ())

    @property
    def has_rows(self) -> bool:
        return self is not Show.ANNOUNCEMENTS

    @property
    def has_announcements(self) -> bool:
        return not self.kinds


KINDS: dict[Show, tuple[str, ...]] = {
    Show.ANSWERS: (Kind.ANSWER, Kind.REPLY, Kind.HELPED),
    Show.MENTIONS: (Kind.MENTION,),
}


class Told(NamedTuple):
    """The columns of a notification that are shown."""

    pk: int
    kind: str
    happened_at: datetime
    read_at: datetime | None
    comments_before: int
    post_id: int
    post_kind: str
    post_title: str
    post_author_id: int
    post_author_name: str
    post_author_email: str
    post_comment_count: int
    post_helped_count: int
    post_same_count: int
    post_thread_kind: str
    post_thread_key: str
    comment_id: int | None
    comment_author_id: int | None
    comment_author_name: str | None
    comment_author_email: str | None
    comment_helped_count: int | None
    excerpt: str | None  # of a comment, or of a post that mentions the member
    words: str | None  # the Markdown of what has no excerpt
    level: str | None
    is_closed: bool = False  # to the member, see PostQuerySet.with_closed

    @property
    def actor_name(self) -> str:
        """Who said it; empty for what nobody in particular did. What a post itself says
        is its author's.
        """
        if self.comment_id is None and self.kind == Notification.Kind.MENTION:
            return self.post_author_name
        return self.comment_author_name or ""

    @property
    def moment(self) -> datetime:
        return self.happened_at

    @property
    def fold(self) -> FoldedText | None:
        """What stands in place of the words of the comment, unless they are shown."""
        foldable = Foldable(
            self.post_id,
            self.post_kind,
            self.post_thread_kind,
            self.post_thread_key,
            self.is_closed,
        )
        return foldable.fold_of_comment(is_mine=False)


class Announced(NamedTuple):
    """The columns of an announcement that are shown."""

    post_id: int
    post_kind: str
    post_title: str
    moment: datetime
    post_author_id: int
    post_author_name: str
    post_author_email: str
    level: str | None
    kind: str = AnnouncementKind.name
    pk: int = 0  # below every row of the same moment


@dataclass(frozen=True, slots=True)
class ToldPage:
    """Rows and announcements, newest first."""

    shown: Sequence[Told | Announced]
    older: Cursor | None  # of the next page


def page(
    member: Member,
    state: ReadState,
    *,
    show: Show = Show.ALL,
    cursor: Cursor | None = None,
    now: datetime,
    most: int = ROWS,
) -> ToldPage:
    """One page of what `member` was told of in the last 90 days, and may still see.

    Two queries, or one where `show` has no announcements or nothing else.
    """
    rows = _rows(member, show, cursor, most + 1) if show.has_rows else []
    since = now - KEPT
    if show.has_announcements:
        rows += [
            each
            for each in _announced(member, since)
            if _follows(each, cursor)
            and not (show is Show.UNREAD and state.has_read(each))
        ]
    rows = [each for each in rows if each.moment > since]
    rows.sort(key=lambda each: (each.moment, each.pk), reverse=True)
    shown = rows[:most]
    older = Cursor(shown[-1].moment, shown[-1].pk) if len(rows) > most else None
    return ToldPage(shown, older)


def _follows(each: Announced, cursor: Cursor | None) -> bool:
    """Whether it comes after the cursor. The cursor of an announcement has the key 0."""
    if cursor is None:
        return True
    return (each.moment, each.pk) < (cursor.moment, cursor.pk)


def _rows(
    member: Member, show: Show, cursor: Cursor | None, most: int
) -> list[Told | Announced]:
    given: dict[str, Any] = {"member": member}
    if cursor:
        given |= {"moment": cursor.moment, "pk": cursor.pk}
    return [*rows_statement(show, most, is_later=bool(cursor))(**given)]


@cache
def rows_statement(show: Show, most: int, *, is_later: bool) -> Statement[Told]:
    """The newest rows; of a later page, those after `moment` and `pk`."""
    kinds: dict[str, ArgumentKind] = {"member": Member}
    if is_later:
        kinds |= {"moment": datetime, "pk": int}

    def build(member: Member, **cursor: Any) -> QuerySet[Any, Any]:
        rows = Notification.objects.visible_to(member)
        if show is Show.UNREAD:
            rows = rows.unread()
        if show.kinds:
            rows = rows.filter(kind__in=show.kinds)
        if cursor:
            rows = keyset.before(rows, "happened_at", **_bound(**cursor))
        level = level_of(member, OuterRef("post"))
        rows = with_closed(rows, member, "post__")
        rows = rows.annotate(**words_said(), level=level)
        return rows.order_by("-happened_at", "-pk").values_list(*columns())[:most]

    return Statement(Told, build, **kinds)


def _bound(moment: datetime, pk: int) -> dict[str, Any]:
    return {"value": moment, "pk": pk}


IN_POST: dict[str, Any] = {"comment": None, "kind": Kind.MENTION}


def words_said() -> dict[str, Case]:
    """Annotations of notifications: the `excerpt` of what was said, which is a comment, or
    the post itself where it mentions the member; and as `words` the Markdown of what has
    no excerpt, empty for others.
    """
    empty = Value("", TextField())
    excerpt = When(**IN_POST, then="post__excerpt")
    of_post = When(**IN_POST, post__excerpt="", then="post__body")
    of_comment = When(comment__excerpt="", then="comment__body")
    text: dict[str, Any] = {"output_field": TextField()}
    return {
        "excerpt": Case(excerpt, default="comment__excerpt", **text),
        "words": Case(of_post, of_comment, default=empty, **text),
    }


def columns() -> list[str]:
    """The columns of `Told`, as the ORM names them."""
    author = ("name", "email")
    return [
        *"pk kind happened_at read_at comments_before post_id".split(),
        *"post__kind post__title post__author_id".split(),
        *(f"post__author__{name}" for name in author),
        *(f"post__{name}_count" for name in ("comment", "helped", "same")),
        *"post__thread__kind post__thread__key".split(),
        *"comment_id comment__author_id".split(),
        *(f"comment__author__{name}" for name in author),
        *"comment__helped_count excerpt words level is_closed".split(),
    ]


class _Announcement(NamedTuple):
    pk: int
    kind: str
    title: str
    posted_at: datetime
    author_id: int
    author_name: str
    author_email: str
    level: str | None


ANNOUNCED = Statement(
    _Announcement,
    lambda member, since: (
        Post.objects.visible_to(member)
        .announced_since(since)
        .annotate(level=level_of(member, OuterRef("pk")))
        .order_by("-posted_at", "-pk")
        .values_list(
            *("pk", "kind", "title", "posted_at"),
            *("author_id", "author__name", "author__email", "level"),
        )[:MOST]
    ),
    member=Member,
    since=datetime,
)


def _announced(member: Member, since: datetime) -> list[Announced]:
    return [Announced(*row) for row in ANNOUNCED(member=member, since=since)]
