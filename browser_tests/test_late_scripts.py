"""A script that is fetched when a field is first used comes after the first keys, on a
slow line or a busy machine: what was done until then is made up for.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site
from pictures.tests.bad_pictures import picture


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


@pytest.fixture(scope="module")
def member(site: Site, browser: Browser) -> Iterator[Person]:
    person = signed_in(site, browser, "Wei")
    yield person
    person.leaves()


@pytest.fixture
def wei(member: Person) -> Person:
    """In a new tab, which has nothing left of what was typed in another."""
    member.page.close()
    member.page = member.context.new_page()
    return member


@contextmanager
def late(page: Page, script: str) -> Iterator[None]:
    """The script comes after what is done here, in which it is asked for."""
    address = re.compile(rf"/static/js/{script}\.[\w.]*js$")
    held: list[Route] = []
    page.route(address, lambda route: held.append(route))
    with page.expect_request(address):
        yield
    while not held:  # the route is called after the request is noted
        page.wait_for_timeout(50)
    held[0].continue_()
    page.unroute(address)


def test_titles_are_offered_for_what_was_typed_before(wei: Person) -> None:
    page = wei.page
    wei.goes("/")

    with late(page, "suggestions"):
        page.keyboard.press("/")
        page.keyboard.type("gradi")

    offered = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(offered.first).to_be_visible()
    expect(page.locator("#q")).to_have_value("gradi")


def test_nothing_is_offered_for_a_search_that_the_page_was_asked_for(
    wei: Person,
) -> None:
    page = wei.page
    wei.goes("/search/?q=gradient")

    with page.expect_response(re.compile(r"/static/js/suggestions\.")) as answered:
        page.locator("#id_q").focus()
    answered.value.finished()
    page.wait_for_timeout(800)

    expect(page.get_by_role("listbox", name="Suggestions")).to_have_count(0)


def test_people_are_offered_for_what_was_typed_before(wei: Person) -> None:
    page = wei.page
    wei.goes("/")

    with late(page, "mentions"):
        page.locator("#composer-body").focus()
        page.keyboard.type("Thanks, @no")

    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("noor", ignore_case=True)


def test_a_picture_that_was_chosen_before_is_sent(wei: Person) -> None:
    page = wei.page
    wei.goes("/")
    form = page.locator("#composer")

    with late(page, "pictures"):
        page.locator("#composer-body").fill("The loss of last night")
        form.locator("input[type=file]").set_input_files(
            {"name": "loss.png", "mimeType": "image/png", "buffer": picture()}
        )

    expect(form.locator(".upload")).to_contain_text("loss.png")
    expect(page.locator("#composer-body")).to_have_value(re.compile(r"!\[\]\(picture:"))
