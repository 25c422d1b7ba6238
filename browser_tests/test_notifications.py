"""Two browsers side by side: one answers, the other sees it, opens it, and it is read."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site

# The demo's group has nothing left to tell, and has read all.
READ = """
from django.utils import timezone
from notifications import actions
from notifications.models import Notification
now = timezone.now()
while actions.tell_everything(now=now):
    pass
Notification.objects.update(read_at=now)
"""
PHONE = {"width": 390, "height": 844}
SOON = 30_000  # milliseconds: the run that tells, and the next question of the page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("notifications"))
    site.prepare_demo()
    site.shell(READ)
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def noor(site: Site, browser: Browser) -> Iterator[Person]:
    person = signed_in(site, browser, "Noor")
    yield person
    person.leaves()


def test_one_answers_and_the_other_sees_it(
    site: Site, browser: Browser, noor: Person
) -> None:
    asker = noor
    helper = signed_in(
        site, browser, next(each for each in site.links if each != "Noor")
    )
    asker.goes("/notifications/")
    if asker.page.get_by_role("button", name="Mark all read").count():
        asker.presses("Mark all read")
        asker.sees("marked as read.")
    asker.goes("/posts/new/?kind=question")
    asker.page.get_by_label("Title").fill("Why is my zebra striped?")
    asker.page.locator("textarea[name=body]").fill("It is striped all over.")
    asker.page.get_by_role("button", name=re.compile("^(Ask|Post)")).click()
    heading = asker.page.get_by_role("heading", name="Why is my zebra striped?")
    expect(asker.page).to_have_url(re.compile(r"/posts/\d+/$"))
    expect(heading.first).to_be_visible()
    asker.goes("/notifications/")
    expect(asker.page).to_have_title(re.compile("^Notifications"))

    helper.goes(asker_post(asker))
    helper.page.locator("#comment-body").fill("Because of its **genes**.")
    helper.page.locator("#comment-post").click()
    expect(helper.page.locator("#comments")).to_contain_text("Because of its genes.")

    # without a reload, on the page that is open
    page = asker.page
    expect(page.locator("a.bell data")).to_have_text("1", timeout=SOON + 20_000)
    expect(page).to_have_title(re.compile(r"^\(1\) Notifications"))
    asker.goes("/notifications/")
    line = page.locator(".note-lines li").first
    expect(line).to_contain_text("answered")
    expect(line).to_contain_text("Because of its genes.")
    asker.looks("notifications")
    # a press on the bell shows the newest; Escape puts the link back
    page.locator("a.bell").click()
    box = page.locator(".bell-box")
    expect(box).to_contain_text("1 unread")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(page.locator("a.bell")).to_be_focused()
    page.keyboard.press("Enter")
    asker.looks("bell-menu")
    expect(box.get_by_role("link", name="All notifications")).to_be_visible()
    box.get_by_role("link", name=re.compile("answered")).first.click()

    expect(page.locator(".comment", has_text="Because of its genes.")).to_be_visible()
    expect(page.locator("a.bell data")).to_have_count(0)
    expect(page).to_have_title(re.compile("^Why is my zebra striped"))
    helper.leaves()


def asker_post(asker: Person) -> str:
    """The address of the newest question, as the feed links to it."""
    asker.goes("/search/?q=zebra+striped")
    address = asker.page.locator(".hit h3 a").first.get_attribute("href") or ""
    asker.goes("/notifications/")
    return address.partition("?")[0]


def test_without_script_the_bell_is_a_link(noor: Person) -> None:
    plain = noor.without_javascript()
    plain.goes("/")

    plain.page.locator("a.bell").click()

    plain.is_at("/notifications/")
    plain.leaves()


def test_a_press_mutes_a_post_with_and_without_script(site: Site, noor: Person) -> None:
    person = noor
    address = asker_post(person)
    page = person.page
    page.set_viewport_size(PHONE)
    person.goes(address)

    page.get_by_role("link", name="What you hear: Watching").click()
    page.get_by_role("button", name=re.compile("^Muted")).click()

    expect(page.get_by_text("You hear nothing of this post.")).to_be_visible()
    expect(page.get_by_role("link", name="What you hear: Muted")).to_be_visible()
    plain = person.without_javascript()
    plain.goes(address)
    plain.page.get_by_role("link", name="What you hear: Muted").click()
    expect(plain.page.locator("button[aria-pressed=true]")).to_contain_text("Muted")
    plain.page.get_by_role("button", name=re.compile("^Watching")).click()
    plain.is_at(address)
    plain.leaves()
