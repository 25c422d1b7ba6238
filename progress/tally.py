"""How far members are: counted from the release they stand on and from their records, never stored.

What counts of a step: its core activities on every route, and those of the route that she chose first; a step is done
when any of her active routes is. A skipped activity leaves the count, and the same activity in two places counts once.
Shares are whole per cents weighted by minutes, rounded down, so that 100 means all of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q, Sum

from curriculum.models import Aspect, Release
from curriculum.outline import Activity, Outline, Route, Step
from members.models import Member
from progress.models import Enrollment, LoggedTime, Record, RouteChoice

ASPECTS = tuple(Aspect.values)  # run, hack, math: in this order everywhere
USUAL_HOURS = 6
ByAspect: TypeAlias = Mapping[str, int]
Marks: TypeAlias = Mapping[UUID, str]
"""Activity key to "started", "done" or "skipped"."""


@dataclass(frozen=True, slots=True)
class RouteTally:
    route: Route
    is_active: bool
    is_recommended: bool
    done: int
    counted: int


@dataclass(frozen=True, slots=True)
class StepTally:
    step: Step
    state: str  # "open", "doing", "done" or "skipped"
    percent: int
    shares: ByAspect
    done: int  # core activities done, of those counted
    counted: int
    minutes: ByAspect
    routes: tuple[RouteTally, ...]

    @property
    def is_closed(self) -> bool:
        return self.state in ("done", "skipped")

    @property
    def active_routes(self) -> tuple[RouteTally, ...]:
        return tuple(route for route in self.routes if route.is_active)

    @property
    def total_minutes(self) -> int:
        return sum(self.minutes.values())


@dataclass(frozen=True, slots=True)
class NextActivity:
    step: Step
    activity: Activity
    curriculum_slug: str
    is_started: bool


@dataclass(frozen=True, slots=True)
class CurriculumTally:
    outline: Outline
    steps: tuple[StepTally, ...]
    percent: int
    shares: ByAspect
    done: int
    counted: int
    minutes: ByAspect
    is_complete: bool
    next: NextActivity | None

    @property
    def total_minutes(self) -> int:
        return sum(self.minutes.values())

    @property
    def steps_done(self) -> int:
        return sum(step.state == "done" for step in self.steps)

    def step(self, key: UUID) -> StepTally | None:
        return next((tallied for tallied in self.steps if tallied.step.key == key), None)


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
    def percent(self) -> int:
        return min(100, 100 * self.total_minutes // self.target_minutes)

    @property
    def minutes_left(self) -> int:
        return max(0, self.target_minutes - self.total_minutes)

    @property
    def active_days(self) -> int:
        return sum(day.is_active for day in self.days)


@dataclass(frozen=True, slots=True)
class Standing:
    """One member in one curriculum: the outline of her release, her marks and her routes. Asks no query."""

    outline: Outline
    marks: Marks
    chosen: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)  # step key to route keys, first chosen first
    goal: str = ""

    def routes(self, step: Step) -> list[Route]:
        """The active routes, the one that is counted first."""
        keys = active_routes(step, self.chosen.get(step.key, ()), self.goal)
        return [route for key in keys if (route := step.route(key))]

    def core(self, step: Step) -> dict[UUID, Activity]:
        """The core activities that count in the step, skipped ones among them, in the order to do them."""
        return core_of(step, next(iter(self.routes(step)), None))

    def open_core(self, step: Step) -> list[Activity]:
        return [a for key, a in self.core(step).items() if self.marks.get(key) not in ("done", "skipped")]

    def tally_step(self, step: Step, minutes: ByAspect | None = None) -> StepTally:
        core, state = self.core(step), self._state(step)
        counted = {key: a for key, a in core.items() if self.marks.get(key) != "skipped"}
        finished = set(counted) if state == "done" else self._done(counted)
        return StepTally(
            step=step,
            state=state,
            percent=_share(counted, finished),
            shares=_shares(counted, finished),
            done=len(finished),
            counted=len(counted),
            minutes=minutes or {},
            routes=tuple(self._tally_routes(step)),
        )

    def tally(self, minutes: Mapping[UUID | None, ByAspect] | None = None, at: UUID | None = None) -> CurriculumTally:
        """Everything, with logged minutes by step; the next activity is looked for from the step `at` on."""
        minutes = minutes or {}
        steps = tuple(self.tally_step(step, minutes.get(step.key)) for step in self.outline.steps)
        counted: dict[UUID, Activity] = {}
        finished: set[UUID] = set()
        for tallied in steps:
            core = {key: a for key, a in self.core(tallied.step).items() if self.marks.get(key) != "skipped"}
            counted = core | counted
            finished |= set(core) if tallied.state == "done" else self._done(core)
        with_core = [tallied for tallied in steps if self.core(tallied.step)]
        complete = all(t.is_closed for t in with_core) and any(t.state == "done" for t in with_core)
        return CurriculumTally(
            outline=self.outline,
            steps=steps,
            percent=_share(counted, finished) if complete else min(99, _share(counted, finished)),
            shares=_shares(counted, finished),
            done=len(finished),
            counted=len(counted),
            minutes=_sum(minutes.values()),
            is_complete=complete,
            next=self.next_activity(at),
        )

    def next_activity(self, at: UUID | None = None) -> NextActivity | None:
        """The next core activity: of the step `at` while it is open, else of the first open step. Started ones first.

        None when all is done or skipped.
        """
        here = [step for step in self.outline.steps if step.key == at]
        for step in [*here, *self.outline.steps]:
            if self._state(step) not in ("done", "skipped") and (left := self.open_core(step)):
                first = next((a for a in left if self.marks.get(a.key) == "started"), left[0])
                return NextActivity(step, first, self.outline.slug, is_started=first.key in self.marks)
        return None

    def _state(self, step: Step) -> str:
        cores = [core_of(step, route) for route in self.routes(step)] or [core_of(step, None)]
        for core in cores:
            found = [self.marks.get(key) for key in core]
            if "done" in found and all(mark in ("done", "skipped") for mark in found):
                return "done"
        if cores[0] and all(self.marks.get(key) == "skipped" for key in cores[0]):
            return "skipped"
        return "doing" if any(activity.key in self.marks for activity in step.every_activity()) else "open"

    def _done(self, keys: Collection[UUID]) -> set[UUID]:
        return {key for key in keys if self.marks.get(key) == "done"}

    def _tally_routes(self, step: Step) -> Iterable[RouteTally]:
        active = {route.key for route in self.routes(step)}
        recommended = step.default_route(self.goal)
        for route in step.routes:
            core = {a.key for a in route.activities if a.core and self.marks.get(a.key) != "skipped"}
            yield RouteTally(
                route=route,
                is_active=route.key in active,
                is_recommended=route == recommended,
                done=len(self._done(core)),
                counted=len(core),
            )


def active_routes(step: Step, chosen: Sequence[UUID], goal: str) -> list[UUID]:
    """The chosen routes that the step still has; the one recommended for the goal where there is none."""
    known = [key for key in chosen if step.route(key)]
    default = step.default_route(goal)
    return known or ([default.key] if default else [])


def core_of(step: Step, route: Route | None) -> dict[UUID, Activity]:
    """The core activities of the route and of every route, in the order to do them; each once."""
    found: dict[UUID, Activity] = {}
    for activity in (*(route.activities if route else ()), *step.activities):
        if activity.core:
            found.setdefault(activity.key, activity)
    return found


def mix_of(activities: Iterable[Activity]) -> dict[str, int]:
    """Per cents by aspect that add up to 100; an even mix where there is nothing to weigh."""
    return split(100, weigh(activities))


def weigh(activities: Iterable[Activity]) -> dict[str, int]:
    """Minutes by aspect."""
    minutes = dict.fromkeys(ASPECTS, 0)
    for activity in activities:
        minutes[activity.aspect] += _weight(activity)
    return minutes


def split(whole: int, weights: ByAspect) -> dict[str, int]:
    """`whole` in parts by weight, in whole numbers that add up to it; in thirds where nothing weighs anything."""
    total = sum(weights.values())
    if not total:
        weights, total = dict.fromkeys(ASPECTS, 1), len(ASPECTS)
    parts, given, seen = {}, 0, 0
    for aspect in ASPECTS:
        seen += weights.get(aspect, 0)
        parts[aspect] = whole * seen // total - given
        given += parts[aspect]
    return parts


def _weight(activity: Activity) -> int:
    return max(activity.minutes, 1)


def _share(activities: Mapping[UUID, Activity], finished: Collection[UUID]) -> int:
    whole = sum(map(_weight, activities.values()))
    return 100 * sum(_weight(a) for key, a in activities.items() if key in finished) // whole if whole else 0


def _shares(activities: Mapping[UUID, Activity], finished: Collection[UUID]) -> dict[str, int]:
    return {
        aspect: _share({key: a for key, a in activities.items() if a.aspect == aspect}, finished) for aspect in ASPECTS
    }


def _sum(parts: Iterable[ByAspect]) -> dict[str, int]:
    total = dict.fromkeys(ASPECTS, 0)
    for part in parts:
        for aspect, minutes in part.items():
            total[aspect] += minutes
    return total


# From the database


def standings(enrollments: Sequence[Enrollment]) -> dict[int, Standing]:
    """Enrolment id to standing. Three queries for any number of enrolments: releases, records, routes.

    Needs `member` on the enrolments; a release that is there already is not asked for again.
    """
    releases = _releases(enrollments)
    members = {enrollment.member_id for enrollment in enrollments}
    marks: dict[int, dict[UUID, str]] = {member_id: {} for member_id in members}
    touched = Q(started_at__isnull=False) | Q(done_at__isnull=False) | Q(skipped_at__isnull=False)
    rows = Record.objects.filter(touched, member__in=members)
    for member_id, key, done, skipped in rows.values_list("member_id", "activity_key", "done_at", "skipped_at"):
        marks[member_id][key] = "done" if done else "skipped" if skipped else "started"
    return {
        enrollment.pk: Standing(
            releases[enrollment.release_id].outline,
            marks[enrollment.member_id],
            chosen,
            enrollment.member.goal,
        )
        for enrollment, chosen in _with_routes(enrollments)
    }


def _releases(enrollments: Sequence[Enrollment]) -> dict[int, Release]:
    found = {e.release_id: e.release for e in enrollments if Enrollment.release.is_cached(e)}  # type: ignore[attr-defined]
    missing = {e.release_id for e in enrollments} - set(found)
    return found | (Release.objects.in_bulk(missing) if missing else {})


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
        member.pk: _week(
            member,
            now,
            mondays[member.pk],
            minutes.get(member.pk, {}),
            done.get(member.pk, {}),
            visited.get(member.pk),
            found,
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


def _week(
    member: Member,
    now: datetime,
    monday: date,
    minutes: Mapping[date, ByAspect],
    done: Mapping[date, int],
    enrollment: Enrollment | None,
    found: Mapping[int, Standing],
) -> Week:
    standing = found[enrollment.pk] if enrollment else None
    coming = standing.next_activity(enrollment.step_key) if standing and enrollment else None
    target = (member.hours_per_week or USUAL_HOURS) * 60
    at = standing.outline.step_by_key(enrollment.step_key) if standing and enrollment and enrollment.step_key else None
    at = at or (coming.step if coming else None)
    targets = split(target, weigh(standing.core(at).values()) if standing and at else {})
    total = _sum(minutes.values())
    today = member.local(now).date()
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


def minutes_by_week(member: Member, now: datetime, count: int = 12) -> list[tuple[date, dict[str, int]]]:
    """The Mondays of the last `count` weeks, oldest first, each with its minutes by aspect. One query."""
    last = monday_of(member.local(now).date())
    found = {last - timedelta(weeks=n): dict.fromkeys(ASPECTS, 0) for n in reversed(range(count))}
    days = (min(found), last + timedelta(days=6))
    rows = LoggedTime.objects.counted().filter(member=member, studied_on__range=days).order_by()
    for day, aspect, minutes in rows.values_list("studied_on", "aspect").annotate(Sum("minutes")):
        found[monday_of(day)][aspect] += minutes
    return list(found.items())
