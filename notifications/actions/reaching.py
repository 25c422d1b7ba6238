"""How a member wants to hear of each group of kinds."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.db import transaction

from members.models import Member
from notifications.models import Notification, Reach, ReadAnnouncements
from notifications.reaching import (
    ANNOUNCEMENT,
    BY_NAME,
    NO_CHOICE,
    Way,
    group_of,
    ways_of,
)

FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)


@transaction.atomic
def choose_ways(member: Member, ways: Mapping[str, str], *, now: datetime) -> bool:
    """Store the ways, by group. Return whether any of them is new.

    What a member wants to hear nothing of is read: unread things of these kinds are
    marked as read, and all announcements count as read.
    """
    before = ways_of([member]).get(member.pk, NO_CHOICE)
    new = {name: way for name, way in ways.items() if before.of(name) != way}
    for name, way in new.items():
        Reach.objects.update_or_create(
            member=member, group=name, defaults={"way": Way(way)}
        )
    _end([name for name, way in new.items() if way == Way.NEVER], member, now)
    if new.get(ANNOUNCEMENT) and new[ANNOUNCEMENT] != Way.NEVER:
        endless = ReadAnnouncements.objects.filter(member=member, until=FOR_EVER)
        endless.update(until=now)
    return bool(new)


def _end(groups: Iterable[str], member: Member, now: datetime) -> None:
    for name in groups:
        told = Notification.objects.filter(member=member)
        told.filter(kind__in=BY_NAME[name].kinds).mark_read(now)
        if name == ANNOUNCEMENT:
            ReadAnnouncements.objects.update_or_create(
                member=member, defaults={"until": FOR_EVER, "posts": []}
            )


@transaction.atomic
def mail_nothing_at_once(member: Member) -> int:
    """Put what is mailed at once into the daily mail. Return how many groups it was."""
    at_once = Reach.objects.filter(member=member, way=Way.ONCE)
    return at_once.update(way=Way.BUNDLE)


def unwanted(pairs: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of the pairs of member and kind of which the member wants to hear nothing.

    One query.
    """
    groups = {
        (member, kind): group.name
        for member, kind in set(pairs)
        if (group := group_of(kind))
    }
    rows = Reach.objects.never().filter(
        group__in=set(groups.values()), member__in={member for member, _kind in groups}
    )
    never = set(rows.values_list("member", "group"))
    return {pair for pair, name in groups.items() if (pair[0], name) in never}
