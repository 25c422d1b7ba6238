"""Sessions as pages have them, read together with what the member has not read.

The count is a subquery of the statement that reads the session and the member, so no
page asks one query more for it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.models import Post
from members import sessions
from members.models import Member
from notifications.announcements import ReadState
from notifications.models import Notification
from notifications.unread import MOST, Unread
from progress import sessions as progress

STATE = ["user__read_announcements__until", "user__read_announcements__posts"]
COLUMNS = [*progress.COLUMNS, "unread_count", "has_news", *STATE]


class CountOfRows(Subquery):
    """How many rows a queryset has. It is cut, so that no more than that are read."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def unread_of(member: OuterRef) -> CountOfRows:
    """How many things the member has not read, at most MOST.

    The member is known to the database only, so this cannot ask `visible_to`: it says
    itself that a text was removed. Whatever else hides a text from one member must mark
    what the member was told of it as read.
    """
    rows = (
        Notification.objects.unread()
        .still_true()
        .filter(member=member, post__removed_at=None, comment__removed_at=None)
    )
    return CountOfRows(rows.values("pk")[:MOST])


def announced_since() -> Exists:
    """Whether anything was announced since the moment until which the member has read all.

    This is a quick look. Which announcements they are is for `announcements.unread`.
    """
    until = Coalesce(OuterRef(STATE[0]), OuterRef("user__joined_at"))
    return Exists(Post.objects.announced_since(until).filter(removed_at=None))


def signed_in(key: str, now: datetime) -> QuerySet[UserSession]:
    """As in progress.sessions, with the number of unread notifications and the state of
    the announcements.
    """
    rows = progress.signed_in(key, now)
    return rows.annotate(
        unread_count=unread_of(OuterRef("user")), has_news=announced_since()
    )


class SessionStore(progress.SessionStore):
    statement = sessions.statement(signed_in, COLUMNS)

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.unread: dict[int, Unread] = {}
        """What the session's member has not read, by member id."""

    def take(self, row: Sequence[Any]) -> Member:
        member = super().take(row[: len(progress.COLUMNS)])
        count, has_news, until, posts = row[len(progress.COLUMNS) :]
        state = ReadState.of(member, until, posts)
        self.unread[member.pk] = Unread(count, state, has_news)
        return member
