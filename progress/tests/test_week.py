from datetime import UTC, date, datetime, timedelta

import pytest

from members.tests.make import make_member
from progress import actions
from progress.tests.make import NOW, key, make_curriculum, make_enrollment, week_now
from progress.week import week, weeks

pytestmark = pytest.mark.django_db


def test_a_week_splits_the_hours_by_the_mix_of_the_step():
    enrollment = make_enrollment(
        make_member(hours_per_week=3, goal="apply", study_days=[2])
    )
    actions.visit(enrollment, enrollment.release.outline.steps[1], now=NOW)
    actions.log_minutes(
        enrollment.member, aspect="run", minutes=60, now=NOW, enrollment=enrollment
    )
    actions.log_minutes(enrollment.member, aspect="math", minutes=10, now=NOW)
    actions.log_minutes(
        enrollment.member,
        aspect="math",
        minutes=99,
        now=NOW,
        studied_on=date(2026, 5, 3),
    )
    actions.mark_done(enrollment.member, key("C1"), now=NOW - timedelta(days=1))

    week = week_now(enrollment.member, NOW)

    assert week.monday == date(2026, 5, 4)
    assert (week.target_minutes, week.targets) == (
        180,
        {"run": 128, "hack": 52, "math": 0},
    )
    assert week.minutes == {"run": 60, "hack": 0, "math": 10}
    assert (week.total_minutes, week.minutes_left, week.percent) == (70, 110, 38)
    assert week.shares == {"run": 46, "hack": 0, "math": 100}
    assert [
        (d.on.day, d.minutes, d.is_active, d.is_planned, d.is_today, d.is_to_come)
        for d in week.days
    ] == [
        (4, 0, False, False, False, False),
        (5, 0, True, False, False, False),
        (6, 70, True, True, True, False),
        (7, 0, False, False, False, True),
        (8, 0, False, False, False, True),
        (9, 0, False, False, False, True),
        (10, 0, False, False, False, True),
    ]
    assert (week.active_days, week.activities_done, week.enrollment) == (
        2,
        1,
        enrollment,
    )
    assert week.next.activity.title == "Shared"


def test_a_week_before_any_enrolment_is_six_hours_in_thirds():
    week = week_now(make_member(), NOW)

    assert (week.targets, week.target_minutes) == (
        {"run": 120, "hack": 120, "math": 120},
        360,
    )
    assert (week.next, week.enrollment, week.total_minutes) == (None, None, 0)


def test_before_the_first_visit_the_mix_is_that_of_the_first_open_step():
    enrollment = make_enrollment(make_member(hours_per_week=9))

    assert week_now(enrollment.member, NOW).targets == {
        "run": 360,
        "hack": 180,
        "math": 0,
    }


def test_a_look_back_at_a_finished_step_does_not_change_what_the_week_asks_for():
    enrollment = make_enrollment()
    first, second = enrollment.release.outline.steps[:2]
    actions.mark_step_done(enrollment, first, now=NOW)
    actions.visit(enrollment, second, now=NOW)
    before = week_now(enrollment.member, NOW).targets

    actions.visit(enrollment, first, now=NOW)

    assert week_now(enrollment.member, NOW).targets == before


def test_after_the_last_step_the_mix_is_even():
    enrollment = make_enrollment()
    for each in enrollment.release.outline.steps:
        actions.mark_step_done(enrollment, each, now=NOW)

    assert week_now(enrollment.member, NOW).targets == {
        "run": 120,
        "hack": 120,
        "math": 120,
    }


def test_a_week_ends_on_sunday_midnight_of_the_members_zone():
    sunday_noon = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
    honolulu, auckland = (
        make_member(time_zone="Pacific/Honolulu"),
        make_member(time_zone="Pacific/Auckland"),
    )
    for member in (honolulu, auckland):
        actions.mark_done(member, key("A"), now=datetime(2026, 5, 4, 9, 0, tzinfo=UTC))
        actions.log_minutes(member, aspect="run", minutes=30, now=sunday_noon)
    actions.log_minutes(
        auckland, aspect="run", minutes=7, now=sunday_noon, studied_on=date(2026, 5, 9)
    )

    found = weeks([honolulu, auckland], sunday_noon)

    assert {w.monday for w in found.values()} == {date(2026, 5, 4), date(2026, 5, 11)}
    assert (found[honolulu.pk].total_minutes, found[honolulu.pk].activities_done) == (
        30,
        0,
    )
    assert (found[auckland.pk].monday, found[auckland.pk].total_minutes) == (
        date(2026, 5, 11),
        30,
    )


def test_what_was_done_on_monday_is_of_this_week_and_on_sunday_of_the_last():
    member = make_member()
    actions.mark_done(member, key("A"), now=datetime(2026, 5, 3, 23, 59, tzinfo=UTC))
    actions.mark_done(member, key("B"), now=datetime(2026, 5, 4, 0, 1, tzinfo=UTC))

    assert week_now(member, NOW).activities_done == 1


def test_a_monday_to_come_of_a_member_who_flew_west_waits():
    traveller, other = (
        make_member(time_zone="Pacific/Auckland"),
        make_member(time_zone="Pacific/Auckland"),
    )
    sunday = datetime(2026, 5, 10, 20, 0, tzinfo=UTC)
    for member in (traveller, other):
        # Monday in Auckland
        actions.log_minutes(member, aspect="run", minutes=30, now=sunday)
    traveller.time_zone = "Pacific/Honolulu"

    found = weeks([traveller, other], sunday)

    assert (found[traveller.pk].total_minutes, found[other.pk].total_minutes) == (0, 30)


@pytest.mark.parametrize("count", [1, 3])
def test_many_weeks_take_six_queries(count, django_assert_num_queries):
    curricula = [make_curriculum(), make_curriculum(slug="other")]
    members = [make_member(f"Member {n}") for n in range(count)]
    for member in members:
        for n, curriculum in enumerate(curricula):
            actions.enroll(member, curriculum, now=NOW + timedelta(minutes=n))
        actions.log_minutes(member, aspect="hack", minutes=15, now=NOW)

    # enrolments, releases, records, routes, minutes, activities done
    with django_assert_num_queries(6):
        found = weeks(members, NOW)

    assert [week.enrollment.curriculum.slug for week in found.values()] == [
        "other"
    ] * count
    assert [week.minutes["hack"] for week in found.values()] == [15] * count


def test_no_members_have_no_weeks():
    assert weeks([], NOW) == {}


def test_last_week_is_whole_though_its_day_was_named_by_a_thursday():
    member = make_member()
    sunday = datetime(2026, 5, 3, 20, 0, tzinfo=UTC)
    actions.mark_done(member, key("A"), now=sunday)
    actions.log_minutes(member, aspect="run", minutes=30, now=sunday)

    last = weeks([member], NOW, days={member.pk: date(2026, 4, 30)})[member.pk]

    assert (
        last.monday,
        last.activities_done,
        last.total_minutes,
        last.active_days,
    ) == (
        date(2026, 4, 27),
        1,
        30,
        1,
    )


def test_what_a_fast_clock_wrote_waits_for_its_day():
    member = make_member()
    actions.mark_done(member, key("A"), now=NOW + timedelta(hours=2))

    assert week_now(member, NOW).activities_done == 0
    assert week_now(member, NOW + timedelta(hours=3)).activities_done == 1


def test_the_week_beside_a_page_has_the_minutes_of_its_days():
    member = make_member()
    actions.log_minutes(member, aspect="math", minutes=10, now=NOW)
    actions.log_minutes(member, aspect="math", minutes=5, now=NOW - timedelta(days=8))

    shown = week(member, NOW, [], None, None)

    assert shown.minutes == {"run": 0, "hack": 0, "math": 10}
    assert [day.on for day in shown.days if day.is_active] == [NOW.date()]
