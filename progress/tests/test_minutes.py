from datetime import date, timedelta
from uuid import uuid4

import pytest

from members.tests.make import make_member
from progress import actions
from progress.models import LoggedTime
from progress.tests.make import (
    NOW,
    key,
    kinds_logged,
    make_enrollment,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_minutes_are_logged_on_the_members_own_day():
    honolulu = make_member(time_zone="Pacific/Honolulu")
    auckland = make_member(time_zone="Pacific/Auckland")
    early = NOW.replace(hour=5)
    late = NOW.replace(hour=20)

    assert actions.log_minutes(
        honolulu, aspect="run", minutes=25, now=early
    ).studied_on == date(2026, 5, 5)
    assert actions.log_minutes(
        auckland, aspect="run", minutes=25, now=late
    ).studied_on == date(2026, 5, 7)


def test_a_form_sent_twice_logs_once():
    member, press_id = make_member(), uuid4()

    first = actions.log_minutes(
        member, aspect="math", minutes=40, now=NOW, press_id=press_id
    )
    second = actions.log_minutes(
        member, aspect="math", minutes=40, now=LATER, press_id=press_id
    )

    assert first == second
    assert kinds_logged() == ["time_logged"]


def test_the_press_of_somebody_else_is_no_obstacle():
    press_id = uuid4()
    actions.log_minutes(
        make_member(), aspect="math", minutes=40, now=NOW, press_id=press_id
    )

    actions.log_minutes(
        make_member(), aspect="math", minutes=40, now=NOW, press_id=press_id
    )

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
        actions.log_minutes(
            member, aspect="run", minutes=5, now=NOW, studied_on=date(2026, 5, 7)
        )
    actions.log_minutes(
        member, aspect="run", minutes=5, now=NOW, studied_on=date(2026, 5, 1)
    )


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
    assert kinds_logged() == ["time_logged", "time_undone"]
