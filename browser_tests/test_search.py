"""One member writes, another finds it: by the box on every page, by keys, on
a phone, and without JavaScript.
"""

import contextlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Route, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


@pytest.fixture(scope="module")
def noor(site: Site, browser: Browser) -> Iterator[Person]:
    person = signed_in(site, browser, "Noor")
    yield person
    person.leaves()


def ask(person: Person, title: str, body: str) -> None:
    person.goes("/posts/new/?kind=question")
    person.page.get_by_label("Title").fill(title)
    person.page.locator("textarea[name=body]").fill(body)
    person.presses("Post", "main")
    reads(person, title)


def reads(person: Person, title: str) -> None:
    """At the page of a post, whole."""
    person.is_at(re.compile(r"/posts/\d+/"))
    expect(person.page.get_by_role("heading", name=title, level=1)).to_be_visible()


def types_a_search(person: Person, words: str) -> None:
    """Into the box that a slash goes to."""
    person.page.keyboard.press("/")
    expect(person.page.locator("input[name=q]:focus")).to_be_visible()
    person.page.keyboard.type(words)


def test_what_one_member_asks_another_finds_by_keys(
    site: Site, browser: Browser, noor: Person
) -> None:
    ask(noor, "Why is my zebra regularised?", "The weights of the zebra shrink.")
    other = next(name for name in site.links if name != "Noor")
    reader = signed_in(site, browser, other)
    page = reader.page

    types_a_search(reader, "zebra regularization")
    page.keyboard.press("Enter")

    hit = page.locator(".hit").first
    expect(hit.locator("h3 mark")).to_have_text("zebra regularised")
    reader.clicks(hit.get_by_role("link").first)
    reads(reader, "Why is my zebra regularised?")

    types_a_search(reader, "x")
    expect(page.locator("#q")).to_have_value("x")
    reader.leaves()


def test_titles_are_offered_while_somebody_types(
    site: Site, browser: Browser, noor: Person
) -> None:
    ask(noor, "Does a quagga converge?", "The loss of the quagga rises.")
    reader = signed_in(site, browser, "Wei")
    page = reader.page
    offered = page.get_by_role("listbox", name="Suggestions")
    options = offered.get_by_role("option")

    types_a_search(reader, "quag")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(offered).to_have_count(0)
    expect(page.locator("#q")).to_have_value("quag")

    page.keyboard.type("ga")
    expect(options.locator("mark")).to_have_text("quagga")
    page.keyboard.press("ArrowDown")
    expect(options).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    reads(reader, "Does a quagga converge?")

    # the mouse, and the box on the page of the search
    reader.goes("/search/")
    expect(page.locator("input[name=q]:focus")).to_be_visible()
    page.keyboard.type("quagga")
    expect(options).to_have_count(1)
    reader.looks("search-suggestions")
    options.first.click()
    reads(reader, "Does a quagga converge?")

    # Enter without a choice searches for what was typed; the search is offered later
    types_a_search(reader, "quagga loss")
    page.keyboard.press("Enter")
    reader.is_at("/search/")
    reader.goes("/")
    types_a_search(reader, "quagga")
    expect(options.first).to_contain_text("Searched before")
    reader.leaves()


def test_an_answer_that_is_late_does_not_keep_the_next_word_from_being_asked_for(
    noor: Person,
) -> None:
    page = noor.page
    noor.goes("/")
    held: list[Route] = []
    page.route("**/search/suggest/?q=grad", lambda route: held.append(route))
    types_a_search(noor, "gra")
    with page.expect_request(re.compile(r"q=grad$")):
        page.keyboard.type("d")
    noor.waits_for(lambda: bool(held))  # the route is called after the request is noted

    with page.expect_request(re.compile(r"q=gradi$")):
        page.keyboard.type("i")
        with contextlib.suppress(Error):  # a browser may have given it up
            held[0].continue_()

    offered = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(offered.first).to_be_visible()
    page.unroute("**/search/suggest/?q=grad")


def test_a_slash_that_is_typed_stays_a_slash(noor: Person) -> None:
    noor.goes("/posts/new/?kind=discussion")
    body = noor.page.locator("textarea[name=body]")
    body.focus()
    noor.page.keyboard.type("and/or")

    expect(body).to_have_value("and/or")


def test_on_a_phone_and_without_javascript(noor: Person) -> None:
    plain = noor.without_javascript()
    page = plain.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    plain.goes("/")
    expect(page.locator(".topbar .search")).to_be_hidden()
    plain.clicks(page.locator(".phone-search"))
    page.get_by_label("Search for").fill("gradient")
    plain.presses("Search", "main")

    expect(page.locator(".hit").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    plain.follows(re.compile(r"^Papers \d"))
    here = page.get_by_label("Kinds of results").locator("[aria-current]")
    expect(here).to_have_text(re.compile(r"^\s*Papers"))
    expect(page.locator(".hit .kind").first).to_have_text("Paper")
    expect(page.locator(".hit .kind", has_not_text="Paper")).to_have_count(0)
    page.get_by_label("When").select_option("Past week")  # a paper has no day here
    plain.presses("Narrow", "main")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    plain.follows("Search everything")
    expect(page.locator(".hit").first).to_be_visible()
    plain.leaves()


def test_a_typo_is_understood_and_searches_are_forgotten_on_request(
    noor: Person,
) -> None:
    page = noor.page
    noor.goes("/search/?q=zebra")
    noor.goes("/search/?q=backpropgation")
    expect(page.locator(".notice b")).to_have_text("backpropagation")
    expect(page.locator(".hit").first).to_be_visible()

    expect(page.get_by_role("link", name="zebra", exact=True)).to_be_visible()
    noor.presses("Clear", ".rail")
    expect(page.get_by_label("Search for")).to_be_visible()
    expect(page.get_by_role("link", name="zebra", exact=True)).to_have_count(0)


@pytest.mark.parametrize(
    "path", ["/search/", "/search/?q=loss", "/search/?q=xyzzyplugh"]
)
def test_pages_are_as_they_should_be(noor: Person, path: str) -> None:
    noor.goes(path)
    noor.looks("search")
