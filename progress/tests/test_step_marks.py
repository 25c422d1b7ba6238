from datetime import timedelta

import pytest

from curriculum.outline import Step
from members.tests.make import make_member
from progress import actions
from progress.models import Enrollment, Record, StudyEvent
from progress.tests.make import (
    NOW,
    activity,
    key,
    make_curriculum,
    make_enrollment,
    step,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def record(name: str) -> Record:
    return Record.objects.get(activity_key=key(name))


def steps_of(enrollment: Enrollment) -> tuple[Step, ...]:
    return enrollment.release.outline.steps


def test_a_step_is_marked_done_with_one_press():
    enrollment = make_enrollment()
    deep = steps_of(enrollment)[1]
    actions.mark_skipped(enrollment.member, key("Common"), now=NOW)

    changed = actions.mark_step_done(enrollment, deep, now=LATER)
    again = actions.mark_step_done(enrollment, deep, now=LATER)

    assert sorted(changed) == sorted([key("B1"), key("Shared")])
    assert again == []
    assert record("Common").done_at is None
    assert (
        StudyEvent.objects.filter(kind="done").values("press_id").distinct().count()
        == 1
    )
    assert {event.data["step"] for event in StudyEvent.objects.filter(kind="done")} == {
        str(key("deep"))
    }


def test_undoing_a_step_takes_back_the_whole_press_and_nothing_else():
    enrollment = make_enrollment()
    start = steps_of(enrollment)[0]
    actions.mark_done(enrollment.member, key("A"), now=NOW)
    actions.skip_step(enrollment, start, now=LATER, reason="Known already")
    assert record("B").skip_reason == "Known already"

    assert actions.undo_step(enrollment, start, now=LATER) == [key("B")]
    assert actions.undo_step(enrollment, start, now=LATER) == []

    assert record("A").done_at == NOW
    assert (record("B").skipped_at, record("B").done_at) == (None, None)


def test_confidence_said_later_goes_with_the_step_that_is_taken_back():
    enrollment = make_enrollment()
    start = steps_of(enrollment)[0]
    actions.mark_step_done(enrollment, start, now=NOW)
    actions.mark_done(enrollment.member, key("A"), now=LATER, confidence=4)

    assert sorted(actions.undo_step(enrollment, start, now=LATER)) == sorted(
        [key("A"), key("B")]
    )
    assert (record("A").done_at, record("A").confidence) == (None, None)


def test_undoing_a_step_takes_the_newest_press_first():
    enrollment = make_enrollment()
    start = steps_of(enrollment)[0]
    actions.skip_step(enrollment, start, now=NOW)
    actions.undo(enrollment.member, key("B"), now=NOW)
    actions.mark_step_done(enrollment, start, now=LATER)

    assert actions.undo_step(enrollment, start, now=LATER) == [key("B")]
    assert actions.undo_step(enrollment, start, now=LATER) == [key("A")]


def test_an_activity_without_a_press_for_the_step_is_left_alone_by_undoing_the_step():
    enrollment = make_enrollment()
    actions.mark_done(enrollment.member, key("A"), now=NOW)
    actions.undo(enrollment.member, key("A"), now=NOW)
    actions.mark_done(enrollment.member, key("B"), now=NOW)

    assert actions.undo_step(enrollment, steps_of(enrollment)[0], now=LATER) == []


def test_done_in_one_curriculum_is_done_in_another():
    member = make_member()
    first = make_enrollment(member)
    second = make_enrollment(
        member, make_curriculum(step("only", activity("A")), slug="other")
    )

    actions.mark_step_done(first, steps_of(first)[0], now=NOW)

    assert actions.mark_step_done(second, steps_of(second)[0], now=LATER) == []
