"""Reminders that are due, for the mail of a day."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import chain

from bookmarks import things
from bookmarks.keys import ThingKey
from bookmarks.models import Bookmark
from bookmarks.things import Thing, Things
from community.models import Post
from members.audience import Audience, audiences_of
from members.models import Member

Rows = Mapping[int, Sequence[Bookmark]]  # by member id


@dataclass(frozen=True, slots=True)
class Reminder:
    bookmark: int  # its id, for `actions.mark_named`
    remind_on: date
    thing: Thing
    note: str


def reminders_due(
    members: Sequence[Member], days: Mapping[int, date]
) -> dict[int, list[Reminder]]:
    """What the daily mail of each member names, the earliest day first, by
    member id; members without any are left out. `days` is each member's
    local day, by member id.

    Holds what the member may see now. Once the mail is written,
    `actions.mark_named` must be called with the ids of its bookmarks: they
    are named once.

    One query for any number of members, where none has a reminder due;
    else one more for each audience and kind of thing.
    """
    if not days:
        return {}
    due = Bookmark.objects.to_name(max(days.values())).filter(member__in=list(days))
    return _read(members, _by_member(due, lambda row: _day(row) <= days[row.member_id]))


def reminders_named(
    members: Sequence[Member], bookmarks: Iterable[int]
) -> dict[int, list[Reminder]]:
    """Of what a mail has named, what is still to be said when it is built:
    without what was done, removed, opened or given another day since, and
    what its member may no longer see. By member id. The same queries, none
    for no bookmarks.
    """
    keys = list(bookmarks)
    if not keys:
        return {}
    rows = Bookmark.objects.open().filter(
        pk__in=keys,
        member__in=[member.pk for member in members],
        reminded_on__isnull=False,
        opened_on=None,
    )
    return _read(members, _by_member(rows, lambda row: True))


def next_days(days: Mapping[int, date]) -> dict[int, date]:
    """The next day with a reminder of each member who has one, of those
    that mail has looked at, by member id. `days` is each member's local
    day. One query.
    """
    rows = Bookmark.objects.unnamed().filter(member__in=list(days), to_mail=False)
    found: dict[int, date] = {}
    for pk, day in rows.order_by("remind_on").values_list("member_id", "remind_on"):
        if day and day > days[pk]:
            found.setdefault(pk, day)
    return found


def _day(row: Bookmark) -> date:
    return row.remind_on or date.max


def _by_member(
    rows: Iterable[Bookmark], is_wanted: Callable[[Bookmark], bool]
) -> dict[int, list[Bookmark]]:
    found: dict[int, list[Bookmark]] = {}
    for row in sorted(rows, key=lambda row: (_day(row), row.pk)):
        if is_wanted(row):
            found.setdefault(row.member_id, []).append(row)
    return found


def _read(members: Sequence[Member], rows: Rows) -> dict[int, list[Reminder]]:
    """What the rows name, as far as their members may see it."""
    if not rows:
        return {}
    reminded = [member for member in members if member.pk in rows]
    hidden = Post.objects.hidden_from(reminded)
    found: dict[int, list[Reminder]] = {}
    for audience, its_members in _by_audience(reminded).items():
        of_members = chain.from_iterable(rows[pk] for pk in its_members)
        keys = [_key(row) for row in of_members]
        seen = things.for_audience(audience, keys)
        for pk in its_members:
            reminders = _reminders(rows[pk], seen, hidden.get(pk, frozenset()))
            if reminders:
                found[pk] = reminders
    return found


def _key(row: Bookmark) -> ThingKey:
    return ThingKey(row.kind, row.key)


def _by_audience(members: Sequence[Member]) -> dict[Audience, list[int]]:
    groups: dict[Audience, list[int]] = {}
    for pk, audience in audiences_of(members).items():
        groups.setdefault(audience, []).append(pk)
    return groups


def _reminders(
    rows: Sequence[Bookmark], seen: Things, hidden: Set[int]
) -> list[Reminder]:
    reminders = []
    for row in rows:
        thing = seen.get(_key(row))
        if thing and thing.post not in hidden:
            reminders.append(Reminder(row.pk, _day(row), thing, row.note))
    return reminders
