"""How much of a step and of a curriculum is done: tallies from an outline and a
member's marks. Pure.

`progress.core` says what counts. An activity that is in two places counts once. Shares
are whole percentages weighted by minutes, rounded down, so 100 means all of it. Moving to
another release changes none of them: see carrying.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from curriculum.outline import Activity, Outline, Route, Step
from progress.carrying import CLOSED, WHOLE, Measure, name_of
from progress.core import CoreWork
from progress.weights import ASPECTS, ByAspect, add_up, of_aspect, weights_of


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
    # core activities that were added after the member had finished the step
    new: tuple[Activity, ...] = ()
    finished_at: datetime | None = None  # if it was finished in an earlier release

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
    steps_gone: int = 0  # finished steps that the present release does not have

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
class Standing(CoreWork):
    """How far one member is in one curriculum, in the release that is followed. No query."""

    def tally_step(self, step: Step, minutes: ByAspect | None = None) -> StepTally:
        state = self.state(step)
        counted, finished = self.counted_in(step, state)
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
            new=self.new_activities(step) if state == "done" else (),
            finished_at=finish.finished_at if finish else None,
        )

    def tally(
        self,
        minutes: Mapping[UUID | None, ByAspect] | None = None,
        at: UUID | None = None,
    ) -> CurriculumTally:
        """The tally of the whole curriculum. `minutes` are those logged, by step key; the
        next activity is looked for in the step `at` first.
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
        """The core activities that count in the curriculum, each once, and the keys of
        those that are done.
        """
        counted: dict[UUID, Activity] = {}
        finished: set[UUID] = set()
        for tallied in steps:
            here, done = self.counted_in(tallied.step, tallied.state)
            counted = here | counted
            finished |= done
        return counted, finished

    def _is_complete(
        self,
        steps: Iterable[StepTally],
        counted: Mapping[UUID, Activity],
        finished: Collection[UUID],
    ) -> bool:
        """Whether everything is closed, in this release or in the one followed before."""
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
        """Every percentage that pages show, by `name_of`."""
        whole = self.tally()
        found = dict(
            self._measures(
                None, whole.percent, whole.shares, *self._counted(whole.steps), 0
            )
        )
        for tallied in whole.steps:
            counted, finished = self.counted_in(tallied.step, tallied.state)
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

    def next_activity(self, at: UUID | None = None) -> NextActivity | None:
        """The next core activity: of the step `at` while it is open, else of the first
        open step. A started one comes first. None if everything is done or skipped.
        """
        here = [step for step in self.outline.steps if step.key == at]
        for step in [*here, *self.outline.steps]:
            if self.state(step) not in CLOSED and (left := self.open_core(step)):
                first = next(
                    (a for a in left if self.marks.get(a.key) == "started"), left[0]
                )
                return NextActivity(
                    step, first, self.outline.slug, is_started=first.key in self.marks
                )
        return None

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
