"""Members are offered after `@`, and a mention leads to what its member wrote."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser_tests.people import Person
from browser_tests.running import Site

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


@pytest.fixture(scope="module")
def noor(site: Site, browser: Browser) -> Iterator[Person]:
    folder = os.environ.get("PICTURES")
    person = Person(site, browser, pictures=Path(folder) if folder else None)
    person.goes(site.links["Noor"])
    person.presses("Sign in")
    person.is_at("/")
    yield person
    person.leaves()


def opens_a_thread(person: Person) -> Locator:
    """The first post of the feed that has comments; the field of its form."""
    person.goes("/")
    link = person.page.locator("#posts a.react[href$='#discussion']")
    link.filter(has_text=re.compile(r"[2-9]|\d\d")).first.click()
    field = person.page.locator("#comment-form textarea[name=body]")
    expect(field).to_be_visible()
    field.fill("")  # a draft may have been put back
    return field


def test_somebody_of_the_thread_is_mentioned_by_the_keyboard(noor: Person) -> None:
    field = opens_a_thread(noor)
    field.focus()
    noor.page.keyboard.type("Thanks, @")
    options = noor.page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("in this thread")
    expect(options.first).to_have_attribute("aria-selected", "true")
    handle = options.first.get_attribute("data-handle")

    noor.page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "false")
    noor.page.keyboard.press("ArrowUp")
    noor.page.keyboard.press("Enter")

    expect(noor.page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value(f"Thanks, @{handle} ")
    expect(field).to_be_focused()
    noor.page.keyboard.type("that was it, and @nobody-has-this too.")
    noor.page.locator("#comment-post").click()

    link = noor.page.locator(f"#comments a.mention[href='/people/{handle}/']").last
    expect(link).to_have_text(f"@{handle}")
    expect(noor.page.locator("#toasts")).to_contain_text("@nobody-has-this: nobody")
    link.click()
    expect(noor.page).to_have_url(f"{noor.site.url}/search/?by=%40{handle}")
    expect(noor.page.locator(".hit").first).to_be_visible()


def test_escape_closes_the_list_and_the_text_stays(noor: Person) -> None:
    field = opens_a_thread(noor)
    field.focus()
    noor.page.keyboard.type("An address such as me@example.org offers nobody. @")
    expect(noor.page.get_by_role("listbox")).to_have_count(1)

    noor.page.keyboard.press("Escape")

    expect(noor.page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value(re.compile(r"nobody\. @$"))


def test_a_finger_presses_a_name_on_a_phone(noor: Person) -> None:
    noor.page.set_viewport_size(PHONE)
    field = opens_a_thread(noor)
    field.focus()
    noor.page.keyboard.type("@")
    option = noor.page.get_by_role("option").first
    handle = option.get_attribute("data-handle")

    option.click()

    expect(field).to_have_value(f"@{handle} ")
    noor.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_handle_is_typed_without_script(noor: Person) -> None:
    plain = noor.without_javascript()
    plain.goes(noor.page.url)
    handle = plain.page.locator("#comments a.mention").first.text_content() or ""
    assert handle.startswith("@")
    form = plain.page.locator("#comment-form")
    form.locator("textarea[name=body]").fill(f"And again: {handle}. @nobody-at-all?")
    form.locator("#comment-post").click()

    plain.sees("@nobody-at-all: nobody was told")
    expect(
        plain.page.locator("#comments a.mention", has_text=handle)
    ).not_to_have_count(0)
    plain.leaves()
