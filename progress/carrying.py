"""What a release must not take away: finished steps, and the percentages that were shown
before the member moved to it.

Pure. Decision 0013 says why a percentage is counted like this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

CLOSED = ("done", "skipped")
WHOLE = "whole"


def name_of(step_key: UUID | None, aspect: str = "") -> str:
    """What a percentage is of: a step or the whole curriculum, and there all of it or
    one aspect.
    """
    scope = str(step_key) if step_key else WHOLE
    return f"{scope}:{aspect}" if aspect else scope


@dataclass(frozen=True, slots=True)
class Finish:
    """When a step was finished, and by which activities. It holds while all of them are
    still done or skipped.
    """

    finished_at: datetime
    keys: frozenset[UUID]  # the core activities of the route that was finished
    core: frozenset[UUID]  # every core activity that the step had then, on any route

    def holds(self, marks: Mapping[UUID, str]) -> bool:
        found = [marks.get(key) for key in self.keys]
        return "done" in found and all(mark in CLOSED for mark in found)

    def as_json(self) -> dict[str, Any]:
        return {
            "on": self.finished_at.isoformat(),
            "keys": sorted(map(str, self.keys)),
            "core": sorted(map(str, self.core)),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Finish":
        return cls(
            datetime.fromisoformat(data["on"]),
            frozenset(map(UUID, data["keys"])),
            frozenset(map(UUID, data["core"])),
        )


@dataclass(frozen=True, slots=True)
class Anchor:
    """At `done` of `counted` minutes the page says `percent`, as it did in the release
    before.

    Below and above, the percentage runs evenly to 0 and to 100.
    """

    done: int
    counted: int
    percent: int
    # activities that are done, counted before, and are not in this release
    more: int = 0

    def at(self, done: int, counted: int) -> int:
        if not counted:
            return self.percent
        base_done, base = (self.done, self.counted) if self.counted else (0, 1)
        ahead = done * base - base_done * counted
        if ahead > 0:
            left = counted * (base - base_done)
            return self.percent + (100 - self.percent) * ahead // left
        if not base_done:
            return self.percent
        return self.percent * done * base // (counted * base_done)

    def as_json(self) -> list[int]:
        return [self.done, self.counted, self.percent, self.more]


@dataclass(frozen=True, slots=True)
class Carried:
    """What one enrolment has carried into its release."""

    # by step key
    finishes: Mapping[UUID, tuple[Finish, ...]] = field(default_factory=dict)
    anchors: Mapping[str, Anchor] = field(default_factory=dict)  # by `name_of`
    week: date | None = None  # the Monday of the week of the move
    # what that week's targets are weighed by
    mix: Mapping[str, int] = field(default_factory=dict)

    def finish_of(self, step_key: UUID, marks: Mapping[UUID, str]) -> Finish | None:
        """The first finish of the step that still holds."""
        return next(
            (one for one in self.finishes.get(step_key, ()) if one.holds(marks)), None
        )

    def share(self, name: str, done: int, counted: int) -> int:
        """A whole percentage, rounded down. It continues from the value before the move."""
        anchor = self.anchors.get(name)
        if anchor:
            return anchor.at(done, counted)
        return 100 * done // counted if counted else 0

    def more(self, name: str) -> int:
        anchor = self.anchors.get(name)
        return anchor.more if anchor else 0

    def as_json(self) -> dict[str, Any]:
        finishes = {
            str(key): [one.as_json() for one in several]
            for key, several in self.finishes.items()
        }
        anchors = {name: anchor.as_json() for name, anchor in self.anchors.items()}
        found: dict[str, Any] = {"finishes": finishes, "anchors": anchors}
        if self.week:
            found |= {"week": self.week.isoformat(), "mix": dict(self.mix)}
        return {name: value for name, value in found.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Carried":
        if not data:
            return NOTHING
        finishes = {
            UUID(key): tuple(map(Finish.from_json, several))
            for key, several in data.get("finishes", {}).items()
        }
        anchors = {
            name: Anchor(*numbers) for name, numbers in data.get("anchors", {}).items()
        }
        week = date.fromisoformat(data["week"]) if "week" in data else None
        return cls(finishes, anchors, week, data.get("mix", {}))


NOTHING = Carried()


@dataclass(frozen=True, slots=True)
class Measure:
    """A percentage as it is shown, what it is counted from, and how many activities it
    says are done.
    """

    percent: int
    done: int  # minutes
    counted: int
    activities: int


Measures = Mapping[str, Measure]


def anchors_for(
    before: Measures,
    after: Measures,
    old: Mapping[str, Anchor],
    known: Mapping[str, Anchor],
) -> dict[str, Anchor]:
    """The anchors under which every percentage of `after` is what it was in `before`.

    `after` is counted with the anchors that the release had when it was followed last
    (`known`): they stay where they say enough. What the release has nothing left to do
    in is at 100 and needs none. A step that the release lacks keeps its number for the
    day when a later one has it again.
    """
    found = dict(known)
    for name, was in _with_absent(before, old).items():
        now = after.get(name)
        if now is None:
            if was.percent:
                found[name] = Anchor(was.done, was.counted, was.percent)
            continue
        more = max(0, was.activities - (now.activities - _more(known, name)))
        is_open = now.done < now.counted or not now.counted
        if name in known and now.percent >= was.percent and _more(known, name) >= more:
            continue
        if now.percent == was.percent and not more:
            continue
        if is_open or more:
            percent = was.percent if is_open else now.percent
            if name in known:
                percent = max(percent, now.percent)
            found[name] = Anchor(now.done, now.counted, percent, more)
    return found


def _with_absent(before: Measures, old: Mapping[str, Anchor]) -> dict[str, Measure]:
    absent = {
        name: Measure(anchor.percent, anchor.done, anchor.counted, 0)
        for name, anchor in old.items()
        if name not in before
    }
    return absent | dict(before)


def _more(anchors: Mapping[str, Anchor], name: str) -> int:
    return anchors[name].more if name in anchors else 0


def with_finish(carried: Carried, finishes: Iterable[tuple[UUID, Finish]]) -> Carried:
    """And these finishes, each added to those that the step has."""
    found = dict(carried.finishes)
    for key, finish in finishes:
        found[key] = (*found.get(key, ()), finish)
    return Carried(found, carried.anchors, carried.week, carried.mix)
