"""What the log says, from lines that no database holds."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from progress.replay import (
    NOTHING,
    EnrollmentState,
    Outcome,
    Press,
    after,
    enrollments,
    histories,
    minutes,
)

NOW = datetime(2026, 5, 6, 18, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
KEY, OTHER, STEP, ROUTE = (UUID(int=number) for number in range(1, 5))


@dataclass
class Line:
    kind: str
    at: datetime = NOW
    press_id: UUID = KEY
    activity_key: UUID | None = None
    curriculum_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


STARTED = Outcome(started_at=NOW)
DONE = Outcome(started_at=NOW, done_at=NOW, confidence=2)
SKIPPED = Outcome(started_at=NOW, skipped_at=NOW, skip_reason="known")


@pytest.mark.parametrize(
    ("outcome", "press", "result"),
    [
        (NOTHING, Press("started"), Outcome(started_at=LATER)),
        (STARTED, Press("started"), STARTED),
        (DONE, Press("started"), DONE),
        (SKIPPED, Press("started"), STARTED),
        (Outcome(skipped_at=NOW), Press("started"), Outcome(started_at=LATER)),
        (NOTHING, Press("done"), Outcome(done_at=LATER)),
        (STARTED, Press("done"), Outcome(started_at=NOW, done_at=LATER)),
        (DONE, Press("done"), DONE),
        (DONE, Press("done", confidence=3), Outcome(NOW, NOW, 3)),
        (SKIPPED, Press("done", confidence=1), Outcome(NOW, LATER, 1)),
        (
            DONE,
            Press("skipped"),
            Outcome(started_at=NOW, skipped_at=LATER),
        ),
        (SKIPPED, Press("skipped"), SKIPPED),
        (
            SKIPPED,
            Press("skipped", reason="no time"),
            Outcome(started_at=NOW, skipped_at=NOW, skip_reason="no time"),
        ),
    ],
)
def test_a_press_makes_an_outcome_of_another(
    outcome: Outcome, press: Press, result: Outcome
) -> None:
    assert after(outcome, press, LATER) == result


@pytest.mark.parametrize(
    ("press", "data"),
    [
        (Press("done"), {}),
        (Press("done", confidence=0), {"confidence": 0}),
        (Press("skipped"), {"reason": ""}),
        (Press("skipped", reason="known", step="s"), {"reason": "known", "step": "s"}),
    ],
)
def test_a_press_is_read_as_it_was_written(press: Press, data: dict[str, Any]) -> None:
    assert press.as_data() == data
    assert Press.from_data(press.kind, data) == press


def test_an_undo_restores_the_outcome_before_and_refining_is_no_outcome_of_its_own() -> (
    None
):
    lines = [
        Line("started", activity_key=KEY),
        Line("done", LATER, OTHER, KEY, data={"step": "s"}),
        Line("done", LATER, STEP, KEY, data={"confidence": 3}),
        Line("done", activity_key=OTHER),
        Line("time_logged", activity_key=KEY),
        Line("done"),  # of no activity
    ]

    past = histories(lines)
    history = past[KEY]

    assert set(past) == {KEY, OTHER}
    assert history.outcome == Outcome(NOW, LATER, 3)
    assert history.outcome_before == STARTED
    assert (history.newest_press_id, history.closed_step) == (OTHER, "s")

    history.add(Line("undone"))

    assert history.outcome == STARTED
    assert (history.newest_press_id, history.closed_step) == (KEY, "")

    history.add(Line("undone"))

    assert history.outcome == history.outcome_before == NOTHING
    assert (history.newest_press_id, history.closed_step) == (None, "")


def test_an_activity_is_on_the_list_to_revisit_until_it_is_taken_off() -> None:
    lines = [
        Line("revisit", activity_key=KEY),
        Line("revisit", LATER, activity_key=OTHER, data={"flag": True}),
        Line("revisit", LATER, activity_key=KEY, data={"flag": False}),
    ]

    past = histories(lines)

    assert (past[KEY].revisit_at, past[OTHER].revisit_at) == (None, LATER)


def test_minutes_are_those_that_were_not_taken_back() -> None:
    logged = {"aspect": "run", "minutes": 30, "studied_on": "2026-05-06"}
    lines = [
        Line("time_logged", press_id=KEY, data={**logged, "step": str(STEP)}),
        Line("time_logged", press_id=OTHER, activity_key=KEY, data=logged),
        Line("time_undone", LATER, STEP, data={"of": str(KEY)}),
    ]

    entries = minutes(lines)

    assert [entries[key].undone_at for key in (KEY, OTHER)] == [LATER, None]
    assert [entries[key].step_key for key in (KEY, OTHER)] == [STEP, None]
    assert entries[OTHER].studied_on == date(2026, 5, 6)


def enrolled(*lines: Line) -> EnrollmentState:
    first = Line("enrolled", curriculum_id=1, data={"release": 1})
    return enrollments([first, *lines])[1]


def test_an_enrolment_is_what_its_lines_say_in_their_order() -> None:
    paused = Line("paused", LATER, curriculum_id=1, data={"until": "2026-06-01"})

    assert enrolled(paused).paused_until == date(2026, 6, 1)
    for ending, field_name in (
        ("withdrew", "withdrawn_at"),
        ("finished", "finished_at"),
    ):
        state = enrolled(paused, Line(ending, LATER, curriculum_id=1))
        assert (state.paused_at, state.paused_until) == (None, None)
        assert getattr(state, field_name) == LATER
    resumed = enrolled(paused, Line("resumed", LATER, curriculum_id=1))
    assert (resumed.paused_at, resumed.withdrawn_at) == (None, None)


def test_coming_back_keeps_the_first_date_and_the_release() -> None:
    state = enrolled(
        Line("moved", curriculum_id=1, data={"release": 2}),
        Line("withdrew", curriculum_id=1),
        Line("enrolled", LATER, curriculum_id=1, data={"release": 3}),
    )

    assert (state.enrolled_at, state.release, state.withdrawn_at) == (NOW, 2, None)


def test_a_route_that_was_left_is_no_longer_chosen() -> None:
    both = {"step": str(STEP), "route": str(ROUTE)}
    other = {"step": str(STEP), "route": str(OTHER)}
    state = enrolled(
        Line("route_chosen", curriculum_id=1, data=both),
        Line("route_chosen", LATER, curriculum_id=1, data=other),
        Line("route_left", curriculum_id=1, data=both),
        Line("route_left", curriculum_id=1, data=both),
    )

    assert state.routes == {(STEP, OTHER): LATER}


def test_lines_of_no_enrolment_are_passed_over() -> None:
    lines = [
        Line("done", activity_key=KEY),
        Line("paused", curriculum_id=2, data={"until": "2026-06-01"}),
        Line("enrolled", curriculum_id=1, data={"release": 1}),
        Line("done", curriculum_id=1, activity_key=KEY),
    ]

    assert enrollments(lines) == {1: EnrollmentState(NOW, 1)}
