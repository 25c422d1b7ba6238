"""What members studied in some days of their own calendars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Sum

from members.models import Member
from progress.facts import LoggedRow
from progress.models import LoggedTime, Record
from progress.weights import ASPECTS, ByAspect

DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days of a member's own calendar, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Studied:
    """What a member studied in some days."""

    minutes: Mapping[date, ByAspect]
    done: Sequence[date]  # the day of each activity done


def read(members: Sequence[Member], span: Span, now: datetime) -> dict[int, Studied]:
    """What each member studied in the span, up to `now`, by member id. Two queries."""
    minutes = logged_by_day(members, span)
    done = _days_done(members, span, now)
    return {
        member.pk: Studied(minutes.get(member.pk, {}), done.get(member.pk, []))
        for member in members
    }


def days_done(
    member: Member, moments: Iterable[datetime | None], now: datetime
) -> list[date]:
    """The day of each moment, from those that were read already; none after `now`."""
    return [member.local(at).date() for at in moments if at and at <= now]


def minutes_by_day(logged: Iterable[LoggedRow]) -> dict[date, dict[str, int]]:
    """Minutes by day and aspect, from entries that were read already."""
    days: dict[date, dict[str, int]] = {}
    for entry in logged:
        day = days.setdefault(entry.studied_on, dict.fromkeys(ASPECTS, 0))
        day[entry.aspect] += entry.minutes
    return days


def logged_by_day(
    members: Sequence[Member], span: Span
) -> dict[int, dict[date, dict[str, int]]]:
    rows = LoggedTime.objects.counted().filter(
        member__in=members, studied_on__range=span
    )
    by_day = rows.order_by().values_list("member_id", "studied_on", "aspect")
    minutes: dict[int, dict[date, dict[str, int]]] = {}
    for member_id, day, aspect, total in by_day.annotate(Sum("minutes")):
        minutes.setdefault(member_id, {}).setdefault(day, {})[aspect] = total
    return minutes


def _days_done(
    members: Sequence[Member], span: Span, now: datetime
) -> dict[int, list[date]]:
    by_pk = {member.pk: member for member in members}
    # A day more on both sides: the span is one of every member's own calendar.
    earliest = now - (now.date() - span.first) - 2 * DAY
    rows = Record.objects.filter(
        member__in=members, done_at__gt=earliest, done_at__lte=now
    )
    days: dict[int, list[date]] = {}
    for member_id, done_at in rows.values_list("member_id", "done_at"):
        assert done_at  # as filtered
        day = by_pk[member_id].local(done_at).date()
        if span.first <= day <= span.last:
            days.setdefault(member_id, []).append(day)
    return days
