"""The log is enough: whatever a member does, in whatever order, the rows
are what the log says.
"""

import contextlib
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from members.models import Member
from members.tests.make import make_member
from progress import actions, rebuild
from progress.models import Enrollment, LoggedTime, Record, RouteChoice, StudyEvent
from progress.tests.make import (
    NOW,
    document,
    key,
    make_curriculum,
    make_enrollment,
    make_release,
    rolled_back,
)

pytestmark = pytest.mark.django_db

NAMES = ["A", "B", "B1", "Shared", "C1", "Common"]
names = st.sampled_from(NAMES)
steps = st.integers(0, 1)
deeds = st.one_of(
    st.tuples(st.just("enroll")),
    st.tuples(st.just("pause"), st.integers(1, 40)),
    st.tuples(st.just("resume")),
    st.tuples(st.just("withdraw")),
    st.tuples(st.just("finish")),
    st.tuples(st.just("move"), st.integers(1, 2)),
    st.tuples(st.just("choose"), st.sampled_from(["book", "course"]), st.booleans()),
    st.tuples(st.just("leave"), st.sampled_from(["book", "course"])),
    st.tuples(st.just("started"), names),
    st.tuples(st.just("done"), names, st.none() | st.integers(1, 4)),
    st.tuples(st.just("skipped"), names, st.text("ab ", max_size=4)),
    st.tuples(st.just("revisit"), names, st.booleans()),
    st.tuples(
        st.just("undo"), names, st.sampled_from(["", "done", "skipped", "started"])
    ),
    st.tuples(st.just("step done"), steps),
    st.tuples(st.just("step skipped"), steps),
    st.tuples(st.just("step undone"), steps),
    st.tuples(
        st.just("log"),
        st.sampled_from(["run", "hack", "math"]),
        st.integers(1, 960),
        st.integers(0, 3),
    ),
    st.tuples(st.just("unlog"), st.integers(0, 3)),
)


def do(enrollment: Enrollment, deed: tuple, now: datetime) -> None:
    member, outline = enrollment.member, enrollment.release.outline
    match deed:
        case ("enroll",):
            actions.enroll(member, enrollment.curriculum, now=now)
        case ("pause", days):
            actions.pause(enrollment, until=now.date() + timedelta(days=days), now=now)
        case ("resume",):
            actions.resume(enrollment, now=now)
        case ("withdraw",):
            actions.withdraw(enrollment, now=now)
        case ("finish",):
            actions.finish(enrollment, now=now)
        case ("move", number):
            actions.move_release(
                enrollment, enrollment.curriculum.releases.get(number=number), now=now
            )
        case ("choose", route, alongside):
            actions.choose_route(
                enrollment, key("deep"), key(route), now=now, alongside=alongside
            )
        case ("leave", route):
            actions.leave_route(enrollment, key("deep"), key(route), now=now)
        case ("started", name):
            actions.mark_started(member, key(name), now=now)
        case ("done", name, confidence):
            actions.mark_done(member, key(name), now=now, confidence=confidence)
        case ("skipped", name, reason):
            actions.mark_skipped(member, key(name), now=now, reason=reason)
        case ("revisit", name, flag):
            actions.mark_revisit(member, key(name), now=now, flag=flag)
        case ("undo", name, was):
            actions.undo(member, key(name), now=now, was=was)
        case ("step done", n):
            actions.mark_step_done(enrollment, outline.steps[n], now=now)
        case ("step skipped", n):
            actions.skip_step(enrollment, outline.steps[n], now=now, reason="Later")
        case ("step undone", n):
            actions.undo_step(enrollment, outline.steps[n], now=now)
        case ("log", aspect, minutes, n):
            place = {"enrollment": enrollment, "step_key": key("deep")} if n else {}
            actions.log_minutes(
                member,
                aspect=aspect,
                minutes=minutes,
                now=now,
                press_id=UUID(int=n),
                **place,
            )
        case ("unlog", n):
            for logged in LoggedTime.objects.filter(press_id=UUID(int=n)):
                actions.undo_minutes(logged, now=now)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(deeds, min_size=1, max_size=25))
@example([("step done", 0), ("step skipped", 1), ("finish",), ("enroll",), ("move", 2)])
@example(
    [
        ("choose", "course", True),
        ("pause", 3),
        ("withdraw",),
        ("leave", "book"),
        ("enroll",),
        ("resume",),
    ]
)
@example(
    [
        ("pause", 3),
        ("resume",),
        ("pause", 5),
        ("step done", 0),
        ("step done", 1),
        ("finish",),
        ("move", 2),
    ]
)
@example(
    [
        ("choose", "course", False),
        ("leave", "course"),
        ("revisit", "A", True),
        ("revisit", "A", False),
    ]
)
@example(
    [
        ("log", "run", 30, 1),
        ("unlog", 1),
        ("log", "run", 30, 1),
        ("unlog", 1),
        ("log", "hack", 5, 0),
    ]
)
def test_whatever_a_member_does_the_rows_are_what_the_log_says(doings):
    with rolled_back():
        enrollment = make_enrollment()
        make_release(enrollment.curriculum, document())
        now = NOW
        for deed in doings:
            now += timedelta(minutes=7)
            before = rebuild.from_rows(enrollment.member)
            lines = StudyEvent.objects.count()
            try:
                do(enrollment, deed, now)
            except actions.Refused:
                assert rebuild.from_rows(enrollment.member) == before
            enrollment.refresh_from_db()
            changed = rebuild.from_rows(enrollment.member) != before
            assert changed == (StudyEvent.objects.count() > lines), (
                f"{deed} changed rows and log apart"
            )
        rows = rebuild.from_rows(enrollment.member)

        assert rebuild.from_log(enrollment.member) == rows

        wipe(enrollment.member)
        rebuild.rebuild(enrollment.member)

        assert rebuild.from_rows(enrollment.member) == rows


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(deeds, max_size=12), deeds)
def test_twice_is_the_same_as_once(doings, deed):
    with rolled_back():
        enrollment = make_enrollment()
        make_release(enrollment.curriculum, document())
        for n, each in enumerate([*doings, deed]):
            with contextlib.suppress(actions.Refused):
                do(enrollment, each, NOW + timedelta(minutes=n))
            enrollment.refresh_from_db()
        once = rebuild.from_rows(enrollment.member)
        lines = StudyEvent.objects.count()
        # these go back step by step
        is_open_undo = deed[0] == "step undone" or (deed[0] == "undo" and not deed[2])
        # A pause a day later ends on another day, and minutes of another
        # day are another entry.
        if not is_open_undo and deed[0] not in ("pause", "log"):
            with contextlib.suppress(actions.Refused):
                do(enrollment, deed, NOW + timedelta(days=1))

            assert rebuild.from_rows(enrollment.member) == once
            assert StudyEvent.objects.count() == lines


def wipe(member: Member) -> None:
    for model in (Record, LoggedTime, RouteChoice, Enrollment):
        model.objects.all().delete()
    assert rebuild.from_rows(member) == rebuild.Snapshot({}, {}, {})


def test_rebuilding_leaves_the_place_and_other_members_alone():
    enrollment, other = make_enrollment(), make_member()
    actions.visit(enrollment, enrollment.release.outline.steps[1], now=NOW)
    actions.mark_done(enrollment.member, key("A"), now=NOW)
    actions.mark_done(other, key("A"), now=NOW)
    Record.objects.update(done_at=datetime(2020, 1, 1, tzinfo=UTC))

    rebuild.rebuild(enrollment.member)

    enrollment.refresh_from_db()
    assert (enrollment.step_slug, enrollment.visited_at) == ("deep", NOW)
    assert enrollment.member.records.get().done_at == NOW
    assert other.records.get().done_at == datetime(2020, 1, 1, tzinfo=UTC)


def test_the_log_tells_the_whole_story():
    member, curriculum = make_member(), make_curriculum()
    enrollment = actions.enroll(member, curriculum, now=NOW)
    actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)
    actions.mark_done(member, key("A"), now=NOW, confidence=3)
    actions.log_minutes(
        member,
        aspect="run",
        minutes=25,
        now=NOW,
        enrollment=enrollment,
        step_key=key("start"),
    )
    actions.pause(enrollment, until=date(2026, 6, 1), now=NOW)

    state = rebuild.from_log(member)

    assert state.records == {
        key("A"): (rebuild.replay.Outcome(done_at=NOW, confidence=3), None)
    }
    (entry,) = state.minutes.values()
    assert (entry.aspect, entry.minutes, entry.studied_on, entry.step_key) == (
        "run",
        25,
        date(2026, 5, 6),
        key("start"),
    )
    enrolled = state.enrollments[curriculum.pk]
    assert (enrolled.release, enrolled.paused_until) == (1, date(2026, 6, 1))
    assert enrolled.routes == {(key("deep"), key("course")): NOW}


def test_the_check_finds_rows_that_differ_and_mends_them(capsys):
    enrollment = make_enrollment()
    actions.mark_done(enrollment.member, key("A"), now=NOW)
    call_command("check_progress")
    Record.objects.update(done_at=datetime(2020, 1, 1, tzinfo=UTC))

    with pytest.raises(CommandError, match="--repair"):
        call_command("check_progress")
    call_command("check_progress", "--repair")
    call_command("check_progress")

    assert Record.objects.get().done_at == NOW
    differs = f"member {enrollment.member.pk} differs from the log"
    assert capsys.readouterr().out.splitlines() == [
        "0 differ",
        differs,
        "1 differ",
        differs,
        "1 differ, repaired",
        "0 differ",
    ]
