"""Who asks finds what was asked before: while typing, on a phone, by keys, and without
JavaScript.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site
from browser_tests.test_search import PHONE, ask

TITLE = "My learning rate is too large and the loss explodes"
REWORDED = "lr so high that it goes to nan"

PLACE = "field => field.getBoundingClientRect().top + scrollY"
POST = re.compile(r"/posts/\d+/([?#].*)?$")  # where a question is, once it is asked
CHANGING = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


def types(field: Locator, words: str) -> None:
    """Key by key, until what is shown beside the field is the answer to all of it."""
    page, last = field.page, words.split()[-1]
    with page.expect_response(
        lambda answer: "/search/alike/" in answer.url and last in answer.url
    ):
        field.press_sequentially(words, delay=20)
    expect(page.locator(CHANGING)).to_have_count(0)


@pytest.fixture(scope="module")
def wei(site: Site, browser: Browser) -> Iterator[Person]:
    """Somebody else has asked already, and accepted an answer."""
    noor = signed_in(site, browser, "Noor")
    ask(noor, TITLE, "At 0.5 it is nan after ten batches, at 0.01 it is slow.")
    expect(noor.page).to_have_url(POST)  # a preview has the same heading
    person = signed_in(site, browser, "Wei")
    person.goes(noor.page.url)
    person.page.locator("form[id^='comment-form'] textarea").first.fill(
        "Try a tenth of it, and warm up."
    )
    person.presses("Post answer")
    expect(person.page.get_by_text("Try a tenth of it")).to_be_visible()
    noor.page.reload()
    noor.presses("Accept this answer")
    expect(noor.page.get_by_text("Accepted", exact=True).first).to_be_visible()
    noor.leaves()
    yield person
    person.leaves()


def test_what_was_asked_is_shown_while_typing(wei: Person) -> None:
    page = wei.page
    wei.goes("/posts/new/?kind=question")
    types(page.get_by_label("Title"), REWORDED)

    hit = page.locator("#alike .hit", has_text=TITLE)
    expect(hit).to_be_visible()
    expect(hit).to_contain_text("Accepted answer by")
    expect(hit).to_contain_text("Try a tenth of it, and warm up.")
    body = page.locator("textarea[name=body]")
    place = body.evaluate(PLACE)
    types(body, " It is momentum.")
    assert body.evaluate(PLACE) == place

    hit.get_by_role("button", name=re.compile("Same here")).press("Enter")
    same = hit.get_by_role("button", name=re.compile("Same here"))
    expect(same).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Title")).to_have_value(REWORDED)
    wei.looks("ask")


def test_nothing_is_shown_where_nothing_is_close(wei: Person) -> None:
    page = wei.page
    wei.goes("/posts/new/?kind=question")
    title = page.get_by_label("Title")
    title.fill("Where do we meet on Saturday evening")
    page.locator("textarea[name=body]").fill("At eight?")  # the tab kept what was typed

    alike = page.locator("#alike")
    expect(alike).to_contain_text("No question looks like this one so far.")
    expect(alike.locator(".hit")).to_have_count(0)
    title.fill(REWORDED)
    expect(alike.locator(".hit", has_text=TITLE)).to_be_visible()


def test_what_was_asked_is_shown_in_the_short_form_too(wei: Person) -> None:
    page = wei.page
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    wei.goes("/")
    form = page.locator("#composer")
    form.locator("textarea[name=body]").press_sequentially("Nothing to ask today.")
    page.wait_for_timeout(800)
    assert not [url for url in asked if "/search/alike/" in url]

    form.get_by_text("Question", exact=True).click()
    types(form.get_by_label("Title"), REWORDED)

    hit = form.locator(".hit", has_text=TITLE)
    expect(hit).to_contain_text("Try a tenth of it, and warm up.")
    same = hit.get_by_role("button", name=re.compile("Same here"))
    pressed = same.get_attribute("aria-pressed")
    same.click()
    expect(same).not_to_have_attribute("aria-pressed", str(pressed))
    expect(form.get_by_label("Title")).to_have_value(REWORDED)
    wei.looks("ask-short")
    form.get_by_text("Discussion", exact=True).click()
    expect(hit).to_be_hidden()


def test_enter_in_the_title_asks_and_presses_nothing_else(wei: Person) -> None:
    page = wei.page
    wei.goes("/posts/new/?kind=question")
    page.get_by_label("Title").fill(f"{REWORDED}, once more")
    expect(page.locator("#alike .hit").first).to_be_visible()
    page.locator("textarea[name=body]").fill("Which one is too high?")
    page.get_by_label("Title").press("Enter")

    expect(page).to_have_url(POST)
    title = page.get_by_role("heading", level=1, name=f"{REWORDED}, once more")
    expect(title).to_be_visible()


def test_without_javascript_on_a_phone(wei: Person) -> None:
    plain = wei.without_javascript()
    page = plain.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    plain.goes("/posts/new/?kind=question")
    page.get_by_label("Title").fill(REWORDED)
    page.locator("textarea[name=body]").fill("Half a sentence")
    page.get_by_role("button", name="Look for questions like this").click()

    expect(page.locator("#alike .hit", has_text=TITLE)).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value(REWORDED)
    expect(page.locator("textarea[name=body]")).to_have_value("Half a sentence")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    plain.leaves()
