import re

import pytest

from members.tests.make import make_group
from progress import actions
from progress.models import LoggedTime, Record
from progress.tests.make import (
    NOW,
    activity,
    key,
    make_curriculum,
    make_enrollment,
    route,
    step,
)
from progress.tests.pages import START, press, text_of

pytestmark = pytest.mark.django_db


def menu_url(name: str, step_slug: str = "start") -> str:
    return f"/progress/menu/way-up/{step_slug}/{key(name)}/"


def opened(browser, name: str, **query: str):
    return browser.get(menu_url(name), query, headers={"HX-Request": "true"})


def test_a_row_links_to_its_menu_and_does_not_hold_it(browser):
    make_curriculum()

    page = browser.get(START).content.decode()

    assert f'href="{menu_url("A")}"' in page
    assert f'"{menu_url("A")}?row=activity-{key("A")}"' in page
    assert "Skip it, because" not in page
    assert 'name="confidence"' not in page


def test_opened_the_menu_takes_the_focus_of_the_link_that_it_replaces(browser):
    make_curriculum()

    page = opened(browser, "A").content.decode()

    assert re.search(r'<details class="menu row-menu" open>', page)
    assert re.search(rf'<summary[^>]* id="menu-activity-{key("A")}"', page)
    assert "<html" not in page


def test_without_scripts_the_menu_is_a_page_with_the_same_forms(browser):
    make_curriculum()

    page = browser.get(menu_url("A")).content.decode()

    assert "<title>A" in page
    assert f'href="{START}#activity-{key("A")}"' in page
    for name in ("started", "revisit", "minutes", "confidence", "reason", "skipped"):
        assert f'name="{name}"' in page


@pytest.mark.parametrize(
    ("mark", "offered", "missing"),
    [
        ("", ["Started", "To revisit", "Skip it, because"], ["after all", "Mark as"]),
        ("started", ["Not started after all", "Skip it, because"], ["Mark as"]),
        ("skipped", ["Started", "Not skipped after all"], ["Skip it, because"]),
        (
            "done",
            ["Mark as not done", "No longer to revisit"],
            ["Started", "not started"],
        ),
    ],
)
def test_the_menu_offers_what_can_be_said_now(browser, ines, mark, offered, missing):
    make_enrollment(ines)
    if mark == "started":
        actions.mark_started(ines, key("A"), now=NOW)
    if mark == "skipped":
        actions.mark_skipped(ines, key("A"), now=NOW)
    if mark == "done":
        actions.mark_done(ines, key("A"), now=NOW)
    if mark in ("started", "done"):
        actions.mark_revisit(ines, key("A"), now=NOW)

    words = text_of(opened(browser, "A"))  # the forms, and no page around them

    assert [each for each in offered if each not in words] == []
    assert [each for each in missing if each in words] == []


def test_each_row_of_an_activity_has_a_menu_of_its_own(browser):
    both = step(
        "start", activity("A"), routes=(route("book", activity("A"), activity("B")),)
    )
    make_curriculum(both)

    first = opened(browser, "A").content.decode()
    second = opened(browser, "A", row=f"activity-{key('A')}-2").content.decode()
    other = opened(browser, "A", row=f"activity-{key('B')}").content.decode()

    assert f'id="after-activity-{key("A")}"' in first
    assert f'id="after-activity-{key("A")}-2"' in second
    assert f'id="after-activity-{key("A")}"' in other


@pytest.mark.parametrize("name", ["C1", "Nothing"])
def test_an_activity_of_another_step_has_no_menu_here(browser, name):
    make_curriculum()

    assert browser.get(menu_url(name)).status_code == 404
    assert browser.get(menu_url("A", "nowhere")).status_code == 404


def test_visitors_are_asked_to_sign_in(client):
    make_group()
    make_curriculum()

    response = client.get(menu_url("A"))

    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("htmx", [True, False])
def test_what_was_typed_survives_an_error_and_opening_enrols_nobody(browser, htmx):
    make_curriculum()

    response = press(
        browser, "B", htmx=htmx, done="done", minutes="5000", confidence="2"
    )

    page = response.content.decode()
    assert re.search(r'value="5000"[^>]*aria-invalid="true"[^>]*autofocus', page)
    assert re.search(r'name="confidence" value="2" checked', page)
    assert "between 1 and 960" in text_of(response)
    assert ("HX-Retarget" in response) == htmx
    if htmx:
        assert response["HX-Retarget"] == f"#activity-{key('B')} .row-menu"
    assert not Record.objects.exists()
    assert not LoggedTime.objects.exists()


def test_after_a_press_in_the_menu_the_focus_is_on_the_menu_of_the_row(browser, ines):
    make_enrollment(ines)

    in_menu = press(browser, "A", htmx=True, revisit="1").content.decode()
    headers = {
        "HX-Request": "true",
        "HX-Target": f"activity-{key('A')}",
        "HX-Trigger": f"tick-activity-{key('A')}",
    }
    form = {"in": "way-up", "step": "start", "done": "done"}
    ticked = browser.post(f"/progress/mark/{key('A')}/", form, headers=headers)

    assert in_menu.count("autofocus") == 1
    assert "autofocus" not in ticked.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_menu_takes_three_queries(browser, ines, count, django_assert_num_queries):
    make_enrollment(
        ines, make_curriculum(step("start", *(activity(n) for n in "ABC"[:count])))
    )
    opened(browser, "A")

    with django_assert_num_queries(3):
        # session with member and enrolment, records, whether it is saved
        opened(browser, "A")
