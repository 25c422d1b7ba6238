"""How much of a step and of a curriculum is done: an outline and a member's marks in,
tallies out. Pure.

What counts of a step: its core activities on every route, and those of the route that
she chose first; a step is done when any of her active routes is, or when she finished
it in an earlier release. Of a finished step all that she did on her routes counts, and
nothing that is open. A skipped activity leaves the count, and the same activity in two
places counts once. Shares are whole percentages weighted by minutes, rounded down, so
that 100 means all of it. Moving to another release changes none of them: see carrying.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from curriculum.outline import Activity, Outline, Route, Step
from progress import carrying
from progress.carrying import CLOSED, WHOLE, Carried, Finish, Measure, name_of
from progress.weights import ASPECTS, ByAspect, add_up, of_aspect, weights_of

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
    # core activities that came after she had finished the step
    new: tuple[Activity, ...] = ()
    finished_at: datetime | None = None  # where she finished it in an earlier release

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

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
    steps_gone: int = 0  # steps that she finished and that her release does not have

    @property
    def total_minutes(self) -> int:
        return sum(self.minutes.values())

    @property
    def steps_done(self) -> int:
        return sum(step.state == "done" for step in self.steps) + self.steps_gone

    @property
    def steps_counted(self) -> int:
        return len(self.steps) + self.steps_gone

    def step(self, key: UUID) -> StepTally | None:
        return next(
            (tallied for tallied in self.steps if tallied.step.key == key), None
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """One member in one curriculum: the outline of her release, her marks and her
    routes. Asks no query.
    """

    outline: Outline
    marks: Marks
    # step key to route keys, first chosen first
    chosen: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)
    goal: str = ""
    carried: Carried = carrying.NOTHING
    # what was worked out already, by step key
    _known: dict[UUID, list[dict[UUID, Activity]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def routes(self, step: Step) -> list[Route]:
        """The active routes, the one that is counted first."""
        keys = active_routes(step, self.chosen.get(step.key, ()), self.goal)
        return [route for key in keys if (route := step.route(key))]

    def core(self, step: Step) -> dict[UUID, Activity]:
        """The core activities that count in the step, skipped ones among them, in the
        order to do them.
        """
        return self._cores(step)[0]

    def open_core(self, step: Step) -> list[Activity]:
        return [
            a for key, a in self.core(step).items() if self.marks.get(key) not in CLOSED
        ]

    def tally_step(self, step: Step, minutes: ByAspect | None = None) -> StepTally:
        state = self._state(step)
        counted, finished = self._counted_in(step, state)
        finish = self.carried.finish_of(step.key, self.marks)
        more = self.carried.more(name_of(step.key))
        return StepTally(
            step=step,
            state=state,
            percent=100
            if state == "done"
            else self._share(name_of(step.key), counted, finished),
            shares=self._shares(step.key, counted, finished),
            done=len(finished) + more,
            counted=len(counted) + more,
            minutes=minutes or {},
            routes=tuple(self._tally_routes(step)),
            new=self._new(step) if state == "done" else (),
            finished_at=finish.finished_at if finish else None,
        )

    def tally(
        self,
        minutes: Mapping[UUID | None, ByAspect] | None = None,
        at: UUID | None = None,
    ) -> CurriculumTally:
        """Everything, with logged minutes by step; the next activity is looked for from
        the step `at` on.
        """
        minutes = minutes or {}
        steps = tuple(
            self.tally_step(step, minutes.get(step.key)) for step in self.outline.steps
        )
        counted, finished = self._counted(steps)
        complete = self._is_complete(steps, counted, finished)
        percent = self._share(WHOLE, counted, finished)
        return CurriculumTally(
            outline=self.outline,
            steps=steps,
            percent=100 if complete else min(99, percent),
            shares=self._shares(None, counted, finished),
            done=len(finished),
            counted=len(counted),
            minutes=add_up(minutes.values()),
            is_complete=complete,
            next=self.next_activity(at),
            steps_gone=self._steps_gone(),
        )

    def _counted(
        self, steps: Iterable[StepTally]
    ) -> tuple[dict[UUID, Activity], set[UUID]]:
        """The core activities that count in the whole, each once, and the keys of those
        that are done.
        """
        counted: dict[UUID, Activity] = {}
        finished: set[UUID] = set()
        for tallied in steps:
            here, done = self._counted_in(tallied.step, tallied.state)
            counted = here | counted
            finished |= done
        return counted, finished

    def _counted_in(
        self, step: Step, state: str
    ) -> tuple[dict[UUID, Activity], set[UUID]]:
        """The core activities that count in the step, and the keys of those that are
        done.

        In a finished step these are all that she did on her routes. What is open there
        is new, or of a route that she need not go: it counts once she does it, and
        skipping it changes nothing.
        """
        if state == "done":
            counted = {
                key: activity
                for key, activity in self._whole_core(step).items()
                if self.marks.get(key) == "done"
            }
        else:
            counted = {
                key: a
                for key, a in self.core(step).items()
                if self.marks.get(key) != "skipped"
            }
        return counted, self._done(counted)

    def _cores(self, step: Step) -> list[dict[UUID, Activity]]:
        """The core of each active route; of a step without routes its own."""
        cores = self._known.get(step.key)
        if cores is None:
            routes: Sequence[Route | None] = self.routes(step) or [None]
            cores = [core_of(step, route) for route in routes]
            self._known[step.key] = cores
        return cores

    def _whole_core(self, step: Step) -> dict[UUID, Activity]:
        """The core of all active routes."""
        whole: dict[UUID, Activity] = {}
        for core in self._cores(step):
            whole.update(core)
        return whole

    def _is_complete(
        self,
        steps: Iterable[StepTally],
        counted: Mapping[UUID, Activity],
        finished: Collection[UUID],
    ) -> bool:
        """Whether everything is closed, here or in the release that she came from."""
        anchor = self.carried.anchors.get(WHOLE)
        if (
            anchor
            and anchor.percent == 100
            and anchor.at(*weights_of(counted, finished)) == 100
        ):
            return True
        with_core = [
            tallied
            for tallied in steps
            if tallied.state == "done" or self.core(tallied.step)
        ]
        return all(t.is_closed for t in with_core) and any(
            t.state == "done" for t in with_core
        )

    def _steps_gone(self) -> int:
        here = {step.key for step in self.outline.steps}
        gone = (key for key in self.carried.finishes if key not in here)
        return sum(self.carried.finish_of(key, self.marks) is not None for key in gone)

    def measures(self) -> dict[str, Measure]:
        """Every percentage that pages show of this standing, by its name."""
        whole = self.tally()
        found = dict(
            self._measures(
                None, whole.percent, whole.shares, *self._counted(whole.steps), 0
            )
        )
        for tallied in whole.steps:
            counted, finished = self._counted_in(tallied.step, tallied.state)
            parts = (tallied.percent, tallied.shares, counted, finished, tallied.done)
            found |= dict(self._measures(tallied.step.key, *parts))
        return found

    def _measures(
        self,
        step_key: UUID | None,
        percent: int,
        shares: ByAspect,
        counted: Mapping[UUID, Activity],
        finished: Collection[UUID],
        activities: int,
    ) -> Iterable[tuple[str, Measure]]:
        yield (
            name_of(step_key),
            Measure(percent, *weights_of(counted, finished), activities),
        )
        for aspect in ASPECTS:
            weights = weights_of(of_aspect(aspect, counted), finished)
            yield name_of(step_key, aspect), Measure(shares[aspect], *weights, 0)

    def finish_now(self, step: Step, dates: Mapping[UUID, datetime]) -> Finish | None:
        """How the step is finished by what her release has, unless that is written down
        already.

        `dates` are those of the marks, by activity.
        """
        core = self._finished_core(step)
        if core is None or self.carried.finish_of(step.key, self.marks):
            return None
        every = frozenset(
            activity.key for activity in step.every_activity() if activity.core
        )
        return Finish(max(dates[key] for key in core), frozenset(core), every)

    def next_activity(self, at: UUID | None = None) -> NextActivity | None:
        """The next core activity: of the step `at` while it is open, else of the first
        open step. Started ones first.

        None when all is done or skipped.
        """
        here = [step for step in self.outline.steps if step.key == at]
        for step in [*here, *self.outline.steps]:
            if self._state(step) not in CLOSED and (left := self.open_core(step)):
                first = next(
                    (a for a in left if self.marks.get(a.key) == "started"), left[0]
                )
                return NextActivity(
                    step, first, self.outline.slug, is_started=first.key in self.marks
                )
        return None

    def _state(self, step: Step) -> str:
        if self._finished_core(step) is not None or self.carried.finish_of(
            step.key, self.marks
        ):
            return "done"
        first = self.core(step)
        if first and all(self.marks.get(key) == "skipped" for key in first):
            return "skipped"
        return (
            "doing"
            if any(activity.key in self.marks for activity in step.every_activity())
            else "open"
        )

    def _finished_core(self, step: Step) -> dict[UUID, Activity] | None:
        """The core of the first active route that is done by what her release has; None
        where none is.
        """
        for core in self._cores(step):
            found = [self.marks.get(key) for key in core]
            if "done" in found and all(mark in CLOSED for mark in found):
                return core
        return None

    def _new(self, step: Step) -> tuple[Activity, ...]:
        """Open core activities of her routes that the step did not have when she finished it."""
        finishes = self.carried.finishes.get(step.key, ())
        if not any(finish.holds(self.marks) for finish in finishes):
            return ()
        known = frozenset[UUID]().union(*(finish.core for finish in finishes))
        later = {
            key: activity
            for key, activity in self._whole_core(step).items()
            if key not in known
        }
        return tuple(a for key, a in later.items() if self.marks.get(key) not in CLOSED)

    def _share(
        self, name: str, counted: Mapping[UUID, Activity], finished: Collection[UUID]
    ) -> int:
        return self.carried.share(name, *weights_of(counted, finished))

    def _shares(
        self,
        step_key: UUID | None,
        counted: Mapping[UUID, Activity],
        finished: Collection[UUID],
    ) -> dict[str, int]:
        return {
            aspect: self._share(
                name_of(step_key, aspect), of_aspect(aspect, counted), finished
            )
            for aspect in ASPECTS
        }

    def _done(self, keys: Collection[UUID]) -> set[UUID]:
        return {key for key in keys if self.marks.get(key) == "done"}

    def _tally_routes(self, step: Step) -> Iterable[RouteTally]:
        active = {route.key for route in self.routes(step)}
        recommended = step.default_route(self.goal)
        for route in step.routes:
            core = {
                a.key
                for a in route.activities
                if a.core and self.marks.get(a.key) != "skipped"
            }
            yield RouteTally(
                route=route,
                is_active=route.key in active,
                is_recommended=route == recommended,
                done=len(self._done(core)),
                counted=len(core),
            )


def active_routes(step: Step, chosen: Sequence[UUID], goal: str) -> list[UUID]:
    """The chosen routes that the step still has; the one recommended for the goal where
    there is none.
    """
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
