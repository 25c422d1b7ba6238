"""The core activities of a curriculum: which of them count for a member, and the state
of each step. Pure.

A step counts its core activities on every route and those of the route that was chosen
first. It is done when any of the member's active routes is done, or when it was finished
in an earlier release. A finished step counts everything that was done on the member's
routes, and nothing that is open. A skipped activity does not count.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from curriculum.outline import Activity, Outline, Route, Step
from progress import carrying
from progress.carrying import CLOSED, Carried, Finish

Marks: TypeAlias = Mapping[UUID, str]
"""Activity key to "started", "done" or "skipped"."""


def active_routes(step: Step, chosen: Sequence[UUID], goal: str) -> list[UUID]:
    """The keys of the chosen routes that the step still has; if there are none, of the
    route that is recommended for the goal.
    """
    known = [key for key in chosen if step.route(key)]
    default = step.default_route(goal)
    return known or ([default.key] if default else [])


def core_of(step: Step, route: Route | None) -> dict[UUID, Activity]:
    """The core activities of the route and those for every route, by key in the order to
    do them.
    """
    found: dict[UUID, Activity] = {}
    for activity in (*(route.activities if route else ()), *step.activities):
        if activity.core:
            found.setdefault(activity.key, activity)
    return found


@dataclass(frozen=True, slots=True)
class CoreWork:
    """The core activities of one curriculum for one member. No query."""

    outline: Outline
    marks: Marks
    # step key to route keys, first chosen first
    chosen: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)
    goal: str = ""
    carried: Carried = carrying.NOTHING
    # the core of each active route, by step key, where it was computed already
    _known: dict[UUID, list[dict[UUID, Activity]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def routes(self, step: Step) -> list[Route]:
        """The member's active routes. The first one counts until the step is done."""
        keys = active_routes(step, self.chosen.get(step.key, ()), self.goal)
        return [route for key in keys if (route := step.route(key))]

    def core(self, step: Step) -> dict[UUID, Activity]:
        """The core activities of the route that counts, with skipped ones, by key in the
        order to do them.
        """
        return self._cores(step)[0]

    def open_core(self, step: Step) -> list[Activity]:
        return [
            a for key, a in self.core(step).items() if self.marks.get(key) not in CLOSED
        ]

    def state(self, step: Step) -> str:
        """The state of a step: "open", "doing", "done" or "skipped"."""
        if self.finished_core(step) is not None or self.carried.finish_of(
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

    def finished_core(self, step: Step) -> dict[UUID, Activity] | None:
        """The core of the first active route that is done in the present release; None if
        none is.
        """
        for core in self._cores(step):
            found = [self.marks.get(key) for key in core]
            if "done" in found and all(mark in CLOSED for mark in found):
                return core
        return None

    def new_activities(self, step: Step) -> tuple[Activity, ...]:
        """Open core activities of the member's routes that were added to the step after
        the member had finished it.
        """
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

    def counted_in(
        self, step: Step, state: str
    ) -> tuple[dict[UUID, Activity], set[UUID]]:
        """The core activities that count in the step, and the keys of those that are
        done.

        In a finished step these are all activities done on the member's routes. One that
        is open there is new, or of a route that need not be done. It counts once it is
        done, and skipping it changes nothing.
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

    def finish_now(self, step: Step, dates: Mapping[UUID, datetime]) -> Finish | None:
        """The finish of a step that is done in the present release; None if it is not, or
        if its finish is stored already.

        `dates` are those of the marks, by activity key.
        """
        core = self.finished_core(step)
        if core is None or self.carried.finish_of(step.key, self.marks):
            return None
        every = frozenset(
            activity.key for activity in step.every_activity() if activity.core
        )
        return Finish(max(dates[key] for key in core), frozenset(core), every)

    def _cores(self, step: Step) -> list[dict[UUID, Activity]]:
        """The core of each active route; for a step without routes, its own core."""
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

    def _done(self, keys: Collection[UUID]) -> set[UUID]:
        return {key for key in keys if self.marks.get(key) == "done"}
