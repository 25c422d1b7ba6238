from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from members.tests.make import make_member
from progress import actions
from progress.models import Record, StudyEvent
from progress.tests.make import (
    NOW,
    key,
    kinds_logged,
    make_curriculum,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def record(name: str) -> Record:
    return Record.objects.get(activity_key=key(name))


def test_an_activity_is_started_then_done_once():
    member = make_member()

    assert actions.mark_started(member, key("A"), now=NOW) == [key("A")]
    assert actions.mark_started(member, key("A"), now=LATER) == []
    assert actions.mark_done(member, key("A"), now=LATER) == [key("A")]
    assert actions.mark_done(member, key("A"), now=LATER) == []
    assert actions.mark_started(member, key("A"), now=LATER) == []

    assert (record("A").started_at, record("A").done_at) == (NOW, LATER)
    assert kinds_logged() == ["started", "done"]


def test_two_first_presses_at_once_make_one_record():
    member = make_member()
    actions.mark_started(member, key("A"), now=NOW)
    answers = ["too early", "now"]

    def early_once(execute, sql, params, many, context):
        """The first look at the records is one of before the other press."""
        if 'FROM "progress_record"' in sql and answers.pop(0) == "too early":
            another = uuid4() if isinstance(params[0], UUID) else uuid4().hex
            params = (another, *params[1:])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(early_once):
        assert actions.mark_done(member, key("A"), now=LATER) == [key("A")]

    assert answers == []
    assert (record("A").started_at, record("A").done_at) == (NOW, LATER)
    assert kinds_logged() == ["started", "done"]


def test_confidence_is_refined_without_moving_the_date():
    member = make_member()

    actions.mark_done(member, key("A"), now=NOW)
    actions.mark_done(member, key("A"), now=LATER, confidence=3)
    actions.mark_done(member, key("A"), now=LATER, confidence=3)
    actions.mark_done(member, key("A"), now=LATER)

    assert (record("A").done_at, record("A").confidence) == (NOW, 3)
    assert kinds_logged() == ["done", "done"]


@pytest.mark.parametrize("confidence", [0, 5, -1])
def test_confidence_is_1_to_4(confidence):
    with pytest.raises(actions.BadConfidence):
        actions.mark_done(make_member(), key("A"), now=NOW, confidence=confidence)
    assert kinds_logged() == []


def test_skipping_keeps_the_reason_on_one_line():
    member = make_member()

    actions.mark_skipped(
        member, key("A"), now=NOW, reason=" Known \n already " + "x" * 300
    )
    actions.mark_skipped(member, key("A"), now=LATER)

    assert record("A").skipped_at == NOW
    assert record("A").skip_reason == ("Known already " + "x" * 300)[:200]
    assert kinds_logged() == ["skipped"]


def test_a_reason_keeps_nothing_that_cannot_be_seen_or_stored():
    actions.mark_skipped(
        make_member(), key("A"), now=NOW, reason="Known\0 al\u200bready"
    )

    assert record("A").skip_reason == "Known already"


def test_starting_a_skipped_activity_takes_it_up_again():
    member = make_member()
    actions.mark_skipped(member, key("A"), now=NOW, reason="Later")

    actions.mark_started(member, key("A"), now=LATER)

    assert (
        record("A").started_at,
        record("A").skipped_at,
        record("A").skip_reason,
    ) == (LATER, None, "")


def test_undo_restores_what_stood_before():
    member = make_member()
    actions.mark_started(member, key("A"), now=NOW)
    actions.mark_done(member, key("A"), now=NOW, confidence=2)
    actions.mark_done(member, key("A"), now=LATER, confidence=4)
    actions.mark_skipped(member, key("A"), now=LATER, reason="Dull")

    actions.undo(member, key("A"), now=LATER)
    assert (record("A").done_at, record("A").confidence, record("A").skipped_at) == (
        NOW,
        4,
        None,
    )

    actions.undo(member, key("A"), now=LATER)
    assert (record("A").started_at, record("A").done_at, record("A").confidence) == (
        NOW,
        None,
        None,
    )

    actions.undo(member, key("A"), now=LATER)
    assert record("A").started_at is None
    assert actions.undo(member, key("A"), now=LATER) == []
    assert kinds_logged().count("undone") == 3


def test_an_undo_that_names_what_it_takes_back_does_so_once():
    member = make_member()
    actions.mark_started(member, key("A"), now=NOW)
    actions.mark_done(member, key("A"), now=NOW)

    assert actions.undo(member, key("A"), now=LATER, was="done") == [key("A")]
    assert actions.undo(member, key("A"), now=LATER, was="done") == []

    assert record("A").started_at == NOW


def test_the_flag_to_revisit_stands_apart_from_the_outcome():
    member = make_member()
    actions.mark_done(member, key("A"), now=NOW)

    assert actions.mark_revisit(member, key("A"), now=NOW) == [key("A")]
    assert actions.mark_revisit(member, key("A"), now=LATER) == []
    actions.undo(member, key("A"), now=LATER)
    assert (record("A").done_at, record("A").revisit_at) == (None, NOW)

    actions.mark_revisit(member, key("A"), now=LATER, flag=False)
    assert record("A").revisit_at is None
    assert kinds_logged() == ["done", "revisit", "undone", "revisit"]


def test_each_member_has_their_own_records():
    ines, omar = make_member("Ines"), make_member("Omar")
    actions.mark_done(ines, key("A"), now=NOW)

    actions.mark_done(omar, key("A"), now=LATER)
    actions.undo(ines, key("A"), now=LATER)

    assert omar.records.get().done_at == LATER
    assert ines.records.get().done_at is None


def test_an_event_names_the_curriculum_it_was_pressed_in():
    curriculum, member = make_curriculum(), make_member()

    actions.mark_done(member, key("A"), now=NOW, curriculum=curriculum)
    actions.mark_revisit(member, key("A"), now=NOW, curriculum=curriculum)

    assert [event.curriculum for event in StudyEvent.objects.all()] == [
        curriculum,
        curriculum,
    ]


def test_done_and_skipped_at_once_breaks_a_constraint_in_plain_words():
    both = Record(
        member=make_member(), activity_key=key("A"), done_at=NOW, skipped_at=NOW
    )

    with pytest.raises(ValidationError, match="done or skipped, not both"):
        both.validate_constraints()
