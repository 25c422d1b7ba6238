"""How much a member has not read, for the bell and the title of every page."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from look.frame import MANY, Bell
from members.models import Member
from notifications import announcements
from notifications.announcements import ReadState
from notifications.models import Notification, ReadAnnouncements

MOST = MANY  # that are counted


@dataclass(slots=True)
class Unread:
    """What was not read when the request began. A page that reads something changes it."""

    count: int  # of notifications, at most MOST
    state: ReadState
    has_news: bool  # whether an announcement may be unread

    def total(self, member: Member, now: datetime) -> int:
        """With announcements; at most MOST."""
        news = announcements.unread(member, self.state, now) if self.has_news else []
        return min(MOST, self.count + len(news))


def of(request: HttpRequest) -> Unread:
    """What the member of the request has not read, as it was read with the session.

    Two queries where the session was read as Django reads it.
    """
    session: Any = request.session
    kept: dict[int, Unread] = getattr(session, "unread", {})
    member: Any = request.user
    if member.pk not in kept:
        kept[member.pk] = read(member)
    return kept[member.pk]


def read(member: Member) -> Unread:
    """The same from the database. Two queries."""
    rows = Notification.objects.visible_to(member).unread()
    count = rows.values("pk")[:MOST].count()
    until, posts = (
        ReadAnnouncements.objects.filter(member=member)
        .values_list("until", "posts")
        .first()
    ) or (None, None)
    return Unread(count, ReadState.of(member, until, posts), has_news=True)


def total(request: HttpRequest) -> int:
    """How much the member of the request has not read, at most MOST; 0 for a visitor, and
    for a request that was refused before its session was read.
    """
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not hasattr(request, "session"):
        return 0
    return of(request).total(user, timezone.now())


def in_templates(request: HttpRequest) -> dict[str, Any]:
    """A context processor: pages call `unread()` and, in their title, `title_mark()`."""
    return {
        "unread": partial(total, request),
        "title_mark": partial(title_mark, request),
    }


def title_mark(request: HttpRequest) -> str:
    """What a title begins with, as in “(4) ”; empty where all was read."""
    count = total(request)
    return f"({Bell(count).in_words}) " if count else ""
