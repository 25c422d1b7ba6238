from datetime import date, timedelta

import pytest

from members.tests.make import make_member
from progress import actions, overviews
from progress.tests.make import NOW, key, make_curriculum, make_enrollment

pytestmark = pytest.mark.django_db


def test_twelve_weeks_begin_on_a_monday_and_end_with_this_week():
    member = make_member()
    for day, aspect in [
        (date(2026, 5, 6), "run"),
        (date(2026, 5, 4), "run"),
        (date(2026, 5, 3), "math"),
        (date(2026, 2, 16), "hack"),
        (date(2026, 2, 15), "hack"),
    ]:
        actions.log_minutes(member, aspect=aspect, minutes=10, now=NOW, studied_on=day)

    found = overviews.overview(member, NOW)

    bars = found.weeks.chart.bars
    assert [bars[0].monday, bars[-1].monday, len(bars)] == [
        date(2026, 2, 16),
        date(2026, 5, 4),
        12,
    ]
    assert bars[0].minutes == {"run": 0, "hack": 10, "math": 0}
    assert bars[-2].minutes == {"run": 0, "hack": 0, "math": 10}
    assert bars[-1].minutes == {"run": 20, "hack": 0, "math": 0}
    assert found.weeks.chart.minutes == {"run": 20, "hack": 10, "math": 10}
    assert found.weeks.chart.finding == (
        "Minutes by week: 40 in twelve weeks, most of them, 20, in the week from 4 May."
    )
    assert found.sheet.total_minutes == 50
    assert (found.week.minutes, found.week.active_days) == (
        {"run": 20, "hack": 0, "math": 0},
        2,
    )


def test_bars_stand_on_the_floor_and_stay_below_the_next_full_hour():
    member = make_member()
    for aspect, minutes in [("run", 30), ("math", 60)]:
        actions.log_minutes(member, aspect=aspect, minutes=minutes, now=NOW)

    chart = overviews.overview(member, NOW).weeks.chart

    run, math = chart.bars[-1].parts
    assert (run.aspect, run.y, run.height) == ("run", 108.0, 32.0)
    assert (math.aspect, math.y, math.height) == ("math", 44.0, 64.0)
    assert [line.label for line in chart.lines] == ["0 h", "1 h", "2 h"]
    assert chart.bars[-1].x + chart.bar_width <= chart.width


def test_every_bar_says_its_week_and_every_third_one_also_on_a_phone():
    bars = overviews.overview(make_member(), NOW).weeks.chart.bars

    assert [bar.label for bar in bars][-4:] == ["13 Apr", "20 Apr", "27 Apr", "4 May"]
    assert [bar.is_labelled_always for bar in bars] == [False, False, True] * 4


def test_a_day_that_is_still_to_come_after_flying_west_breaks_nothing():
    member = make_member(time_zone="Pacific/Auckland")
    sunday = NOW.replace(day=10, hour=20)
    # Monday in Auckland
    actions.log_minutes(member, aspect="run", minutes=30, now=sunday)
    member.time_zone = "Pacific/Honolulu"

    found = overviews.overview(member, sunday)

    assert found.weeks.chart.total == 0
    assert found.week.total_minutes == 0
    assert [entry.logged.minutes for entry in found.entries] == [30]


def test_activities_done_last_week_are_not_of_this_week():
    member = make_member()
    actions.mark_done(member, key("A"), now=NOW - timedelta(days=5))
    actions.mark_done(member, key("B"), now=NOW)

    week = overviews.overview(member, NOW).week

    assert (week.activities_done, [day.is_active for day in week.days[:3]]) == (
        1,
        [False, False, True],
    )


def test_entries_name_the_step_or_the_curriculum_or_nothing():
    enrollment = make_enrollment()
    log = {"member": enrollment.member, "aspect": "run", "minutes": 5, "now": NOW}
    actions.log_minutes(**log, enrollment=enrollment, step_key=key("deep"))
    actions.log_minutes(**log, enrollment=enrollment)
    actions.log_minutes(**log)
    actions.log_minutes(**log, enrollment=enrollment, step_key=key("gone"))

    titles = [
        entry.title for entry in overviews.overview(enrollment.member, NOW).entries
    ]

    assert titles == ["", "", "Way-up", "Deep"]


def test_a_withdrawn_curriculum_is_not_listed_and_a_finished_one_is():
    left = make_enrollment()
    member = left.member
    actions.withdraw(left, now=NOW)
    finished = make_enrollment(member, make_curriculum(slug="other"))
    for step in finished.release.outline.steps:
        actions.mark_step_done(finished, step, now=NOW)
    actions.finish(finished, now=NOW)

    found = overviews.overview(member, NOW)

    assert [course.enrollment for course in found.curricula] == [finished]
    assert (found.week.enrollment, found.week.next) == (None, None)
