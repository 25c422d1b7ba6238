"""Two browsers side by side: one answers, the other sees it, opens it, and it is read."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site

# The demo's group has nothing left to tell, and has read all. Which of its questions
# are two days old, and told of again, depends on the day.
READ = """
from django.utils import timezone
from notifications import actions
from notifications.models import Notification, OpenQuestion
now = timezone.now()
while actions.tell_everything(now=now):
    pass
OpenQuestion.objects.update(offer_at=None, ask_at=None)
Notification.objects.update(read_at=now)
"""
PHONE = {"width": 390, "height": 844}
# Milliseconds: the run that tells, and the next two questions of the page, which are 20
# and 30 seconds apart.
SOON = 120_000


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


@pytest.fixture(scope="module")
def question(noor: Person) -> str:
    """The address of a question that Noor asked."""
    noor.goes("/posts/new/?kind=question")
    noor.page.get_by_label("Title").fill("Why is my zebra striped?")
    noor.page.locator("textarea[name=body]").fill("It is striped all over.")
    noor.page.get_by_role("button", name=re.compile("^(Ask|Post)")).click()
    expect(noor.page).to_have_url(re.compile(r"/posts/\d+/$"))
    return noor.page.url.removeprefix(noor.site.url)


def test_one_answers_and_the_other_sees_it(
    site: Site, browser: Browser, noor: Person, question: str
) -> None:
    asker = noor
    helper = signed_in(
        site, browser, next(each for each in site.links if each != "Noor")
    )
    helper.goes(question)
    asker.goes("/notifications/")
    if asker.page.get_by_role("button", name="Mark all read").count():
        asker.presses("Mark all read")  # the demo's announcements
        asker.sees("marked as read.")
        asker.goes("/notifications/")
    expect(asker.page).to_have_title(re.compile("^Notifications"))

    helper.page.locator("#comment-body").fill("Because of its **genes**.")
    helper.page.locator("#comment-post").click()
    expect(helper.page.locator("#comments")).to_contain_text("Because of its genes.")

    # without a reload, on the page that is open
    page = asker.page
    expect(page.locator("a.bell data")).to_have_text("1", timeout=SOON)
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
    expect(box.get_by_role("link", name="All notifications")).to_be_visible()
    asker.looks("bell-menu")
    box.get_by_role("link", name=re.compile("answered")).first.click()

    expect(page.locator(".comment", has_text="Because of its genes.")).to_be_visible()
    expect(page.locator("a.bell data")).to_have_count(0)
    expect(page).to_have_title(re.compile("^Why is my zebra striped"))
    helper.leaves()


def test_without_script_the_bell_is_a_link(noor: Person) -> None:
    plain = noor.without_javascript()
    plain.goes("/")

    plain.page.locator("a.bell").click()

    plain.is_at("/notifications/")
    plain.leaves()


def test_a_press_mutes_a_post_with_and_without_script(
    noor: Person, question: str
) -> None:
    person, address = noor, question
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
