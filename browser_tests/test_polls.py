"""Polls as members meet them: written above the feed, voted in by two, seen by a third;
a ranking, keys, a phone, and no JavaScript.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser_tests.people import Person
from browser_tests.running import Site
from browser_tests.sessions import SESSION, comes, sessions_in

PHONE = {"width": 390, "height": 844}
PEOPLE = """
from members.models import Member
others = Member.objects.active().filter(owner_since=None, curator_since=None)
for member in others.filter(moderator_since=None):
    print("session", member.name.split()[0].lower(), SESSION(member))
owner = Member.objects.active().filter(owner_since__isnull=False).first()
print("session", OWNER, SESSION(owner))
"""
OWNER = "owner"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("polls"))
    site.prepare_demo()
    told = site.manage("shell", text=SESSION + f"OWNER = {OWNER!r}" + PEOPLE)
    site.links = sessions_in(told)
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def group(site: Site, browser: Browser) -> Iterator[list[Person]]:
    """Four members without a role."""
    names = [name for name in site.links if name != OWNER][:4]
    people = [comes(site, browser, name, None) for name in names]
    yield people
    for person in people:
        person.leaves()


def box_of(page: Page, title: str) -> Locator:
    """The poll with this title in a list."""
    heading = page.get_by_role("heading", name=title)
    return page.locator("article", has=heading).locator(".poll-box")


def write_poll(author: Person, title: str, *options: str) -> None:
    """Above the feed, as a question of one answer."""
    author.goes("/")
    form = author.page.locator("#composer")
    form.get_by_text("Poll", exact=True).click()
    form.get_by_label("Title").fill(title)
    for number, name in enumerate(options, 1):
        form.get_by_label(f"Option {number}", exact=True).fill(name)
    form.get_by_role("button", name="Post").click()
    expect(box_of(author.page, title)).to_be_visible()


def address_of(author: Person, title: str) -> str:
    """Of the poll's page, which the author is on or led to. A preview and a list hold
    the same heading.
    """
    expect(author.page).to_have_url(re.compile(r"/posts/\d+/([?#].*)?$"))
    expect(author.page.get_by_role("heading", level=1, name=title)).to_be_visible()
    return author.page.url


def test_two_members_vote_and_a_third_sees_the_bars(group: list[Person]) -> None:
    author, first, second, third = group
    title = "Which animal?"
    write_poll(author, title, "Zebra", "Okapi", "Tapir", "Gnu")

    for person, choice in ((first, "Okapi"), (second, "Okapi"), (third, "Gnu")):
        person.goes("/")
        box = box_of(person.page, title)
        expect(box.locator("rect")).to_have_count(0)
        box.get_by_label(choice).check()
        box.get_by_role("button", name="Vote").click()
        expect(box).to_contain_text(f"Your vote: {choice}.")

    box = box_of(third.page, title)
    expect(box.locator("data")).to_have_text(
        ["0 %, 0 votes", "67 %, 2 votes", "0 %, 0 votes", "33 %, 1 vote"]
    )
    expect(box).to_contain_text("3 have voted. Votes are secret.")
    assert third.page.url.rstrip("/") == third.site.url


def test_a_fifth_field_comes_when_four_are_filled(group: list[Person]) -> None:
    author, *_others = group
    author.goes("/")
    form = author.page.locator("#composer")
    expect(form.get_by_label("Option 1", exact=True)).to_be_hidden()

    form.get_by_text("Poll", exact=True).click()

    expect(form.locator(".options li:visible")).to_have_count(3)
    for number in range(1, 5):
        form.get_by_label(f"Option {number}", exact=True).fill(f"Animal {number}")
    expect(form.locator(".options li:visible")).to_have_count(5)


def test_a_vote_by_keys_is_changed_and_taken_back(group: list[Person]) -> None:
    author, voter, *_others = group
    title = "By keys?"
    write_poll(author, title, "Up", "Down")
    voter.goes("/")
    page, box = voter.page, box_of(voter.page, title)

    box.get_by_label("Up").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_contain_text("Your vote: Down.")
    box.get_by_label("Down").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(box).to_contain_text("Your vote: Up.")
    box.get_by_role("button", name="Take it back").focus()
    page.keyboard.press("Enter")

    expect(box).to_contain_text("0 have voted.")
    expect(box.get_by_role("button", name="Vote")).to_be_visible()


def test_a_ranking_is_sent_closed_and_shown_round_by_round(group: list[Person]) -> None:
    author, *voters = group
    author.goes("/posts/new/?kind=poll")
    page = author.page
    page.get_by_label("Title").fill("What do we read?")
    for number, name in enumerate(("Attention", "Residual", "Adam"), 1):
        page.get_by_label(f"Option {number}", exact=True).fill(name)
    page.get_by_text("A ranking, counted by instant run-off").click()
    page.get_by_role("button", name="Post", exact=True).click()
    address = address_of(author, "What do we read?")

    orders = (["Attention"], ["Residual"], ["Adam", "Residual"])
    for voter, order in zip(voters, orders, strict=True):
        voter.goes(address)
        for place, name in enumerate(order, 1):
            voter.page.get_by_label(f"Place of {name}").select_option(str(place))
        voter.page.get_by_role("button", name="Vote").click()
        voter.sees(f"Your vote: {', '.join(order)}.")

    author.goes(address)
    author.follows("Options and closing")
    page.get_by_role("button", name="Close the poll").click()
    expect(page.locator("#rounds h3")).to_have_text(["Round 1", "Round 2"])
    author.sees(
        "“Adam” was added last and goes.", "2 of 3 is more than half: “Residual” wins."
    )
    author.looks("poll-rounds")


def test_two_on_one_place_are_asked_about_without_javascript_on_a_phone(
    group: list[Person],
) -> None:
    author, voter, *_others = group
    author.goes("/posts/new/?kind=poll")
    author.page.get_by_label("Title").fill("Which order?")
    for number, name in enumerate(("One", "Two"), 1):
        author.page.get_by_label(f"Option {number}", exact=True).fill(name)
    author.page.get_by_text("A ranking, counted by instant run-off").click()
    author.page.get_by_text("Members may add options").click()
    author.page.get_by_role("button", name="Post", exact=True).click()
    address = address_of(author, "Which order?")
    plain = voter.without_javascript()
    page = plain.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    plain.goes(address)
    for name in ("One", "Two"):
        page.get_by_label(f"Place of {name}").select_option("1")

    page.get_by_role("button", name="Vote").click()

    expect(page.get_by_role("alert")).to_have_text(
        "Two options are on place 1. Give each its own, or none."
    )
    expect(page.get_by_label("Place of Two")).to_have_value("1")
    page.get_by_label("Place of Two").select_option("2")
    page.get_by_role("button", name="Vote").click()
    plain.sees("Your vote: One, Two.")
    page.get_by_label("Something else").fill("Three")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label(re.compile("Place of Three"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    plain.leaves()


def test_a_poll_that_is_refused_loses_nothing(group: list[Person]) -> None:
    author, *_others = group
    author.goes("/")
    form = author.page.locator("#composer")
    form.get_by_text("Poll", exact=True).click()
    form.get_by_label("Title").fill("Which one?")
    form.get_by_label("Option 1", exact=True).fill("Only this")
    form.get_by_role("button", name="Post").click()

    form = author.page.locator("#composer")
    expect(form).to_contain_text("A poll needs at least two options.")
    expect(form.get_by_label("Option 1", exact=True)).to_have_value("Only this")
    expect(form.get_by_label("Title")).to_have_value("Which one?")


def test_an_option_is_removed_by_its_empty_field_until_somebody_votes(
    group: list[Person],
) -> None:
    author, voter, *_others = group
    title = "Which colour?"
    write_poll(author, title, "Red", "Green", "Blue")
    author.page.get_by_role("link", name=title).first.click()
    address = address_of(author, title)
    author.follows("Options and closing")
    page = author.page
    page.get_by_label("Green", exact=True).fill("")
    author.presses("Save")

    author.sees("Saved.")
    assert address_of(author, title) == address
    expect(page.get_by_label("Blue")).to_be_visible()
    expect(page.get_by_label("Green")).to_have_count(0)

    voter.goes(address)
    voter.page.get_by_label("Blue").check()
    voter.presses("Vote", "main")
    voter.sees("Your vote: Blue.")
    author.follows("Options and closing")
    author.sees("Somebody has voted, so these options stay as they are.")
    expect(page.get_by_label("Red", exact=True)).to_have_count(0)
    page.get_by_label("Option 3", exact=True).fill("Yellow")
    author.looks("poll-with-votes")
    author.presses("Save")
    expect(page.get_by_label("Yellow")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_refused_change_of_a_poll_stores_nothing_and_loses_nothing(
    group: list[Person], javascript: bool
) -> None:
    title = f"Which shape, {javascript}?"
    write_poll(group[0], title, "Circle", "Square")
    group[0].page.get_by_role("link", name=title).first.click()
    address = address_of(group[0], title)
    author = group[0] if javascript else group[0].without_javascript()
    page = author.page
    author.goes(address)
    author.follows("Options and closing")
    day = f"{datetime.now(UTC).date() + timedelta(days=3)}T18:00"
    page.get_by_label("Circle", exact=True).fill("Disc")
    page.get_by_label("Option 3", exact=True).fill("square")
    page.get_by_label("Closes").fill(day)
    author.presses("Save")

    author.sees("“square” is there twice.")
    expect(page.get_by_label("Circle", exact=True)).to_have_value("Disc")
    expect(page.get_by_label("Option 3", exact=True)).to_have_value("square")
    expect(page.get_by_label("Closes")).to_have_value(day)
    author.goes(address)
    expect(page.get_by_label("Circle")).to_be_visible()
    expect(page.locator(".poll-box")).not_to_contain_text("Closes")

    author.follows("Options and closing")
    page.get_by_label("Circle", exact=True).fill("Disc")
    page.get_by_label("Closes").fill(day)
    author.presses("Save")
    expect(page.get_by_label("Disc")).to_be_visible()
    expect(page.locator(".poll-box")).to_contain_text("Closes")
    if not javascript:
        author.leaves()


def test_a_moderator_removes_an_option_and_the_vote_is_told(
    site: Site, browser: Browser, group: list[Person]
) -> None:
    author, voter, *_others = group
    title = "Which fruit?"
    write_poll(author, title, "Apple", "Pear", "Plum")
    author.page.get_by_role("link", name=title).first.click()
    address = address_of(author, title)
    for person, choice in ((author, "Apple"), (voter, "Pear")):
        person.goes(address)
        person.page.get_by_label(choice).check()
    author.presses("Vote", "main")
    author.sees("Your vote: Apple.")
    moderator = comes(site, browser, OWNER, None)
    moderator.goes(address)
    moderator.follows("Options and closing")
    moderator.presses("Remove “Pear”")
    moderator.sees("The option was removed.")
    expect(moderator.button("Remove “Pear”")).to_have_count(0)
    moderator.leaves()

    voter.presses("Vote", "main")  # on the page from before

    voter.sees("An option that you chose was removed.")
    box = voter.page.locator(".poll-box")
    expect(box.get_by_label("Pear")).to_have_count(0)
    box.get_by_label("Plum").check()
    voter.presses("Vote", "main")
    voter.sees("Your vote: Plum.", "1 option was removed; votes for it do not count.")
