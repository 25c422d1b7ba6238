"""What the log says: study events in, the state that they add up to out.

Pure; actions and the rebuilding share it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from progress.carrying import Carried, Finish, with_finish

JsonObject: TypeAlias = dict[str, Any]


class LogLine(Protocol):
    """A study event, as far as the replay reads it."""

    @property
    def kind(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def press_id(self) -> UUID: ...

    @property
    def activity_key(self) -> UUID | None: ...

    @property
    def curriculum_id(self) -> int | None: ...

    @property
    def data(self) -> JsonObject: ...


@dataclass(frozen=True, slots=True)
class Press:
    """What a member says of activities: "started", "done", "skipped" or "undone"."""

    kind: str
    confidence: int | None = None  # of what is done
    reason: str = ""  # of what is skipped
    step: str = ""  # the key of the step that is closed as a whole

    @classmethod
    def from_data(cls, kind: str, data: Mapping[str, Any]) -> "Press":
        return cls(
            kind,
            confidence=data.get("confidence"),
            reason=data.get("reason", ""),
            step=data.get("step", ""),
        )

    def as_data(self) -> JsonObject:
        """What the log keeps of it, next to the kind."""
        data: JsonObject = {}
        if self.confidence is not None:
            data["confidence"] = self.confidence
        if self.kind == "skipped":
            data["reason"] = self.reason
        if self.step:
            data["step"] = self.step
        return data


def mark_of(
    started_at: datetime | None, done_at: datetime | None, skipped_at: datetime | None
) -> str:
    """What counts of an activity: "done", "skipped", "started" or nothing."""
    if done_at:
        return "done"
    if skipped_at:
        return "skipped"
    if started_at:
        return "started"
    return ""


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
        return mark_of(self.started_at, self.done_at, self.skipped_at)


NOTHING = Outcome()


def after(outcome: Outcome, press: Press, at: datetime) -> Outcome:
    """The outcome that the press makes of `outcome`; the very same where nothing changes.

    Done again with another confidence, or skipped again with another reason, keeps the
    first date.
    """
    if press.kind == "started":
        return _after_started(outcome, at)
    if press.kind == "done":
        return _after_done(outcome, press.confidence, at)
    return _after_skipped(outcome, press.reason, at)


def _after_started(outcome: Outcome, at: datetime) -> Outcome:
    if outcome.kind in ("started", "done"):
        return outcome
    return Outcome(started_at=outcome.started_at or at)


def _after_done(outcome: Outcome, confidence: int | None, at: datetime) -> Outcome:
    if not outcome.done_at:
        return Outcome(started_at=outcome.started_at, done_at=at, confidence=confidence)
    if confidence is None:
        return outcome
    return replace(outcome, confidence=confidence)


def _after_skipped(outcome: Outcome, reason: str, at: datetime) -> Outcome:
    if outcome.skipped_at:
        return replace(outcome, skip_reason=reason or outcome.skip_reason)
    return Outcome(started_at=outcome.started_at, skipped_at=at, skip_reason=reason)


@dataclass(frozen=True, slots=True)
class PastOutcome:
    outcome: Outcome
    press_id: UUID
    step: str  # the key of the step that the press closed; empty for one activity


@dataclass(slots=True)
class History:
    """One activity's past: its outcomes, newest last."""

    outcomes: list[PastOutcome] = field(default_factory=list)
    revisit_at: datetime | None = None

    @property
    def outcome(self) -> Outcome:
        return self.outcomes[-1].outcome if self.outcomes else NOTHING

    @property
    def outcome_before(self) -> Outcome:
        """What an undo restores."""
        return self.outcomes[-2].outcome if len(self.outcomes) > 1 else NOTHING

    @property
    def newest_press_id(self) -> UUID | None:
        return self.outcomes[-1].press_id if self.outcomes else None

    @property
    def closed_step(self) -> str:
        """The key of the step that the newest outcome closed as a whole, or empty."""
        return self.outcomes[-1].step if self.outcomes else ""

    def add(self, line: LogLine) -> None:
        if line.kind == "undone":
            del self.outcomes[-1:]
        elif line.kind == "revisit":
            self.revisit_at = line.at if line.data.get("flag", True) else None
        else:
            self._add_press(line)

    def _add_press(self, line: LogLine) -> None:
        press = Press.from_data(line.kind, line.data)
        new = after(self.outcome, press, line.at)
        # refined in place, so that one undo takes the whole of it back
        if new.kind == self.outcome.kind:
            self.outcomes[-1] = replace(self.outcomes[-1], outcome=new)
        else:
            self.outcomes.append(PastOutcome(new, line.press_id, press.step))


OF_ACTIVITIES = frozenset({"started", "done", "skipped", "revisit", "undone"})


def histories(lines: Iterable[LogLine]) -> dict[UUID, History]:
    """Activity key to its past, from lines in the order they were written; other lines
    are passed over.
    """
    pasts: dict[UUID, History] = {}
    for line in lines:
        if line.kind in OF_ACTIVITIES and line.activity_key:
            pasts.setdefault(line.activity_key, History()).add(line)
    return pasts


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


def minutes(lines: Iterable[LogLine]) -> dict[UUID, Minutes]:
    """The id of the press that logged them to the minutes."""
    found: dict[UUID, Minutes] = {}
    for line in lines:
        if line.kind == "time_logged":
            found[line.press_id] = Minutes(
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
class EnrollmentState:
    """One enrolment: its dates, its release number, and the routes chosen per step in
    the order of choosing.
    """

    enrolled_at: datetime
    release: int
    paused_at: datetime | None = None
    paused_until: date | None = None
    withdrawn_at: datetime | None = None
    finished_at: datetime | None = None
    routes: dict[tuple[UUID, UUID], datetime] = field(default_factory=dict)
    carried: JsonObject = field(default_factory=dict)  # as carrying.Carried.as_json


def enrollments(lines: Iterable[LogLine]) -> dict[int, EnrollmentState]:
    """Curriculum id to the enrolment."""
    states: dict[int, EnrollmentState] = {}
    for line in lines:
        if line.curriculum_id is None:
            continue
        if line.kind == "enrolled":
            state = states.setdefault(
                line.curriculum_id, EnrollmentState(line.at, line.data["release"])
            )
            state.withdrawn_at = None
        elif line.curriculum_id in states:
            _apply(line, states[line.curriculum_id])
    return states


def _apply(line: LogLine, state: EnrollmentState) -> None:
    match line.kind:
        case "paused":
            state.paused_at = line.at
            state.paused_until = date.fromisoformat(line.data["until"])
        case "resumed":
            state.paused_at = state.paused_until = None
        case "withdrew":
            state.paused_at = state.paused_until = None
            state.withdrawn_at = line.at
        case "finished":
            state.paused_at = state.paused_until = None
            state.finished_at = line.at
        case "moved":
            state.release = line.data["release"]
            state.carried = line.data.get("carried", {})
        case "step_finished":
            _add_finish(line, state)
        case "route_chosen":
            state.routes[UUID(line.data["step"]), UUID(line.data["route"])] = line.at
        case "route_left":
            state.routes.pop((UUID(line.data["step"]), UUID(line.data["route"])), None)


def _add_finish(line: LogLine, state: EnrollmentState) -> None:
    finish = UUID(line.data["step"]), Finish.from_json(line.data["finish"])
    carried = with_finish(Carried.from_json(state.carried), [finish])
    state.carried = carried.as_json()
