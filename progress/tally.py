"""How far members are, and their week: counted from releases, records and minutes, never stored.

Each question takes a fixed number of queries for any number of members.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from curriculum.models import Release
from members.models import Member
from progress.counting import (
    ASPECTS,
    ByAspect,
    CurriculumTally,
    Marks,
    NextActivity,
    Standing,
    StepTally,
    active_routes,
    add_up,
    mix_of,
    split,
    weigh,
)
from progress.models import Enrollment, LoggedTime, Record, RouteChoice

__all__ = [  # what other apps count with; the pure part lives in counting
    "ASPECTS",
    "CurriculumTally",
    "NextActivity",
    "Standing",
    "StepTally",
    "Week",
    "active_routes",
    "mix_of",
    "next_activity",
    "split",
    "standings",
    "tallies",
    "tally",
    "week",
    "weeks",
]
USUAL_HOURS = 6


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    minutes: int
    is_active: bool  # minutes logged or an activity done
    is_planned: bool  # one of her study days
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
    def legend(self) -> list[dict[str, Any]]:
        """Words and numbers beside the rings."""
        return [
            {"aspect": a, "minutes": self.minutes[a], "target": self.targets[a], "share": self.shares[a]}
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


# From the database


def standings(enrollments: Sequence[Enrollment], marks: Mapping[int, Marks] | None = None) -> dict[int, Standing]:
    """Enrolment id to standing. Three queries for any number of enrolments: releases, records, routes.

    Needs `member` on the enrolments; a release that is there already is not asked for again, nor are records
    whose marks are given by member id.
    """
    releases = _releases(enrollments)
    marks = marks or _marks({enrollment.member_id for enrollment in enrollments})
    return {
        enrollment.pk: Standing(
            releases[enrollment.release_id].outline,
            marks[enrollment.member_id],
            chosen,
            enrollment.member.goal,
        )
        for enrollment, chosen in _with_routes(enrollments)
    }


def _marks(members: set[int]) -> dict[int, dict[UUID, str]]:
    marks: dict[int, dict[UUID, str]] = {member_id: {} for member_id in members}
    touched = Q(started_at__isnull=False) | Q(done_at__isnull=False) | Q(skipped_at__isnull=False)
    rows = Record.objects.filter(touched, member__in=members)
    for member_id, key, done, skipped in rows.values_list("member_id", "activity_key", "done_at", "skipped_at"):
        marks[member_id][key] = "done" if done else "skipped" if skipped else "started"
    return marks


def _releases(enrollments: Sequence[Enrollment]) -> dict[int, Release]:
    found = {e.release_id: e.release for e in enrollments if Enrollment.release.is_cached(e)}  # type: ignore[attr-defined]
    missing = {e.release_id for e in enrollments} - set(found)
    found |= Release.objects.light().in_bulk(missing) if missing else {}
    for enrollment in enrollments:
        enrollment.release = found[enrollment.release_id]
    return found


def _with_routes(enrollments: Sequence[Enrollment]) -> Iterable[tuple[Enrollment, dict[UUID, list[UUID]]]]:
    chosen: dict[int, dict[UUID, list[UUID]]] = {}
    choices = RouteChoice.objects.filter(enrollment__in=enrollments).order_by("chosen_at", "pk")
    for enrollment_id, step_key, route_key in choices.values_list("enrollment_id", "step_key", "route_key"):
        chosen.setdefault(enrollment_id, {}).setdefault(step_key, []).append(route_key)
    return ((enrollment, chosen.get(enrollment.pk, {})) for enrollment in enrollments)


def tally(enrollment: Enrollment) -> CurriculumTally:
    return tallies([enrollment])[enrollment.pk]


def tallies(enrollments: Sequence[Enrollment]) -> dict[int, CurriculumTally]:
    """Enrolment id to tally. Four queries for any number of enrolments: those of `standings`, and minutes."""
    minutes: dict[tuple[int, int | None], dict[UUID | None, dict[str, int]]] = {}
    rows = (
        LoggedTime.objects.counted()
        .filter(member__in={e.member_id for e in enrollments}, curriculum__in={e.curriculum_id for e in enrollments})
        .values_list("member_id", "curriculum_id", "step_key", "aspect")
        .annotate(Sum("minutes"))
        .order_by()
    )
    for member_id, curriculum_id, step_key, aspect, total in rows:
        minutes.setdefault((member_id, curriculum_id), {}).setdefault(step_key, {})[aspect] = total
    found = standings(enrollments)
    return {e.pk: found[e.pk].tally(minutes.get((e.member_id, e.curriculum_id)), at=e.step_key) for e in enrollments}


def next_activity(enrollment: Enrollment) -> NextActivity | None:
    """Three queries, as `standings`."""
    return standings([enrollment])[enrollment.pk].next_activity(enrollment.step_key)


def week(member: Member, now: datetime, enrollment: Enrollment | None = None) -> Week:
    """The member's week; a page that knows the enrolment she visited last saves a query by passing it."""
    return weeks([member], now, {member.pk: enrollment} if enrollment else None)[member.pk]


def weeks(members: Sequence[Member], now: datetime, visited: Mapping[int, Enrollment] | None = None) -> dict[int, Week]:
    """Member id to the week that `now` is in, on her own calendar, with her next activity.

    Six queries for any number of members: enrolments, releases, records, routes, minutes, activities done.
    """
    visited = visited or _visited_last(members)
    by_pk = {member.pk: member for member in members}
    for enrollment in visited.values():
        enrollment.member = by_pk[enrollment.member_id]
    found = standings(list(visited.values()))
    mondays = {member.pk: monday_of(member.local(now).date()) for member in members}
    minutes = _minutes_by_day(mondays)
    done = _done_by_day(by_pk, mondays, now)
    return {
        member.pk: week_of(
            member,
            now,
            minutes.get(member.pk, {}),
            done.get(member.pk, {}),
            visited.get(member.pk),
            found[visited[member.pk].pk] if member.pk in visited else None,
        )
        for member in members
    }


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _visited_last(members: Sequence[Member]) -> dict[int, Enrollment]:
    rows = Enrollment.objects.current().filter(member__in=members).newest_visit_first().select_related("curriculum")
    found: dict[int, Enrollment] = {}
    for enrollment in rows:
        found.setdefault(enrollment.member_id, enrollment)
    return found


def _minutes_by_day(mondays: Mapping[int, date]) -> dict[int, dict[date, dict[str, int]]]:
    found: dict[int, dict[date, dict[str, int]]] = {}
    if mondays:
        days = (min(mondays.values()), max(mondays.values()) + timedelta(days=6))
        rows = LoggedTime.objects.counted().filter(member__in=mondays, studied_on__range=days).order_by()
        sums = rows.values_list("member_id", "studied_on", "aspect").annotate(Sum("minutes"))
        for member_id, day, aspect, total in sums:
            if timedelta() <= day - mondays[member_id] < timedelta(days=7):
                found.setdefault(member_id, {}).setdefault(day, {})[aspect] = total
    return found


def _done_by_day(
    members: Mapping[int, Member], mondays: Mapping[int, date], now: datetime
) -> dict[int, dict[date, int]]:
    """Activities done per day. Looks at nine days, so that every zone's week is in, and keeps each member's own."""
    found: dict[int, dict[date, int]] = {}
    rows = Record.objects.filter(member__in=list(members), done_at__gt=now - timedelta(days=9), done_at__lte=now)
    for member_id, done_at in rows.values_list("member_id", "done_at"):
        day = members[member_id].local(done_at).date()  # type: ignore[arg-type]
        if day >= mondays[member_id]:
            days = found.setdefault(member_id, {})
            days[day] = days.get(day, 0) + 1
    return found


def week_of(
    member: Member,
    now: datetime,
    minutes: Mapping[date, ByAspect],
    done: Mapping[date, int],
    enrollment: Enrollment | None,
    standing: Standing | None,
) -> Week:
    """The week from what a page has read already: minutes and activities done by day of this week."""
    at_key = enrollment.step_key if enrollment else None
    coming = standing.next_activity(at_key) if standing else None
    target = (member.hours_per_week or USUAL_HOURS) * 60
    # The mix of the step in hand; a look back at a finished step does not change what the week asks for.
    at = coming.step if coming else None
    targets = split(target, weigh(standing.core(at).values()) if standing and at else {})
    total = add_up(minutes.values())
    today = member.local(now).date()
    monday = monday_of(today)
    days = [monday + timedelta(days=n) for n in range(7)]
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
            for day in days
        ),
        activities_done=sum(done.values()),
        enrollment=enrollment,
        next=coming,
    )


def _reached(minutes: int, target: int) -> int:
    return min(100, 100 * minutes // target) if target else 100 * bool(minutes)
