from datetime import timedelta

import pytest
from django.utils import timezone

from members.tests.make import make_member
from progress import actions
from progress.models import Enrollment
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
from progress.tests.pages import DEEP, START, text_of

pytestmark = pytest.mark.django_db


def test_enrolling_leads_to_the_first_step_and_later_to_the_last_visited(browser, ines):
    make_curriculum()

    assert browser.post("/progress/enroll/way-up/")["Location"] == START
    browser.get(DEEP)
    browser.post("/progress/curricula/way-up/", {"do": "withdraw"})
    assert browser.post("/progress/enroll/way-up/")["Location"] == DEEP
    assert Enrollment.objects.get().withdrawn_at is None


def test_an_unknown_curriculum_is_404(browser):
    assert browser.post("/progress/enroll/nowhere/").status_code == 404
    assert (
        browser.post("/progress/curricula/nowhere/", {"do": "resume"}).status_code
        == 404
    )


def test_somebody_elses_enrolment_is_404(browser):
    make_enrollment(make_member("Omar"))

    assert (
        browser.post("/progress/curricula/way-up/", {"do": "withdraw"}).status_code
        == 404
    )


def test_pausing_and_resuming(browser, ines):
    make_enrollment(ines)
    day = timezone.localdate() + timedelta(days=21)

    response = browser.post(
        "/progress/curricula/way-up/",
        {"do": "pause", "until": day.isoformat()},
        follow=True,
    )
    assert "paused until" in text_of(response)
    assert "paused until" in text_of(browser.get(START))
    browser.post("/progress/curricula/way-up/", {"do": "resume"})
    assert Enrollment.objects.get().paused_until is None


def test_a_pause_that_is_over_is_not_spoken_of(browser, ines):
    make_enrollment(ines)
    Enrollment.objects.update(paused_at=NOW, paused_until=NOW.date())

    assert "paused until" not in text_of(browser.get(START))
    assert "paused until" not in text_of(browser.get("/progress/"))


def test_coming_back_from_a_pause_says_the_goal_and_what_is_next(browser, ines):
    enrollment = make_enrollment(ines)
    ines.goal_words = "Read papers without fear."
    ines.save()

    response = browser.post(
        "/progress/curricula/way-up/", {"do": "resume"}, follow=True
    )
    assert (
        "You came for this: Read papers without fear. Next is step 1, “A”."
        in text_of(response)
    )

    for each in enrollment.release.outline.steps:
        actions.mark_step_done(enrollment, each, now=NOW)
    response = browser.post(
        "/progress/curricula/way-up/", {"do": "resume"}, follow=True
    )
    assert "Next is" not in text_of(response)


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01"])
def test_a_pause_needs_a_day_to_come(browser, ines, until):
    make_enrollment(ines)

    response = browser.post(
        "/progress/curricula/way-up/", {"do": "pause", "until": until}, follow=True
    )

    assert response.status_code == 200
    assert Enrollment.objects.get().paused_until is None


def test_finishing_is_offered_when_all_is_done(browser, ines):
    enrollment = make_enrollment(ines)
    assert "Finish this curriculum" not in text_of(browser.get("/progress/"))
    early = browser.post("/progress/curricula/way-up/", {"do": "finish"}, follow=True)
    assert "still open" in text_of(early)
    for each in enrollment.release.outline.steps:
        actions.mark_step_done(enrollment, each, now=NOW)

    assert "Finish this curriculum" in text_of(browser.get("/progress/"))
    response = browser.post(
        "/progress/curricula/way-up/", {"do": "finish"}, follow=True
    )

    assert "Finished on" in text_of(response)


def test_a_new_release_is_offered_and_moving_keeps_what_was_done(browser, ines):
    enrollment = make_enrollment(ines)
    actions.mark_done(ines, key("A"), now=NOW)
    make_release(enrollment.curriculum, document(step("start", activity("A"))))

    assert "Release 2 is out, you are on 1." in text_of(browser.get("/progress/"))
    browser.post("/progress/curricula/way-up/", {"do": "move"})

    text = text_of(browser.get("/progress/"))
    assert "is out" not in text
    assert "100 % done" in text


def test_an_unknown_change_is_refused(browser, ines):
    make_enrollment(ines)

    assert (
        browser.post("/progress/curricula/way-up/", {"do": "explode"}).status_code
        == 400
    )
