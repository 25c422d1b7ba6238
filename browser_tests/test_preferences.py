"""What reaches a member: the table of kinds and ways, signed in, by keys, on a phone,
without JavaScript, and by the link in a mail without signing in.
"""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser_tests.looking import axe_faults, sideways
from browser_tests.people import Person
from browser_tests.running import Site

PHONE = {"width": 390, "height": 844}
LINK = """
from mail.tokens import preferences_token
from members.models import Member
print("link", preferences_token(Member.objects.get(name__startswith="Noor")))
"""


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


def way(page: Page, group: str, name: str) -> Locator:
    table = page.get_by_role("group", name=re.compile(f"^{group}"))
    return table.get_by_role("radio", name=name)


def test_a_member_chooses_what_reaches_them(site: Site, browser: Browser) -> None:
    noor = Person(site, browser)
    noor.goes(site.links["Noor"])
    noor.presses("Sign in")
    noor.is_at("/")
    noor.goes("/mail/preferences/")
    page = noor.page
    expect(way(page, "Mention", "Daily mail")).to_be_checked()
    assert way(page, "New in a thread", "At once").count() == 0

    way(page, "Mention", "Daily mail").focus()
    page.keyboard.press("ArrowRight")
    expect(way(page, "Mention", "At once")).to_be_checked()
    page.get_by_label("Daily mail at").select_option("9:00")
    page.get_by_label("Quiet until").fill("08:15")
    noor.presses("Save", within="main")
    noor.sees("Saved.")

    expect(way(page, "Mention", "At once")).to_be_checked()
    expect(page.get_by_label("Daily mail at")).to_have_value("9")
    expect(page.get_by_label("Quiet until")).to_have_value("08:15")
    assert not axe_faults(page)

    page.get_by_label("Quiet from").fill("08:15")
    way(page, "Announcement", "Never").check()
    noor.presses("Save", within="main")
    noor.sees("Quiet hours cannot cover the whole day.")
    expect(way(page, "Announcement", "Never")).to_be_checked()

    page.set_viewport_size(PHONE)
    assert sideways(page) <= 0
    noor.leaves()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_link_in_a_mail_needs_no_sign_in(
    site: Site, browser: Browser, javascript: bool
) -> None:
    told = site.shell(LINK)
    [token] = re.findall(r"^link (\S+)$", told, re.MULTILINE)
    reader = Person(site, browser, javascript=javascript)
    page = reader.page
    reader.goes(f"/mail/preferences/{token}/?weeks=2")

    expect(page.get_by_label("No mail at all until")).not_to_have_value("")
    way(page, "Reply to me", "In the app").check()
    page.get_by_role("button", name="Save", exact=True).click()
    reader.sees("Saved.")

    expect(way(page, "Reply to me", "In the app")).to_be_checked()
    expect(page.get_by_label("No mail at all until")).not_to_have_value("")
    assert page.get_by_text("Threads with their own level").count() == 0
    page.get_by_label("No mail at all until").fill("")
    with page.expect_navigation():  # “Saved.” is there from before
        page.get_by_role("button", name="Save", exact=True).click()
    reader.sees("Saved.")
    reader.goes(f"/mail/preferences/{token}/")
    expect(page.get_by_label("No mail at all until")).to_have_value("")
    reader.goes("/mail/preferences/")
    assert "/accounts/" in page.url or "login" in page.url
    reader.leaves()
