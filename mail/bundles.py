"""The content of a daily mail, and of a mail at once: what is unread in the app.

The content is stored in the delivery as ids. What was said is read when the mail is built.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from bookmarks.due import reminders_due
from community.models import Post
from mail.due.turns import SHORT_WHILE
from mail.reminders import Quiet
from members.audience import Audience, audiences_of
from members.models import Member
from notifications.announcements import ReadState, Timed
from notifications.models import Notification, ReachWay, ReadAnnouncements
from notifications.reaching import ANNOUNCEMENT, NO_CHOICE, Ways, ways_of

Way = ReachWay
WINDOW = timedelta(days=8)  # what is older and was not mailed is left to the app
ANNOUNCED_WITHIN = timedelta(days=3)
MOST = 40  # things in one mail; the rest is counted
MOST_REMINDERS = 20
DAILY, AT_ONCE = frozenset({Way.BUNDLE, Way.ONCE}), frozenset({Way.ONCE})


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a mail is about. The ids are those of notifications, posts and bookmarks."""

    notifications: tuple[int, ...] = ()
    announcements: tuple[int, ...] = ()
    more: int = 0  # that are in the app only
    reminders: tuple[int, ...] = ()
    more_reminders: int = 0  # that are on the list of the member only
    away: Quiet | None = None
    pause_ends: date | None = None
    stands_in: str = ""  # for what is not shown to who looks at the mail

    def as_content(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "notifications": list(self.notifications),
            "announcements": list(self.announcements),
            "more": self.more,
        }
        if self.reminders:
            content["reminders"] = list(self.reminders)
            content["more_reminders"] = self.more_reminders
        if self.away:
            content["away"] = self.away.as_content()
        if self.pause_ends:
            content["pause_ends"] = self.pause_ends.isoformat()
        return content

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Bundle":
        away, ends = content.get("away"), content.get("pause_ends")
        return cls(
            notifications=tuple(content["notifications"]),
            announcements=tuple(content["announcements"]),
            more=content.get("more", 0),
            reminders=tuple(content.get("reminders", ())),
            more_reminders=content.get("more_reminders", 0),
            away=Quiet.from_content(away) if away else None,
            pause_ends=date.fromisoformat(ends) if ends else None,
            stands_in=content.get("stands_in", ""),
        )


class Unmailed(NamedTuple):
    """A notification that was neither read nor mailed."""

    pk: int
    member_id: int
    kind: str


class _NewAnnouncement(NamedTuple):
    post_id: int
    author_id: int
    moment: datetime


@dataclass(slots=True)
class Waiting:
    """What waits for a mail to one member."""

    notifications: list[int] = field(default_factory=list)
    announcements: list[int] = field(default_factory=list)
    reminders: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.notifications or self.announcements or self.reminders)

    def bundle(self) -> Bundle:
        shown, named = self.notifications[:MOST], self.reminders[:MOST_REMINDERS]
        return Bundle(
            notifications=tuple(shown),
            announcements=tuple(self.announcements),
            more=len(self.notifications) - len(shown),
            reminders=tuple(named),
            more_reminders=len(self.reminders) - len(named),
        )


def waiting(
    members: Sequence[Member],
    since: Mapping[int, datetime | None],
    now: datetime,
    *,
    at_once: bool = False,
) -> dict[int, Waiting]:
    """What waits for a mail to each of the members, by member id; with `at_once`, only
    what they want at once.

    `since` is the moment until which announcements were mailed. Five queries for any
    number of members, and one for each audience; two with `at_once`. Those of
    `reminders_due` are added where a reminder is due.
    """
    ways = ways_of(members)
    wanted = AT_ONCE if at_once else DAILY
    found = {member.pk: Waiting() for member in members}
    for each in _unread(members, now):
        if ways.get(each.member_id, NO_CHOICE).of_kind(each.kind) in wanted:
            found[each.member_id].notifications.append(each.pk)
    if not at_once:
        for pk, posts in _announced(members, ways, since, now).items():
            found[pk].announcements += posts
        for pk, reminders in reminders_due(members, local_days(members, now)).items():
            found[pk].reminders += [each.bookmark for each in reminders]
    return found


def local_days(members: Iterable[Member], now: datetime) -> dict[int, date]:
    """Which day it is where each member is, by member id."""
    return {member.pk: member.local(now).date() for member in members}


def _unread(members: Sequence[Member], now: datetime) -> Iterable[Unmailed]:
    rows = Notification.objects.unread().filter(
        member__in=members,
        to_mail=False,
        mailed_at=None,
        happened_at__gt=now - WINDOW,
        happened_at__lte=now - SHORT_WHILE,
    )
    rows = rows.order_by("member_id", "-happened_at", "-pk")
    return [Unmailed(*row) for row in rows.values_list(*Unmailed._fields)]


def _announced(
    members: Sequence[Member],
    ways: Mapping[int, Ways],
    since: Mapping[int, datetime | None],
    now: datetime,
) -> dict[int, list[int]]:
    """The announcements of which each member was not told, newest first."""
    wanting = [
        member
        for member in members
        if ways.get(member.pk, NO_CHOICE).of(ANNOUNCEMENT) in DAILY
    ]
    states, audiences = read_states(wanting), audiences_of(wanting)
    hidden = Post.objects.hidden_from(wanting)
    rows = {
        audience: _announcements(audience, now) for audience in {*audiences.values()}
    }
    found = {}
    for member in wanting:
        passed = hidden.get(member.pk, frozenset())
        begin = max(since.get(member.pk) or member.joined_at, now - ANNOUNCED_WITHIN)
        found[member.pk] = [
            each.post_id
            for each in rows[audiences[member.pk]]
            if each.moment > begin
            and each.author_id != member.pk
            and is_news(each, states[member.pk], passed)
        ]
    return found


def is_news(each: Timed, state: ReadState, hidden: Collection[int]) -> bool:
    return not state.has_read(each) and each.post_id not in hidden


def _announcements(audience: Audience, now: datetime) -> list[_NewAnnouncement]:
    since = now - ANNOUNCED_WITHIN
    posts = Post.objects.visible_to_audience(audience).announced_since(since)
    rows = posts.filter(posted_at__lte=now - SHORT_WHILE).order_by("-posted_at", "-pk")
    return [
        _NewAnnouncement(*row)
        for row in rows.values_list("pk", "author_id", "posted_at")
    ]


def read_states(members: Sequence[Member]) -> dict[int, ReadState]:
    """Which announcements each member has read, by member id. One query."""
    rows = ReadAnnouncements.objects.filter(member__in=members)
    stored = {pk: rest for pk, *rest in rows.values_list("member_id", "until", "posts")}
    return {
        member.pk: ReadState.of(member, *stored.get(member.pk, (None, None)))
        for member in members
    }
