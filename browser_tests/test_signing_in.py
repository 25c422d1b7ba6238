"""Passkeys, the theme and the keyboard, on a site that is asked
for by its name.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.people import Person
from browser_tests.running import Site

OPEN_THE_GROUP = """
from django.utils import timezone
from members.actions import set_up_group
set_up_group(
    group_name="Tuesday Gradients",
    tagline="",
    name="Mira Okafor",
    email="mira@example.org",
    password="a long one indeed",
    time_zone="UTC",
    now=timezone.now(),
)
"""
AN_HOUR_LATER = """
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
session = SessionStore({key!r})
for shown in session[AUTHENTICATION_METHODS_SESSION_KEY]:
    shown["at"] -= 3600
session.save()
"""
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("named"))
    site.url = site.environment["SITE_URL"] = site.url.replace("127.0.0.1", "localhost")
    site.prepare()
    site.start()
    site.shell(OPEN_THE_GROUP)
    yield site
    site.stop()


@pytest.fixture
def mira(site: Site, browser: Browser) -> Iterator[Person]:
    mira = Person(site, browser, "mira@example.org")
    yield mira
    mira.leaves()


def signs_in_with_a_password(mira: Person, *, lands_at: str = "/") -> None:
    mira.goes("/accounts/login/")
    mira.page.get_by_text("I have a password").click()
    mira.page.locator("[name=login]").fill(mira.email)
    mira.page.locator("[name=password]").fill("a long one indeed")
    mira.presses("Sign in", "main")
    mira.is_at(lands_at)


def an_hour_passes(mira: Person) -> None:
    """The sign-in is no longer fresh proof."""
    [key] = [
        each["value"]
        for each in mira.context.cookies()
        if str(each.get("name")).startswith("sessionid")
    ]
    mira.site.shell(AN_HOUR_LATER.format(key=key))


def proves_the_identity(mira: Person) -> None:
    """Some time after signing in, a member is asked again before a change of
    credentials.
    """
    mira.sees("Please confirm that it is you")
    mira.page.locator("[name=password]").fill("a long one indeed")
    mira.presses("Continue")


def test_a_passkey_that_the_browser_does_not_give_is_explained(mira: Person) -> None:
    mira.goes("/accounts/login/")
    mira.page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }"
    )

    mira.presses("Sign in with a passkey")

    expect(mira.page.locator("#passkey-trouble")).to_be_visible()
    mira.looks("passkey-trouble")


def test_an_address_without_a_name_offers_no_passkey(
    site: Site, browser: Browser
) -> None:
    visitor = Person(site, browser)

    visitor.page.goto(site.url.replace("localhost", "127.0.0.1") + "/accounts/login/")

    visitor.sees("Send me a code")
    expect(
        visitor.page.get_by_role("button", name="Sign in with a passkey")
    ).to_have_count(0)
    visitor.context.close()


def test_the_theme_changes_at_once_and_stays(mira: Person) -> None:
    page = mira.page
    mira.goes("/")
    body = page.locator("body")
    by_day = page.evaluate("getComputedStyle(document.body).backgroundColor")

    with page.expect_response("**/theme/"):
        page.locator("label", has_text="Dark").click()

    expect(body).not_to_have_css("background-color", by_day)
    mira.goes("/learn/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    with page.expect_response("**/theme/"):
        page.locator("label", has_text="Auto").click()
    page.reload()
    expect(body).to_have_css("background-color", by_day)


def test_the_pages_can_be_used_from_the_keyboard(mira: Person) -> None:
    page = mira.page
    signs_in_with_a_password(mira)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    mira.is_at("/#main")

    menu = page.locator(".topbar details.menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Drafts")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()

    field = page.get_by_label("Write to the group")
    field.focus()
    page.keyboard.type("Typed without a mouse.")
    expect(field).to_have_value("Typed without a mouse.")
    post = page.locator("#composer").get_by_role("button", name="Post", exact=True)
    for _ in range(40):
        page.keyboard.press("Tab")
        if post.evaluate("(each) => each === document.activeElement"):
            break
    expect(post).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".feed .post").first).to_contain_text("Typed without a mouse.")


def test_a_press_outside_closes_a_menu(mira: Person) -> None:
    signs_in_with_a_password(mira)
    menu = mira.page.locator(".topbar details.menu")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")

    mira.page.locator("main").click(position={"x": 5, "y": 5})

    expect(menu).not_to_have_attribute("open", "")


def test_the_secret_square_is_drawn(mira: Person) -> None:
    signs_in_with_a_password(mira)
    an_hour_passes(mira)

    mira.goes("/accounts/2fa/totp/activate/")
    proves_the_identity(mira)
    mira.is_at("/accounts/2fa/totp/activate/")

    box = mira.page.locator(".square-code svg").bounding_box()
    assert box
    assert box["width"] > 100
    mira.looks("authenticator-app")


def test_what_goes_wrong_is_said_in_the_look_of_the_rest(mira: Person) -> None:
    mira.page.goto(mira.site.url + "/nowhere/")
    mira.sees("404", "There is nothing at this address")
    mira.looks("404")

    signs_in_with_a_password(mira)
    mira.goes("/settings/")
    mira.page.get_by_label("In your own words").fill(
        "I typed this before the cookie went."
    )
    mira.context.clear_cookies(name=re.compile("^csrftoken"))
    mira.presses("Save")
    mira.sees("This form was too old to be sent")
    expect(mira.page.get_by_label("Goal words")).to_have_value(
        "I typed this before the cookie went."
    )
    mira.looks("form-too-old")


def test_a_passkey_is_added_and_signs_in(mira: Person) -> None:
    # The last test here: from now on a password alone is not enough.
    chromium = mira.context.new_cdp_session(mira.page)
    chromium.send("WebAuthn.enable")
    phone = {**PHONE, "isUserVerified": True, "automaticPresenceSimulation": True}
    chromium.send("WebAuthn.addVirtualAuthenticator", {"options": phone})

    signs_in_with_a_password(mira)
    mira.goes("/accounts/2fa/")
    mira.looks("second-factors")
    an_hour_passes(mira)
    mira.follows("Add a passkey")
    mira.sees("Please confirm that it is you")
    mira.looks("is-it-you")
    proves_the_identity(mira)
    expect(mira.button("Add it")).to_be_visible()
    mira.looks("passkey-add")
    mira.presses("Add it")
    mira.sees("Passkey added")
    mira.goes("/accounts/2fa/webauthn/")
    mira.looks("passkeys")

    mira.page.locator(".topbar details.menu summary").click()
    mira.presses("Sign out", ".topbar")
    mira.sees("You have signed out")
    mira.goes("/accounts/login/?next=/settings/")
    mira.presses("Sign in with a passkey")
    mira.is_at("/settings/")

    mira.context.clear_cookies()
    mira.goes("/accounts/login/")
    signs_in_with_a_password(mira, lands_at="/accounts/2fa/authenticate/")
    mira.looks("second-factor")
    mira.presses("Use a passkey or key")
    mira.is_at("/")
