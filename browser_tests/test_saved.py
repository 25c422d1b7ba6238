"""One member saves things, sets a day and comes back to them: with a mouse, by keys, on
a phone, and without JavaScript.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


@pytest.fixture(scope="module")
def noor(site: Site, browser: Browser, pictures: Path | None) -> Iterator[Person]:
    person = signed_in(site, browser, "Noor", pictures)
    yield person
    person.leaves()


def part(page: Page, heading: str) -> Locator:
    """The titles below a heading of the list."""
    below = page.locator(
        "#saved section", has=page.get_by_role("heading", name=heading, exact=True)
    )
    return below.locator("h3")


def save_from_feed(person: Person, number: int) -> str:
    """Press the bookmark of a post; its title."""
    post = person.page.locator("#posts .post", has=person.page.locator("h2")).nth(
        number
    )
    button = post.get_by_role("button", name=re.compile("^Save "))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    return " ".join((post.locator("h2").text_content() or "").split())


def clear(site: Site) -> None:
    site.shell("from bookmarks.models import Bookmark; Bookmark.objects.all().delete()")


def a_day_passes(site: Site) -> None:
    """What was set for tomorrow is due."""
    site.shell(
        "from datetime import timedelta\n"
        "from django.db.models import F\n"
        "from bookmarks.models import Bookmark\n"
        "for each in Bookmark.objects.exclude(remind_on=None):\n"
        "    each.remind_on -= timedelta(days=1)\n"
        "    each.save(update_fields=['remind_on'])\n"
    )


def test_a_post_is_saved_comes_back_on_its_day_and_is_done(
    site: Site, noor: Person
) -> None:
    clear(site)
    page = noor.page
    noor.goes("/saved/")
    expect(page.get_by_role("heading", name="Nothing saved yet")).to_be_visible()
    noor.goes("/")
    title = save_from_feed(noor, 0)

    page.get_by_role("link", name="Set a reminder").click()
    expect(page).to_have_url(re.compile(r"/saved/\d+/$"))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_label("Note to yourself").fill("Once more without looking")
    page.get_by_role("button", name="Save the note").click()
    noor.is_at("/saved/")
    expect(page.locator(".said")).to_have_text("Once more without looking")

    page.get_by_role("link", name=re.compile("^Set a date")).click()
    page.get_by_role("button", name=re.compile("^Tomorrow")).click()
    expect(part(page, "Later")).to_have_text([title])

    a_day_passes(site)
    noor.goes("/saved/")
    expect(part(page, "Today")).to_have_text([title])

    page.get_by_role("button", name=re.compile("^Done")).click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.locator("#saved .hit")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#saved h3")).to_have_text(title)

    page.get_by_role("button", name=re.compile("^Remove")).click()
    expect(page.get_by_text("Removed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".said")).to_have_text("Once more without looking")
    page.get_by_role("link", name=title, exact=True).click()
    button = page.locator("article.post").get_by_role("button", name="Save").first
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_day_that_is_over_is_refused_and_stays_as_it_was_typed(
    site: Site, noor: Person
) -> None:
    clear(site)
    page = noor.page
    noor.goes("/")
    title = save_from_feed(noor, 0)
    page.get_by_role("link", name="Set a reminder").click()

    page.get_by_label("On a day").fill("2020-01-01")
    page.get_by_role("button", name="Set this day").click()

    expect(page.get_by_role("alert")).to_have_text(
        "This day is over. Choose today or a later one."
    )
    expect(page.get_by_label("On a day")).to_have_value("2020-01-01")
    page.get_by_label("On a day").fill("2090-01-01")
    page.get_by_role("button", name="Set this day").click()
    noor.is_at("/saved/")
    expect(part(page, "Later")).to_have_text([title])


def test_keys_go_through_the_list(site: Site, noor: Person) -> None:
    clear(site)
    page = noor.page
    noor.goes("/")
    titles = [save_from_feed(noor, number) for number in range(3)][::-1]
    noor.goes("/saved/")
    links = page.locator("#saved h3 a")
    expect(links).to_have_text(titles)

    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("d")
    expect(links).to_have_text(titles[1:])
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("r")
    expect(page.get_by_role("button", name=re.compile("^Tomorrow"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(part(page, "Later")).to_have_text([titles[1]])


def test_answers_papers_resources_and_activities_are_saved(
    site: Site, noor: Person
) -> None:
    clear(site)
    page = noor.page
    noor.goes("/papers/")
    page.locator("main h3 a").first.click()
    expect(page).to_have_url(re.compile(r"/papers/\d[\d.]+/$"))
    button = page.get_by_role("button", name="Save", exact=True).first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    noor.goes("/learn/resources/")
    page.locator("main h2 a").first.click()
    expect(page).to_have_url(re.compile(r"/learn/resources/[\w-]+/$"))
    button = page.get_by_role("button", name="Save", exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    noor.goes("/")
    page.locator(".sidenav").get_by_role("link", name=re.compile("^Step")).click()
    expect(page).to_have_url(re.compile(r"/learn/[\w-]+/[\w-]+/([?#].*)?$"))
    page.locator("a.row-menu").first.click()
    entry = page.get_by_role("button", name="Save with a reminder")
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "true")

    noor.goes("/saved/")

    kinds = page.locator("#saved .kind")
    expect(kinds).to_have_text(["Activity", "Resource", "Paper"])
    page.get_by_role("link", name="Papers", exact=True).last.click()
    expect(kinds).to_have_text(["Paper"])


def test_on_a_phone_and_without_javascript(site: Site, noor: Person) -> None:
    clear(site)
    plain = noor.without_javascript()
    page = plain.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    plain.goes("/")
    post = page.locator("#posts .post").first
    post.get_by_role("button", name=re.compile("^Save ")).click()
    expect(post.get_by_role("button", name=re.compile("^Save "))).to_have_attribute(
        "aria-pressed", "true"
    )

    page.locator(".topbar details.menu summary").last.click()
    page.get_by_role("link", name="Saved", exact=True).click()
    plain.is_at("/saved/")
    page.get_by_role("link", name=re.compile("^Set a date")).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("link", name=re.compile("^Set a date")).click()
    page.get_by_role("button", name=re.compile("^In a week")).click()
    expect(page.get_by_role("heading", name="Later")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Done")).click()
    expect(page.get_by_text("Marked done.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Later")).to_be_visible()
    page.get_by_role("link", name="Done 0").click()
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    plain.leaves()


@pytest.mark.parametrize("name", ["saved-empty", "saved", "saved-one"])
def test_pages_are_as_they_should_be(site: Site, noor: Person, name: str) -> None:
    clear(site)
    if name != "saved-empty":
        noor.goes("/")
        for number in range(3):
            save_from_feed(noor, number)
        site.shell(
            "from datetime import date\n"
            "from bookmarks.models import Bookmark\n"
            "first, second, _third = Bookmark.objects.order_by('pk')\n"
            "day = first.member.local(first.saved_at).date()\n"
            "Bookmark.objects.filter(pk=first.pk).update(remind_on=day)\n"
            "Bookmark.objects.filter(pk=second.pk).update(\n"
            "    remind_on=date(2090, 1, 1), note='Once more without looking'\n"
            ")\n"
        )
    noor.goes("/saved/")
    if name == "saved-one":
        noor.goes(noor.page.locator("a.date").first.get_attribute("href") or "")
    noor.looks(name)


RUN_AT_THE_NEXT_HOUR = """
from django.utils import timezone
from mail import actions
from mail.models import MailTurn
from notifications.models import Notification
Notification.objects.update(read_at=timezone.now())
actions.write_bundles(timezone.now())
at = MailTurn.objects.get(member__name__startswith="Noor").bundle_at
actions.write_bundles(at)
actions.send_waiting(lambda: at)
"""


def test_a_reminder_for_today_comes_in_the_daily_mail(site: Site, noor: Person) -> None:
    clear(site)
    page = noor.page
    noor.goes("/")
    title = save_from_feed(noor, 0)
    page.get_by_role("link", name="Set a reminder").click()
    page.get_by_label("Note to yourself").fill("Once more without looking")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".said")).to_have_text("Once more without looking")
    page.get_by_role("link", name=re.compile("^Set a date")).click()
    field = page.get_by_label("On a day")
    field.fill(field.get_attribute("min") or "")
    page.get_by_role("button", name="Set this day").click()
    expect(part(page, "Today")).to_have_text([title])
    rail = page.get_by_role("complementary", name="About saved things")
    expect(rail).to_contain_text("Your daily mail of that day, at 7:00, names it once")

    site.shell(RUN_AT_THE_NEXT_HOUR)

    mail = site.mail("noor", "Reminder")
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    group = html.partition("My reminders")[2].partition("<h2")[0]
    assert "Once more without looking" in group
    [address] = re.findall(r'href="([^"]*/posts/\d+/[^"]*)"', group)[:1]
    noor.goes(address)
    expect(page.get_by_role("heading", name=title)).to_be_visible()
