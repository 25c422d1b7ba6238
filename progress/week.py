"""A member's week, from Monday to Sunday in the member's time zone: what was studied, the
targets, and the next activity.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict

from members.models import USUAL_HOURS, Member
from progress import facts
from progress.counting import NextActivity, Standing
from progress.facts import RecordRow
from progress.models import Enrollment, Record
from progress.studied import (
    DAY,
    Span,
    Studied,
    days_done,
    read,
)
from progress.tally import standings
from progress.weights import ASPECTS, ByAspect, add_up, split, weigh

WEEK = timedelta(days=7)


class LegendRow(TypedDict):
    aspect: str
    minutes: int
    target: int
    share: int


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    minutes: int
    is_active: bool  # minutes logged or an activity done
    is_planned: bool  # one of the member's study days
    is_today: bool
    is_to_come: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday to Sunday of the member's own calendar."""

    monday: date
    minutes: ByAspect
    targets: ByAspect  # minutes; they add up to target_minutes
    target_minutes: int
    shares: ByAspect  # of each target, at most 100
    days: tuple[Day, ...]
    activities_done: int
    enrollment: Enrollment | None  # visited last
    next: NextActivity | None

    @property
    def total_minutes(self) -> int:
        return sum(self.minutes.values())

    @property
    def legend(self) -> list[LegendRow]:
        """Words and numbers beside the rings."""
        return [
            {
                "aspect": a,
                "minutes": self.minutes[a],
                "target": self.targets[a],
                "share": self.shares[a],
            }
            for a in ASPECTS
        ]

    @property
    def percent(self) -> int:
        return min(100, 100 * self.total_minutes // self.target_minutes)

    @property
    def minutes_left(self) -> int:
        return max(0, self.target_minutes - self.total_minutes)

    @property
    def active_days(self) -> int:
        return sum(day.is_active for day in self.days)


def weeks(
    members: Sequence[Member],
    now: datetime,
    *,
    days: Mapping[int, date] | None = None,
    studied: Mapping[int, Studied] | None = None,
) -> dict[int, Week]:
    """The week of each member with the next activity, by member id.

    `days` holds a day of the week for each member; without it, it is this week. Six
    queries for any number of members: enrolments, releases, records, routes, minutes,
    activities done. Four if `studied` is given.
    """
    days = days or {member.pk: member.local(now).date() for member in members}
    visited = _visited_last(members)
    known = standings(list(visited.values()))
    if members and studied is None:
        studied = read(members, _span_of(days.values()), now)
    return {
        member.pk: week_of(
            member,
            days[member.pk],
            (studied or {})[member.pk],
            visited.get(member.pk),
            known.get(visited[member.pk].pk) if member.pk in visited else None,
        )
        for member in members
    }


def week(
    member: Member,
    now: datetime,
    records: Iterable[Record | RecordRow],
    enrollment: Enrollment | None,
    standing: Standing | None,
) -> Week:
    """This week, from what a page has read. One query: minutes."""
    today = member.local(now).date()
    span = _span_of([today])
    minutes: dict[date, dict[str, int]] = {}
    for day, aspect, total in facts.minutes_of_days(
        member=member, first=span.first, last=span.last
    ):
        minutes.setdefault(day, {})[aspect] = total
    done = days_done(member, (record.done_at for record in records), now)
    return week_of(member, today, Studied(minutes, done), enrollment, standing)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(
    member: Member,
    today: date,
    studied: Studied,
    enrollment: Enrollment | None,
    standing: Standing | None,
) -> Week:
    """The week of the day `today`, a day in the member's time zone. No query."""
    monday = monday_of(today)
    week_days = [monday + n * DAY for n in range(7)]
    minutes = {day: studied.minutes[day] for day in week_days if day in studied.minutes}
    done = Counter(day for day in studied.done if monday <= day < monday + WEEK)
    coming = _coming(enrollment, standing)
    target = (member.hours_per_week or USUAL_HOURS) * 60
    targets = split(target, _mix(standing, coming, monday))
    total = add_up(minutes.values())
    return Week(
        monday=monday,
        minutes=total,
        targets=targets,
        target_minutes=target,
        shares={aspect: _reached(total[aspect], targets[aspect]) for aspect in ASPECTS},
        days=tuple(
            Day(
                on=day,
                minutes=sum(minutes.get(day, {}).values()),
                is_active=day in minutes or day in done,
                is_planned=day.weekday() in member.study_days,
                is_today=day == today,
                is_to_come=day > today,
            )
            for day in week_days
        ),
        activities_done=done.total(),
        enrollment=enrollment,
        next=coming,
    )


def _coming(
    enrollment: Enrollment | None, standing: Standing | None
) -> NextActivity | None:
    if enrollment is None or standing is None:
        return None
    return standing.next_activity(enrollment.step_key)


def _mix(
    standing: Standing | None, coming: NextActivity | None, monday: date
) -> ByAspect:
    """What the target is weighed by.

    By the current step: a look back at a finished step does not change what the week
    asks for.
    """
    if standing is None:
        return {}
    if standing.carried.week == monday:
        # The member moved this week: its rings go on as they were.
        return standing.carried.mix
    if coming is None:
        return {}
    return weigh(standing.core(coming.step).values())


def _reached(minutes: int, target: int) -> int:
    if not target:
        return 100 * bool(minutes)
    return min(100, 100 * minutes // target)


def _visited_last(members: Sequence[Member]) -> dict[int, Enrollment]:
    by_pk = {member.pk: member for member in members}
    rows = Enrollment.objects.current().filter(member__in=members)
    visited: dict[int, Enrollment] = {}
    for enrollment in rows.newest_visit_first().select_related("curriculum"):
        enrollment.member = by_pk[enrollment.member_id]
        visited.setdefault(enrollment.member_id, enrollment)
    return visited


def _span_of(days: Iterable[date]) -> Span:
    """The weeks that the days are in."""
    mondays = [monday_of(day) for day in days]
    return Span(min(mondays), max(mondays) + 6 * DAY)
