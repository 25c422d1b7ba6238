from uuid import uuid4

import pytest

from progress import actions
from progress.models import Enrollment, LoggedTime, Record, StudyEvent
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
from progress.tests.pages import START, mark_url, press, text_of

pytestmark = pytest.mark.django_db


def test_ticking_an_activity_enrols_and_goes_back_to_its_row(browser, ines):
    make_curriculum()

    response = press(browser, "A", done="1")

    assert response["Location"] == f"{START}#activity-{key('A')}"
    assert Record.objects.get().done_at
    assert list(StudyEvent.objects.values_list("kind", flat=True)) == [
        "enrolled",
        "done",
    ]
    assert StudyEvent.objects.get(kind="done").curriculum.slug == "way-up"


def test_with_htmx_the_row_the_counts_and_the_rings_come_back(browser, ines):
    make_enrollment(ines)

    page = press(browser, "A", htmx=True, done="1").content.decode()

    assert page.lstrip().startswith(f'<li id="activity-{key("A")}" data-mark="done">')
    assert 'aria-pressed="true"' in page
    assert 'id="step-rings" data-hx-swap-oob="true"' in page
    assert "66%" in page
    assert "1 of 2 done" in page
    assert "<html" not in page


def test_the_second_row_of_an_activity_changes_too(browser, ines):
    make_enrollment(ines)

    page = press(browser, "Shared", at="deep", htmx=True, done="1").content.decode()

    assert f'<li id="activity-{key("Shared")}" data-mark="done">' in page
    assert (
        f'<li id="activity-{key("Shared")}-2" data-mark="done" data-hx-swap-oob="true">'
        in page
    )


def test_every_press_of_the_menu(browser, ines):
    make_enrollment(ines)

    press(browser, "A", started="1")
    assert Record.objects.get().started_at
    press(browser, "A", done="1", confidence="3")
    assert Record.objects.get().confidence == 3
    press(browser, "A", revisit="1")
    assert Record.objects.get().revisit_at
    press(browser, "A", revisit="0")
    assert not Record.objects.get().revisit_at
    press(browser, "A", undo="done")
    assert not Record.objects.get().done_at
    press(browser, "A", skipped="1", reason="Known already")
    assert Record.objects.get().skip_reason == "Known already"
    assert "Skipped: Known already" in text_of(browser.get(START))


def test_minutes_may_come_with_done(browser, ines):
    make_curriculum()
    form = {
        "done": "done",
        "minutes": "35",
        "confidence": "4",
        "press_id": str(uuid4()),
    }

    press(browser, "B", **form)
    page = press(browser, "B", htmx=True, **form).content.decode()

    logged = LoggedTime.objects.get()
    assert (
        logged.aspect,
        logged.minutes,
        logged.activity_key,
        logged.step_key,
        logged.curriculum.slug,
    ) == (
        "hack",
        35,
        key("B"),
        key("start"),
        "way-up",
    )
    assert Record.objects.get().confidence == 4
    assert 'id="log" data-hx-swap-oob="true"' in page
    assert "35 min logged" in text_of(browser.get(START))


@pytest.mark.parametrize("minutes", ["abc", "0", "5000"])
def test_bad_minutes_with_done_are_refused_and_nothing_is_marked(
    browser, ines, minutes
):
    make_enrollment(ines)

    page = press(browser, "B", htmx=True, done="done", minutes=minutes)

    assert "between 1 and 960" in text_of(page)
    assert not Record.objects.exists()
    assert not LoggedTime.objects.exists()


def test_minutes_without_a_press_id_are_logged_too(browser, ines):
    make_enrollment(ines)

    press(browser, "B", done="done", minutes="35")

    assert LoggedTime.objects.count() == 1


@pytest.mark.parametrize("confidence", ["0", "5", "abc", "²", "9" * 30, "9" * 5000])
@pytest.mark.parametrize("htmx", [True, False])
def test_a_confidence_out_of_range_is_refused_in_words(browser, ines, confidence, htmx):
    make_enrollment(ines)

    response = press(browser, "A", htmx=htmx, done="1", confidence=confidence)

    assert "Confidence is between 1 and 4." in text_of(response)
    assert response.status_code == (200 if htmx else 422)
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("name", "at", "slug"),
    [
        ("Nothing", "start", "way-up"),
        ("C1", "start", "way-up"),
        ("A", "nowhere", "way-up"),
        ("A", "start", "nowhere"),
    ],
)
def test_an_activity_that_is_not_there_is_404(browser, name, at, slug):
    make_curriculum()

    assert (
        browser.post(mark_url(name), {"in": slug, "step": at, "done": "1"}).status_code
        == 404
    )
    assert not Enrollment.objects.exists()


def test_an_unknown_press_is_refused_before_anything_happens(browser):
    make_curriculum()

    assert press(browser, "A", explode="1").status_code == 400
    assert not Enrollment.objects.exists()


def test_an_activity_that_left_the_newest_release_can_still_be_marked(browser, ines):
    enrollment = make_enrollment(ines)
    make_release(enrollment.curriculum, document(step("start", activity("New"))))

    assert press(browser, "A", done="1").status_code == 302
    assert press(browser, "New", done="1").status_code == 404


@pytest.mark.parametrize(
    "path",
    [mark_url("A"), "/progress/", "/progress/minutes/", "/progress/enroll/way-up/"],
)
def test_progress_is_for_members(client, path):
    make_curriculum()

    response = client.post(path, {"in": "way-up", "step": "start", "done": "1"})

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_presses_are_posted(browser):
    make_curriculum()

    assert browser.get(mark_url("A")).status_code == 405


@pytest.mark.parametrize("seen_before", [False, True])
def test_a_mark_takes_seven_queries(
    browser, ines, seen_before, django_assert_num_queries
):
    make_enrollment(ines)
    if seen_before:
        actions.mark_started(ines, key("A"), now=NOW)

    with django_assert_num_queries(7):
        # session with member and enrolment, savepoint, record, record
        # written, event, release, records again
        press(browser, "A", htmx=True, done="1")


def test_a_mark_at_a_fork_takes_eight_queries(browser, ines, django_assert_num_queries):
    make_enrollment(ines)

    with django_assert_num_queries(8):  # as above, and the routes
        press(browser, "Common", at="deep", htmx=True, done="1")
