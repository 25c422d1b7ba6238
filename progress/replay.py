"""What the log says: study events in, the state that they add up to out. Pure; actions and the rebuilding share it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID


class Line(Protocol):
    """A study event, as far as the replay reads it."""

    kind: str
    at: datetime
    deed: UUID
    activity_key: UUID | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an activity stands: nothing yet, started, done or skipped."""

    started_at: datetime | None = None
    done_at: datetime | None = None
    confidence: int | None = None
    skipped_at: datetime | None = None
    skip_reason: str = ""

    @property
    def kind(self) -> str:
        if self.done_at:
            return "done"
        if self.skipped_at:
            return "skipped"
        return "started" if self.started_at else ""


NOTHING = Outcome()


def after(outcome: Outcome, kind: str, at: datetime, data: Mapping[str, Any]) -> Outcome:
    """The outcome that "started", "done" or "skipped" makes of `outcome`; the very same where nothing changes.

    Done again with another confidence, or skipped again with another reason, keeps the first date.
    """
    if kind == "started":
        return outcome if outcome.kind in ("started", "done") else Outcome(started_at=outcome.started_at or at)
    if kind == "done":
        confidence = data.get("confidence")
        if outcome.done_at:
            return replace(outcome, confidence=outcome.confidence if confidence is None else confidence)
        return Outcome(started_at=outcome.started_at, done_at=at, confidence=confidence)
    reason = data.get("reason", "")
    if outcome.skipped_at:
        return replace(outcome, skip_reason=reason or outcome.skip_reason)
    return Outcome(started_at=outcome.started_at, skipped_at=at, skip_reason=reason)


@dataclass(slots=True)
class History:
    """One activity's past: its outcomes, newest last, each with the deed that made it and the step it closed."""

    outcomes: list[tuple[Outcome, UUID, str]] = field(default_factory=list)
    revisit_at: datetime | None = None

    @property
    def outcome(self) -> Outcome:
        return self.outcomes[-1][0] if self.outcomes else NOTHING

    @property
    def outcome_before(self) -> Outcome:
        """What an undo restores."""
        return self.outcomes[-2][0] if len(self.outcomes) > 1 else NOTHING

    def add(self, line: Line) -> None:
        if line.kind == "undone":
            del self.outcomes[-1:]
        elif line.kind == "revisit":
            self.revisit_at = line.at if line.data.get("flag", True) else None
        else:
            new = after(self.outcome, line.kind, line.at, line.data)
            if new.kind == self.outcome.kind:  # refined in place, so that one undo takes the whole of it back
                self.outcomes[-1] = (new, *self.outcomes[-1][1:])
            else:
                self.outcomes.append((new, line.deed, line.data.get("step", "")))


OF_ACTIVITIES = frozenset({"started", "done", "skipped", "revisit", "undone"})


def histories(lines: Iterable[Line]) -> dict[UUID, History]:
    """Activity key to its past, from lines in the order they were written; other lines are passed over."""
    found: dict[UUID, History] = {}
    for line in lines:
        if line.kind in OF_ACTIVITIES and line.activity_key:
            found.setdefault(line.activity_key, History()).add(line)
    return found


@dataclass(slots=True)
class Minutes:
    """One entry of the time log."""

    aspect: str
    minutes: int
    studied_on: date
    logged_at: datetime
    curriculum_id: int | None
    step_key: UUID | None
    activity_key: UUID | None
    undone_at: datetime | None = None


def minutes(lines: Iterable[Any]) -> dict[UUID, Minutes]:
    """The deed that logged them to the minutes."""
    found: dict[UUID, Minutes] = {}
    for line in lines:
        if line.kind == "time_logged":
            found[line.deed] = Minutes(
                aspect=line.data["aspect"],
                minutes=line.data["minutes"],
                studied_on=date.fromisoformat(line.data["studied_on"]),
                logged_at=line.at,
                curriculum_id=line.curriculum_id,
                step_key=UUID(line.data["step"]) if line.data.get("step") else None,
                activity_key=line.activity_key,
            )
        elif line.kind == "time_undone":
            found[UUID(line.data["of"])].undone_at = line.at
    return found


@dataclass(slots=True)
class Course:
    """One enrolment: its dates, its release number, and the routes chosen per step in the order of choosing."""

    enrolled_at: datetime
    release: int
    paused_at: datetime | None = None
    paused_until: date | None = None
    withdrawn_at: datetime | None = None
    finished_at: datetime | None = None
    routes: dict[tuple[UUID, UUID], datetime] = field(default_factory=dict)


def courses(lines: Iterable[Any]) -> dict[int, Course]:
    """Curriculum id to the enrolment."""
    found: dict[int, Course] = {}
    for line in lines:
        if line.kind == "enrolled":
            course = found.setdefault(line.curriculum_id, Course(line.at, line.data["release"]))
            course.withdrawn_at = None
        elif line.curriculum_id in found:
            _turn(found[line.curriculum_id], line)
    return found


def _turn(course: Course, line: Line) -> None:
    match line.kind:
        case "paused":
            course.paused_at, course.paused_until = line.at, date.fromisoformat(line.data["until"])
        case "resumed":
            course.paused_at = course.paused_until = None
        case "withdrew":
            course.paused_at = course.paused_until = None
            course.withdrawn_at = line.at
        case "finished":
            course.paused_at = course.paused_until = None
            course.finished_at = line.at
        case "moved":
            course.release = line.data["release"]
        case "route_chosen":
            course.routes[UUID(line.data["step"]), UUID(line.data["route"])] = line.at
        case "route_left":
            course.routes.pop((UUID(line.data["step"]), UUID(line.data["route"])), None)
