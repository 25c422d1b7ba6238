"""One member posts a text with a mistake and its answer; another finds the answer folded,
tries, and reads it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site

TITLE = "A larger batch always learns faster"
ANSWER = "It takes fewer steps, each of which is {}."
TRY = "Perhaps each step costs more?"


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


@pytest.fixture(scope="module")
def noor(site: Site, browser: Browser, pictures: Path | None) -> Iterator[Person]:
    person = signed_in(site, browser, "Noor", pictures)
    yield person
    person.leaves()


@pytest.fixture(scope="module")
def wei(site: Site, browser: Browser, pictures: Path | None) -> Iterator[Person]:
    person = signed_in(site, browser, "Wei", pictures)
    yield person
    person.leaves()


def post_a_mistake(person: Person, title: str, answer: str) -> str:
    """Write one through the form; its address."""
    page = person.page
    person.goes("/posts/new/?kind=mistake")
    page.get_by_label("Title").fill(title)
    page.locator("textarea[name=body]").fill("So double it until the memory is full.")
    page.get_by_label("Your answer: where the mistake is, and why").fill(answer)
    page.get_by_role("button", name="Post", exact=True).click()
    # the preview beside the form holds title and answer too
    expect(page).to_have_url(re.compile(r"/posts/\d+/([?#].*)?$"))
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page.get_by_text(answer)).to_be_visible()
    return page.url.removeprefix(person.site.url)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_answer_is_folded_until_its_reader_has_tried(
    noor: Person, wei: Person, *, javascript: bool
) -> None:
    word = "dearer" if javascript else "costlier"
    title, answer = f"{TITLE}, {word}", ANSWER.format(word)
    address = post_a_mistake(noor, title, answer)
    reader = wei
    if not javascript:
        reader = wei.without_javascript()
    page = reader.page
    reader.goes("/")
    expect(page.locator(".post", has_text=title)).not_to_contain_text(answer)
    reader.goes(f"/search/?q={word}")
    expect(page.locator("main")).not_to_contain_text(answer)

    reader.goes(address)
    expect(page.get_by_text(answer)).to_have_count(0)
    if javascript:
        reader.looks("mistake")
    page.locator("#comment-form textarea").fill(TRY)
    page.get_by_role("button", name="Post your try").click()

    expect(page.get_by_text(answer)).to_be_visible()
    expect(page.get_by_text(TRY).first).to_be_visible()
    expect(page.locator("#comment-form textarea")).to_have_value("")
    expect(page.locator("#comment-form")).not_to_contain_text("once you have tried")
    reader.goes("/posts/drafts/")
    reader.sees("No drafts")
    reader.goes("/")
    expect(page.locator(".post", has_text=title)).to_contain_text(answer)
    if not javascript:
        reader.leaves()


def test_the_short_form_shows_where_the_answer_is_typed(noor: Person) -> None:
    noor.goes("/")
    form = noor.page.locator("#composer")
    form.get_by_text("Spot the mistake", exact=True).click()
    answer = form.get_by_label("Your answer: where the mistake is, and why")

    expect(answer).to_have_css("border-top-width", "1px")
    noor.looks("mistake-short")


def test_an_answer_that_is_missing_is_asked_for_and_the_text_stays(
    noor: Person,
) -> None:
    page = noor.page
    noor.goes("/posts/new/?kind=mistake")
    page.get_by_label("Title").fill(TITLE)
    page.locator("textarea[name=body]").fill("So double it.")
    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.get_by_role("alert").first).to_contain_text("Write the answer too")
    expect(page.locator("textarea[name=body]")).to_have_value("So double it.")
    expect(page.get_by_label("Title")).to_have_value(re.compile(TITLE))
