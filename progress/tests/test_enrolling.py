from datetime import date, timedelta

import pytest

from curriculum.models import Curriculum
from curriculum.outline import Step
from members.tests.make import make_member
from progress import actions
from progress.models import Enrollment, Record, RouteChoice, StudyEvent
from progress.tests.make import (
    NOW,
    document,
    key,
    kinds_logged,
    make_curriculum,
    make_enrollment,
    make_release,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def record(name: str) -> Record:
    return Record.objects.get(activity_key=key(name))


def steps_of(enrollment: Enrollment) -> tuple[Step, ...]:
    return enrollment.release.outline.steps


def test_enrolling_twice_gives_the_same_enrolment_on_the_newest_release():
    member, curriculum = make_member(), make_curriculum()
    newest = make_release(curriculum, document())

    first = actions.enroll(member, curriculum, now=NOW)
    second = actions.enroll(member, curriculum, now=LATER)

    assert first == second
    assert second.release == newest
    assert (second.enrolled_at, second.visited_at) == (NOW, NOW)
    assert kinds_logged() == ["enrolled"]
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
    assert kinds_logged() == [
        "enrolled",
        "route_chosen",
        "done",
        "withdrew",
        "enrolled",
    ]


def test_a_pause_lasts_until_its_day_and_is_logged_once():
    enrollment = make_enrollment()

    actions.pause(enrollment, until=date(2026, 5, 27), now=NOW)
    actions.pause(enrollment, until=date(2026, 5, 27), now=LATER)

    enrollment.refresh_from_db()
    assert (enrollment.paused_at, enrollment.paused_until) == (NOW, date(2026, 5, 27))
    assert enrollment.is_paused_on(date(2026, 5, 26))
    assert not enrollment.is_paused_on(date(2026, 5, 27))
    assert kinds_logged() == ["enrolled", "paused"]


def test_a_pause_lasts_at_most_a_year():
    enrollment = make_enrollment()
    year = enrollment.member.local(NOW).date() + timedelta(days=366)

    with pytest.raises(actions.PauseEnded, match="at most a year"):
        actions.pause(enrollment, until=year + timedelta(days=1), now=NOW)
    assert Enrollment.objects.get().paused_until is None
    actions.pause(enrollment, until=year, now=NOW)

    assert Enrollment.objects.get().paused_until == year


def test_a_pause_can_be_moved():
    enrollment = make_enrollment()
    actions.pause(enrollment, until=date(2026, 5, 27), now=NOW)

    actions.pause(enrollment, until=date(2026, 6, 3), now=LATER)

    assert Enrollment.objects.get().paused_until == date(2026, 6, 3)
    assert kinds_logged() == ["enrolled", "paused", "paused"]


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        ("UTC", date(2026, 5, 6)),
        ("Pacific/Honolulu", date(2026, 5, 6)),
        ("Pacific/Auckland", date(2026, 5, 7)),
    ],
)
def test_a_pause_until_today_in_the_members_zone_is_refused(zone, today):
    enrollment = make_enrollment(make_member(time_zone=zone))

    with pytest.raises(actions.PauseEnded, match="a date in the future"):
        actions.pause(enrollment, until=today, now=NOW)
    actions.pause(enrollment, until=today + timedelta(days=1), now=NOW)


def test_resuming_ends_a_pause_once():
    enrollment = make_enrollment()
    actions.pause(enrollment, until=date(2026, 5, 27), now=NOW)

    actions.resume(enrollment, now=LATER)
    actions.resume(enrollment, now=LATER)

    assert Enrollment.objects.get().paused_until is None
    assert kinds_logged() == ["enrolled", "paused", "resumed"]


def test_withdrawing_ends_a_pause_and_happens_once():
    enrollment = make_enrollment()
    actions.pause(enrollment, until=date(2026, 5, 27), now=NOW)

    actions.withdraw(enrollment, now=LATER)
    actions.withdraw(enrollment, now=LATER)

    enrollment.refresh_from_db()
    assert (enrollment.withdrawn_at, enrollment.paused_at, enrollment.paused_until) == (
        LATER,
        None,
        None,
    )
    assert not enrollment.is_current
    assert kinds_logged() == ["enrolled", "paused", "withdrew"]


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
    assert kinds_logged().count("finished") == 1


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
    assert kinds_logged() == ["enrolled", "moved"]
    with pytest.raises(actions.OtherCurriculum):
        actions.move_release(enrollment, other, now=NOW)


def test_a_visit_is_written_only_when_the_place_changes():
    enrollment = make_enrollment()
    first, second = steps_of(enrollment)

    assert actions.visit(enrollment, second, now=LATER)
    assert not actions.visit(enrollment, second, now=LATER, is_newest=True)
    assert actions.visit(enrollment, first, now=LATER, is_newest=True)

    enrollment.refresh_from_db()
    assert (enrollment.step_key, enrollment.step_slug, enrollment.step_number) == (
        key("start"),
        "start",
        1,
    )
    assert enrollment.visited_at == LATER
    assert kinds_logged() == ["enrolled"]
