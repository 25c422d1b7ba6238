"""How much of a step and of a curriculum is done: an outline and a member's marks in, tallies out. Pure.

What counts of a step: its core activities on every route, and those of the route that she chose first; a step is done
when any of her active routes is. A skipped activity leaves the count, and the same activity in two places counts once.
Shares are whole per cents weighted by minutes, rounded down, so that 100 means all of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from curriculum.outline import Activity, Outline, Route, Step

ASPECTS = ("run", "hack", "math")  # in this order everywhere
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
            percent=100 if state == "done" else _share(counted, finished),
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
            minutes=add_up(minutes.values()),
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


def add_up(parts: Iterable[ByAspect]) -> dict[str, int]:
    total = dict.fromkeys(ASPECTS, 0)
    for part in parts:
        for aspect, minutes in part.items():
            total[aspect] += minutes
    return total
