import re
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session

from members.tests.make import make_member
from progress import actions
from progress.models import Enrollment, LoggedTime
from progress.tests.make import (
    NOW,
    key,
    make_curriculum,
    make_enrollment,
)
from progress.tests.pages import DEEP, START, text_of

pytestmark = pytest.mark.django_db


def log(browser, *, htmx: bool = False, **data: str):
    headers = {"HX-Request": "true"} if htmx else {}
    return browser.post(
        "/progress/minutes/",
        {"aspect": "math", "minutes": "40", **data},
        headers=headers,
    )


def test_minutes_logged_at_a_step_enrol_and_show(browser):
    make_curriculum()

    response = log(browser, **{"in": "way-up", "step": "deep"})

    assert response["Location"] == f"{DEEP}#log"
    logged = LoggedTime.objects.get()
    assert (logged.aspect, logged.minutes, logged.step_key, logged.curriculum.slug) == (
        "math",
        40,
        key("deep"),
        "way-up",
    )
    assert "40 min logged" in text_of(browser.get(DEEP))


def test_minutes_logged_with_htmx_bring_the_section_and_the_sums(browser, ines):
    make_enrollment(ines)

    page = log(browser, htmx=True, **{"in": "way-up", "step": "deep"}).content.decode()

    assert page.lstrip().startswith('<section aria-labelledby="log-h" id="log">')
    assert "Logged here:" in page
    assert 'id="step-hours" data-hx-swap-oob="true"' in page
    assert "Logged 40 min." in page


def test_the_press_id_of_the_form_makes_a_double_click_one_entry(browser):
    press_id = str(uuid4())

    log(browser, press_id=press_id)
    log(browser, press_id=press_id)

    assert LoggedTime.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"minutes": "abc"}, "between 1 and 960"),
        ({"minutes": "5000"}, "between 1 and 960"),
        ({"minutes": "0"}, "between 1 and 960"),
        ({"minutes": ""}, "between 1 and 960"),
        ({"minutes": "9" * 5000}, "between 1 and 960"),
        ({"aspect": "sleep"}, "run, hack or math"),
        ({"aspect": ""}, "run, hack or math"),
        ({"studied_on": "2999-01-01"}, "in the future"),
        ({"studied_on": "yesterday"}, "Enter a date of the calendar"),
        ({"press_id": "not-a-uuid"}, "once more"),
    ],
)
@pytest.mark.parametrize("place", [{}, {"in": "way-up", "step": "start"}])
def test_bad_minutes_are_refused_in_words_and_what_was_typed_stays(
    browser, data, words, place
):
    make_curriculum()

    response = log(browser, **place, **{"minutes": "41", **data})

    assert response.status_code == 422
    assert words in text_of(response)
    kept = data.get("minutes", "41")
    assert f'value="{kept}"' in response.content.decode()
    assert not LoggedTime.objects.exists()


@pytest.mark.parametrize(
    "place",
    [
        {"in": "nowhere", "step": "start"},
        {"in": "way-up", "step": "gone\x00"},
        {"step": "é"},
    ],
)
def test_minutes_for_a_step_that_is_gone_are_kept_on_the_page(browser, place):
    make_curriculum()

    response = browser.post(
        "/progress/minutes/", {"aspect": "math", "minutes": "47", **place}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "This step no longer exists." in page
    assert 'value="47"' in page
    assert not LoggedTime.objects.exists()
    assert (
        browser.post(
            "/progress/minutes/", place, headers={"HX-Request": "true"}
        ).status_code
        == 404
    )


def test_bad_minutes_with_htmx_come_back_as_the_section(browser):
    make_curriculum()

    response = log(
        browser, htmx=True, minutes="abc", **{"in": "way-up", "step": "start"}
    )

    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert not Enrollment.objects.exists()


@pytest.mark.parametrize("page", [START, "/progress/"])
def test_minutes_typed_when_the_session_had_ended_are_still_there_after_signing_in(
    client, ines, page
):
    make_curriculum()
    client.force_login(ines)
    client.get("/settings/")
    Session.objects.all().delete()

    response = client.post(
        "/progress/minutes/",
        {"aspect": "hack", "minutes": "47"},
        headers={"Referer": f"http://testserver{page}"},
    )
    assert response["Location"].startswith("/accounts/login/")
    client.force_login(ines)

    shown = client.get(page).content.decode()
    assert 'value="47"' in shown
    assert re.search(r'value="hack"\s+checked', shown)


def test_minutes_are_taken_back(browser, ines):
    enrollment = make_enrollment(ines)
    logged = actions.log_minutes(
        ines,
        aspect="run",
        minutes=25,
        now=NOW,
        enrollment=enrollment,
        step_key=key("start"),
    )

    response = browser.post(
        f"/progress/minutes/{logged.pk}/undo/", {"in": "way-up", "step": "start"}
    )

    assert response["Location"] == f"{START}#log"
    assert LoggedTime.objects.get().undone_at
    assert "nothing logged yet" in text_of(browser.get(START))


def test_somebody_elses_minutes_are_404(browser):
    logged = actions.log_minutes(make_member(), aspect="run", minutes=25, now=NOW)

    assert browser.post(f"/progress/minutes/{logged.pk}/undo/").status_code == 404
    assert browser.post("/progress/minutes/999999/undo/").status_code == 404
    assert not LoggedTime.objects.get().undone_at
