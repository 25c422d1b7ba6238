from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from curriculum.models import Curriculum
from members.tests.make import make_member
from progress import actions
from progress.models import Enrollment, LoggedTime, Record, RouteChoice, StudyEvent
from progress.tests.make import (
    NOW,
    activity,
    document,
    key,
    make_curriculum,
    make_enrollment,
    make_release,
    step,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def kinds() -> list[str]:
    return list(StudyEvent.objects.order_by("pk").values_list("kind", flat=True))


def record(name: str) -> Record:
    return Record.objects.get(activity_key=key(name))


def steps_of(enrollment: Enrollment):
    return enrollment.release.outline.steps


# Enrolment


def test_enrolling_twice_gives_the_same_enrolment_on_the_newest_release():
    member, curriculum = make_member(), make_curriculum()
    newest = make_release(curriculum, document())

    first = actions.enroll(member, curriculum, now=NOW)
    second = actions.enroll(member, curriculum, now=LATER)

    assert first == second
    assert second.release == newest
    assert (second.enrolled_at, second.visited_at) == (NOW, NOW)
    assert kinds() == ["enrolled"]
    assert StudyEvent.objects.get().data == {"release": 2}


def test_nobody_enrols_in_an_unpublished_curriculum():
    draft = Curriculum.objects.create(slug="draft", title="Draft")

    with pytest.raises(actions.NotPublished, match="not published"):
        actions.enroll(make_member(), draft, now=NOW)


def test_coming_back_after_a_withdrawal_keeps_everything():
    enrollment = make_enrollment()
    actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)
    actions.mark_done(enrollment.member, key("A"), now=NOW)
    actions.withdraw(enrollment, now=NOW)
    make_release(enrollment.curriculum, document())

    back = actions.enroll(enrollment.member, enrollment.curriculum, now=LATER)

    assert back.pk == enrollment.pk
    assert (back.withdrawn_at, back.release.number, back.enrolled_at) == (None, 1, NOW)
    assert back.visited_at == LATER
    assert RouteChoice.objects.get().route_key == key("course")
    assert record("A").done_at == NOW
    assert kinds() == ["enrolled", "route_chosen", "done", "withdrew", "enrolled"]


def test_a_pause_lasts_until_its_day_and_is_logged_once():
    enrollment = make_enrollment()

    actions.pause(enrollment, until=date(2026, 5, 27), now=NOW)
    actions.pause(enrollment, until=date(2026, 5, 27), now=LATER)

    enrollment.refresh_from_db()
    assert (enrollment.paused_at, enrollment.paused_until) == (NOW, date(2026, 5, 27))
    assert enrollment.is_paused_on(date(2026, 5, 26))
    assert not enrollment.is_paused_on(date(2026, 5, 27))
    assert kinds() == ["enrolled", "paused"]


def test_a_pause_can_be_moved():
    enrollment = make_enrollment()
    actions.pause(enrollment, until=date(2026, 5, 27), now=NOW)

    actions.pause(enrollment, until=date(2026, 6, 3), now=LATER)

    assert Enrollment.objects.get().paused_until == date(2026, 6, 3)
    assert kinds() == ["enrolled", "paused", "paused"]


@pytest.mark.parametrize(
    ("zone", "today"),
    [("UTC", date(2026, 5, 6)), ("Pacific/Honolulu", date(2026, 5, 6)), ("Pacific/Auckland", date(2026, 5, 7))],
)
def test_a_pause_until_today_in_her_own_zone_is_refused(zone, today):
    enrollment = make_enrollment(make_member(time_zone=zone))

    with pytest.raises(actions.PauseEnded, match="a day to come"):
        actions.pause(enrollment, until=today, now=NOW)
    actions.pause(enrollment, until=today + timedelta(days=1), now=NOW)


def test_resuming_ends_a_pause_once():
    enrollment = make_enrollment()
    actions.pause(enrollment, until=date(2026, 5, 27), now=NOW)

    actions.resume(enrollment, now=LATER)
    actions.resume(enrollment, now=LATER)

    assert Enrollment.objects.get().paused_until is None
    assert kinds() == ["enrolled", "paused", "resumed"]


def test_withdrawing_ends_a_pause_and_happens_once():
    enrollment = make_enrollment()
    actions.pause(enrollment, until=date(2026, 5, 27), now=NOW)

    actions.withdraw(enrollment, now=LATER)
    actions.withdraw(enrollment, now=LATER)

    enrollment.refresh_from_db()
    assert (enrollment.withdrawn_at, enrollment.paused_at, enrollment.paused_until) == (LATER, None, None)
    assert not enrollment.is_current
    assert kinds() == ["enrolled", "paused", "withdrew"]


def test_a_withdrawn_enrolment_cannot_be_paused():
    enrollment = make_enrollment()
    actions.withdraw(enrollment, now=NOW)

    with pytest.raises(actions.NotCurrent):
        actions.pause(enrollment, until=date(2026, 5, 27), now=NOW)


def test_a_curriculum_is_finished_when_every_core_activity_is_closed():
    enrollment = make_enrollment()
    actions.mark_step_done(enrollment, steps_of(enrollment)[0], now=NOW)

    with pytest.raises(actions.NotAllDone, match="still open"):
        actions.finish(enrollment, now=NOW)
    actions.skip_step(enrollment, steps_of(enrollment)[1], now=NOW)
    actions.finish(enrollment, now=LATER)
    actions.finish(enrollment, now=LATER + timedelta(days=1))

    assert Enrollment.objects.get().finished_at == LATER
    assert kinds().count("finished") == 1


def test_a_finished_curriculum_is_not_left():
    enrollment = make_enrollment()
    for each in steps_of(enrollment):
        actions.mark_step_done(enrollment, each, now=NOW)
    actions.finish(enrollment, now=NOW)

    with pytest.raises(actions.NotCurrent):
        actions.withdraw(enrollment, now=NOW)


def test_moving_to_another_release_is_logged_once_and_only_within_the_curriculum():
    enrollment = make_enrollment()
    newer = make_release(enrollment.curriculum, document())
    other = make_curriculum(slug="other").releases.get()

    actions.move_release(enrollment, newer, now=NOW)
    actions.move_release(enrollment, newer, now=LATER)

    assert Enrollment.objects.get().release == newer
    assert kinds() == ["enrolled", "moved"]
    with pytest.raises(actions.OtherCurriculum):
        actions.move_release(enrollment, other, now=NOW)


def test_a_visit_is_written_only_when_the_place_changes():
    enrollment = make_enrollment()
    first, second = steps_of(enrollment)

    assert actions.visit(enrollment, second, now=LATER)
    assert not actions.visit(enrollment, second, now=LATER, is_newest=True)
    assert actions.visit(enrollment, first, now=LATER, is_newest=True)

    enrollment.refresh_from_db()
    assert (enrollment.step_key, enrollment.step_slug, enrollment.step_number) == (key("start"), "start", 1)
    assert enrollment.visited_at == LATER
    assert kinds() == ["enrolled"]


# Routes


def chosen() -> list:
    return list(RouteChoice.objects.order_by("chosen_at", "pk").values_list("route_key", flat=True))


def test_the_recommended_route_needs_no_choice():
    enrollment = make_enrollment(make_member(goal="apply"))

    actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)

    assert chosen() == []
    assert kinds() == ["enrolled"]


def test_another_route_takes_the_place_of_the_recommended_one_and_back():
    enrollment = make_enrollment(make_member(goal="apply"))

    actions.choose_route(enrollment, key("deep"), key("book"), now=NOW)
    actions.choose_route(enrollment, key("deep"), key("book"), now=LATER)
    assert chosen() == [key("book")]

    actions.choose_route(enrollment, key("deep"), key("course"), now=LATER)
    assert chosen() == [key("course")]
    assert kinds() == ["enrolled", "route_chosen", "route_left", "route_chosen"]
    left, new = StudyEvent.objects.order_by("pk")[2:]
    assert left.deed == new.deed
    assert left.data == {"step": str(key("deep")), "route": str(key("book"))}


def test_two_routes_may_be_active_at_once():
    enrollment = make_enrollment(make_member(goal="apply"))

    actions.choose_route(enrollment, key("deep"), key("book"), now=NOW, besides=True)

    assert sorted(chosen()) == sorted([key("course"), key("book")])


def test_leaving_the_last_route_makes_the_recommended_one_active_again():
    enrollment = make_enrollment()
    actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)

    actions.leave_route(enrollment, key("deep"), key("course"), now=LATER)
    actions.leave_route(enrollment, key("deep"), key("course"), now=LATER)

    assert chosen() == []
    assert kinds() == ["enrolled", "route_chosen", "route_left"]


@pytest.mark.parametrize(("step_name", "route_name"), [("deep", "nowhere"), ("nowhere", "book"), ("start", "book")])
def test_a_route_that_the_step_does_not_have_is_refused(step_name, route_name):
    with pytest.raises(actions.UnknownRoute):
        actions.choose_route(make_enrollment(), key(step_name), key(route_name), now=NOW)


# Activities


def test_an_activity_is_started_then_done_once():
    member = make_member()

    assert actions.mark_started(member, key("A"), now=NOW) == [key("A")]
    assert actions.mark_started(member, key("A"), now=LATER) == []
    assert actions.mark_done(member, key("A"), now=LATER) == [key("A")]
    assert actions.mark_done(member, key("A"), now=LATER) == []
    assert actions.mark_started(member, key("A"), now=LATER) == []

    assert (record("A").started_at, record("A").done_at) == (NOW, LATER)
    assert kinds() == ["started", "done"]


def test_two_first_presses_at_once_make_one_record(monkeypatch):
    member = make_member()
    actions.mark_started(member, key("A"), now=NOW)
    seen = actions._locked_records
    answers = [lambda member, keys: [Record(member=member, activity_key=k) for k in keys], seen]
    monkeypatch.setattr(actions, "_locked_records", lambda *args: answers.pop(0)(*args))

    assert actions.mark_done(member, key("A"), now=LATER) == [key("A")]

    assert (record("A").started_at, record("A").done_at) == (NOW, LATER)
    assert kinds() == ["started", "done"]


def test_confidence_is_refined_without_moving_the_date():
    member = make_member()

    actions.mark_done(member, key("A"), now=NOW)
    actions.mark_done(member, key("A"), now=LATER, confidence=3)
    actions.mark_done(member, key("A"), now=LATER, confidence=3)
    actions.mark_done(member, key("A"), now=LATER)

    assert (record("A").done_at, record("A").confidence) == (NOW, 3)
    assert kinds() == ["done", "done"]


@pytest.mark.parametrize("confidence", [0, 5, -1])
def test_confidence_is_1_to_4(confidence):
    with pytest.raises(actions.BadConfidence):
        actions.mark_done(make_member(), key("A"), now=NOW, confidence=confidence)
    assert kinds() == []


def test_skipping_keeps_the_reason_on_one_line():
    member = make_member()

    actions.mark_skipped(member, key("A"), now=NOW, reason=" Known \n already " + "x" * 300)
    actions.mark_skipped(member, key("A"), now=LATER)

    assert record("A").skipped_at == NOW
    assert record("A").skip_reason == ("Known already " + "x" * 300)[:200]
    assert kinds() == ["skipped"]


def test_starting_a_skipped_activity_takes_it_up_again():
    member = make_member()
    actions.mark_skipped(member, key("A"), now=NOW, reason="Later")

    actions.mark_started(member, key("A"), now=LATER)

    assert (record("A").started_at, record("A").skipped_at, record("A").skip_reason) == (LATER, None, "")


def test_undo_restores_what_stood_before():
    member = make_member()
    actions.mark_started(member, key("A"), now=NOW)
    actions.mark_done(member, key("A"), now=NOW, confidence=2)
    actions.mark_done(member, key("A"), now=LATER, confidence=4)
    actions.mark_skipped(member, key("A"), now=LATER, reason="Dull")

    actions.undo(member, key("A"), now=LATER)
    assert (record("A").done_at, record("A").confidence, record("A").skipped_at) == (NOW, 4, None)

    actions.undo(member, key("A"), now=LATER)
    assert (record("A").started_at, record("A").done_at, record("A").confidence) == (NOW, None, None)

    actions.undo(member, key("A"), now=LATER)
    assert record("A").started_at is None
    assert actions.undo(member, key("A"), now=LATER) == []
    assert kinds().count("undone") == 3


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
    assert kinds() == ["done", "revisit", "undone", "revisit"]


def test_each_member_has_her_own_records():
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

    assert [event.curriculum for event in StudyEvent.objects.all()] == [curriculum, curriculum]


def test_a_step_is_marked_done_in_one_deed():
    enrollment = make_enrollment()
    deep = steps_of(enrollment)[1]
    actions.mark_skipped(enrollment.member, key("Common"), now=NOW)

    changed = actions.mark_step_done(enrollment, deep, now=LATER)
    again = actions.mark_step_done(enrollment, deep, now=LATER)

    assert sorted(changed) == sorted([key("B1"), key("Shared")])
    assert again == []
    assert record("Common").done_at is None
    assert StudyEvent.objects.filter(kind="done").values("deed").distinct().count() == 1
    assert {event.data["step"] for event in StudyEvent.objects.filter(kind="done")} == {str(key("deep"))}


def test_undoing_a_step_takes_back_the_whole_deed_and_nothing_else():
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

    assert sorted(actions.undo_step(enrollment, start, now=LATER)) == sorted([key("A"), key("B")])
    assert (record("A").done_at, record("A").confidence) == (None, None)


def test_undoing_a_step_takes_the_newest_deed_first():
    enrollment = make_enrollment()
    start = steps_of(enrollment)[0]
    actions.skip_step(enrollment, start, now=NOW)
    actions.undo(enrollment.member, key("B"), now=NOW)
    actions.mark_step_done(enrollment, start, now=LATER)

    assert actions.undo_step(enrollment, start, now=LATER) == [key("B")]
    assert actions.undo_step(enrollment, start, now=LATER) == [key("A")]


def test_an_activity_without_a_step_deed_is_left_alone_by_undoing_the_step():
    enrollment = make_enrollment()
    actions.mark_done(enrollment.member, key("A"), now=NOW)
    actions.undo(enrollment.member, key("A"), now=NOW)
    actions.mark_done(enrollment.member, key("B"), now=NOW)

    assert actions.undo_step(enrollment, steps_of(enrollment)[0], now=LATER) == []


def test_done_in_one_curriculum_is_done_in_another():
    member = make_member()
    first = make_enrollment(member)
    second = make_enrollment(member, make_curriculum(step("only", activity("A")), slug="other"))

    actions.mark_step_done(first, steps_of(first)[0], now=NOW)

    assert actions.mark_step_done(second, steps_of(second)[0], now=LATER) == []


def test_done_and_skipped_at_once_breaks_a_constraint_in_her_words():
    both = Record(member=make_member(), activity_key=key("A"), done_at=NOW, skipped_at=NOW)

    with pytest.raises(ValidationError, match="done or skipped, not both"):
        both.validate_constraints()


# Minutes


def test_minutes_land_on_her_own_day():
    honolulu = make_member(time_zone="Pacific/Honolulu")
    auckland = make_member(time_zone="Pacific/Auckland")
    early = NOW.replace(hour=5)
    late = NOW.replace(hour=20)

    assert actions.log_minutes(honolulu, aspect="run", minutes=25, now=early).studied_on == date(2026, 5, 5)
    assert actions.log_minutes(auckland, aspect="run", minutes=25, now=late).studied_on == date(2026, 5, 7)


def test_a_form_sent_twice_logs_once():
    member, deed = make_member(), uuid4()

    first = actions.log_minutes(member, aspect="math", minutes=40, now=NOW, deed=deed)
    second = actions.log_minutes(member, aspect="math", minutes=40, now=LATER, deed=deed)

    assert first == second
    assert kinds() == ["time_logged"]


def test_the_deed_of_somebody_else_is_no_obstacle():
    deed = uuid4()
    actions.log_minutes(make_member(), aspect="math", minutes=40, now=NOW, deed=deed)

    actions.log_minutes(make_member(), aspect="math", minutes=40, now=NOW, deed=deed)

    assert LoggedTime.objects.count() == 2


@pytest.mark.parametrize("minutes", [0, -5, 961, 5000])
def test_minutes_are_1_to_960(minutes):
    with pytest.raises(actions.BadMinutes, match="between 1 and 960"):
        actions.log_minutes(make_member(), aspect="run", minutes=minutes, now=NOW)


def test_minutes_need_an_aspect():
    with pytest.raises(actions.BadMinutes, match="run, hack or math"):
        actions.log_minutes(make_member(), aspect="sleep", minutes=5, now=NOW)


def test_tomorrow_is_not_studied_yet():
    member = make_member()

    with pytest.raises(actions.BadDay):
        actions.log_minutes(member, aspect="run", minutes=5, now=NOW, studied_on=date(2026, 5, 7))
    actions.log_minutes(member, aspect="run", minutes=5, now=NOW, studied_on=date(2026, 5, 1))


def test_minutes_remember_where_they_were_spent():
    enrollment = make_enrollment()

    logged = actions.log_minutes(
        enrollment.member,
        aspect="hack",
        minutes=50,
        now=NOW,
        enrollment=enrollment,
        step_key=key("deep"),
        activity_key=key("B1"),
    )

    assert (logged.curriculum, logged.step_key, logged.activity_key) == (
        enrollment.curriculum,
        key("deep"),
        key("B1"),
    )


def test_minutes_are_taken_back_once_and_stay_in_the_log():
    logged = actions.log_minutes(make_member(), aspect="run", minutes=5, now=NOW)

    actions.undo_minutes(logged, now=LATER)
    actions.undo_minutes(logged, now=LATER + timedelta(days=1))

    assert logged.undone_at == LATER
    assert LoggedTime.objects.get().undone_at == LATER
    assert kinds() == ["time_logged", "time_undone"]
