import pytest
from django.utils import timezone

from progress import actions
from progress.tests.make import (
    NOW,
    key,
    make_curriculum,
    make_enrollment,
)
from progress.tests.pages import text_of

pytestmark = pytest.mark.django_db


def test_a_new_member_is_told_where_to_begin(browser):
    text = text_of(browser.get("/progress/"))

    assert "You are not enrolled yet." in text
    assert "Nothing logged in the last twelve weeks." in text


def test_the_overview_shows_the_week_the_next_activity_and_the_newest_minutes(
    browser, ines
):
    enrollment = make_enrollment(ines)
    actions.log_minutes(
        ines,
        aspect="hack",
        minutes=95,
        now=timezone.now(),
        enrollment=enrollment,
        step_key=key("deep"),
    )

    page = browser.get("/progress/")

    text = text_of(page)
    assert "1 h 35 of 6 h" in text
    assert "Your next activity A" in text
    assert "95 in twelve weeks" in page.content.decode()
    assert "1 active day" in text
    assert "Deep Undo" in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_six_queries(
    browser, ines, count, django_assert_num_queries
):
    for n in range(count):
        enrollment = make_enrollment(ines, make_curriculum(slug=f"way-{n}"))
        actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)
        actions.log_minutes(
            ines, aspect="run", minutes=5, now=timezone.now(), enrollment=enrollment
        )
        actions.mark_done(ines, key("A"), now=NOW)
    browser.get("/progress/")

    with django_assert_num_queries(6):
        # session with member, enrolments with releases, records, routes,
        # minutes of twelve weeks, minutes by step
        browser.get("/progress/")
