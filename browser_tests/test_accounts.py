"""The pages of accounts and those of errors wear the look of the site, on
a phone too, and without JavaScript.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser_tests.looking import inspect, sideways
from browser_tests.people import Person
from browser_tests.running import Site
from browser_tests.sessions import SESSION, comes, sessions_in

PASSWORD = "a long one indeed"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PEOPLE = """
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import get_resolver, reverse
from django.utils import timezone
from members.actions import set_up_group
from members.models import Member

now = timezone.now()
olga = set_up_group(
    group_name="Tuesday Gradients",
    tagline="",
    name="Olga Owner",
    email="olga@example.org",
    password="a long one indeed",
    time_zone="UTC",
    now=now,
)
noor = Member.objects.create_user("noor@example.org", name="Noor Haddad", onboarded_at=now)
wei = Member.objects.create_user("wei@example.org", name="Wei Tan", onboarded_at=now)
wei.set_password("a long one indeed")
wei.save()
Member.objects.filter(pk=olga.pk).update(onboarded_at=now)
for member in (olga, noor, wei):
    member.refresh_from_db()
    EmailAddress.objects.update_or_create(
        user=member, email=member.email, defaults={"verified": True, "primary": True}
    )
    cookie = SESSION(member)
    store = import_module(settings.SESSION_ENGINE).SessionStore(cookie.split()[0])
    proof = {"method": "mfa", "type": "totp"} if member == olga else {"method": "code"}
    proof |= {"at": time.time(), "reauthenticated": True}
    store[AUTHENTICATION_METHODS_SESSION_KEY] = [proof]
    store["account_authentication_methods_user"] = str(member.pk)
    store.save()
    print("session", member.email, cookie)
RecoveryCodes.activate(olga)
for name in get_resolver().reverse_dict:
    if isinstance(name, str) and name.split("_")[0] in ("account", "mfa", "usersessions"):
        arguments = {"pk": 0} if name in ("mfa_edit_webauthn", "mfa_remove_webauthn") else {}
        if name == "account_reset_password_from_key":
            key = default_token_generator.make_token(wei)
            arguments = {"uidb36": user_pk_to_url_str(wei), "key": key}
        print("page", name, reverse(name, kwargs=arguments))
"""
VISITORS = """account_login account_signup account_request_login_code
    account_reset_password account_reset_password_done
    account_reset_password_from_key_done account_inactive""".split()
MEMBERS = {
    "noor@example.org": """account_email account_set_password account_logout
        mfa_index mfa_activate_totp mfa_list_webauthn mfa_add_webauthn
        usersessions_list""".split(),
    "wei@example.org": "account_change_password account_reauthenticate".split(),
    "olga@example.org": """account_email mfa_index mfa_view_recovery_codes
        mfa_generate_recovery_codes mfa_deactivate_totp mfa_reauthenticate
        mfa_list_webauthn usersessions_list""".split(),
}
OF_A_PASSKEY = [
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
]
ON_THE_WAY = """account_confirm_login_code account_email_verification_sent
    account_reset_password_from_key mfa_authenticate""".split()
# a file, and JSON for the script of passkeys
NOT_PAGES = {"mfa_download_recovery_codes", "mfa_login_webauthn"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    # one web process: it counts the forms of a member
    site = Site(tmp_path_factory.mktemp("accounts"), WEB_CONCURRENCY="1")
    # passkeys need a name
    site.url = site.environment["SITE_URL"] = site.url.replace("127.0.0.1", "localhost")
    site.prepare()
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def paths(site: Site) -> dict[str, str]:
    told = site.shell(SESSION + PEOPLE)
    site.links = sessions_in(told)
    return dict(re.findall(r"^page (\S+) (\S+)$", told, re.MULTILINE))


def looks(person: Person, name: str, *, javascript: bool = True) -> None:
    """The page as it stands wears the look of the site; it is inspected
    where scripts run, which axe needs.
    """
    expect(person.page.locator(".topbar .logo")).to_be_visible()
    expect(person.page.locator("main h1")).to_have_count(1)
    if javascript:
        person.looks(name)
    else:
        person.page.set_viewport_size({"width": 390, "height": 900})
        assert sideways(person.page) <= 0, name


def looks_without_javascript(person: Person, path: str) -> None:
    same = person.without_javascript()
    same.goes(path)
    same.is_at(path)
    looks(same, path, javascript=False)
    same.leaves()


def test_a_site_without_an_owner_says_that_nobody_can_sign_up(
    site: Site, browser: Browser
) -> None:
    visitor = Person(site, browser)
    visitor.goes("/accounts/signup/")
    visitor.sees("Sign-up is not open yet")
    looks(visitor, "account-closed")
    visitor.leaves()


def test_every_page_of_accounts_is_inspected(paths: dict[str, str]) -> None:
    of_members = (name for names in MEMBERS.values() for name in names)
    assert {*VISITORS, *of_members, *OF_A_PASSKEY, *ON_THE_WAY, *NOT_PAGES} == set(
        paths
    )


def test_pages_of_accounts_for_visitors(
    site: Site, paths: dict[str, str], browser: Browser, pictures: Path | None
) -> None:
    visitor = Person(site, browser, pictures=pictures)
    for name in VISITORS:
        visitor.goes(paths[name])
        visitor.is_at(paths[name])
        looks(visitor, name)
        looks_without_javascript(visitor, paths[name])
    visitor.leaves()


@pytest.mark.parametrize("email", list(MEMBERS))
def test_pages_of_accounts_for_members(
    email: str,
    site: Site,
    paths: dict[str, str],
    browser: Browser,
    pictures: Path | None,
) -> None:
    member = comes(site, browser, email, pictures)
    for name in MEMBERS[email]:
        member.goes(paths[name])
        member.is_at(paths[name])
        looks(member, f"{email[:4]}-{name}")
        looks_without_javascript(member, paths[name])
    member.leaves()


def test_pages_of_a_passkey(
    site: Site, paths: dict[str, str], browser: Browser, pictures: Path | None
) -> None:
    wei = comes(site, browser, "wei@example.org", pictures)
    chromium = wei.context.new_cdp_session(wei.page)
    chromium.send("WebAuthn.enable")
    chromium.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    wei.goes(paths["mfa_add_webauthn"])
    wei.presses("Add it")
    wei.sees("Passkey added")
    wei.goes(paths["mfa_list_webauthn"])
    looks(wei, "passkeys")
    key = wei.page.locator("main a[href$='/edit/']").get_attribute("href")
    assert key
    for name, path in zip(
        OF_A_PASSKEY,
        (key, key.replace("edit", "remove"), paths[OF_A_PASSKEY[2]]),
        strict=True,
    ):
        wei.goes(path)
        looks(wei, name)
        looks_without_javascript(wei, path)
    wei.leaves()


@pytest.mark.parametrize("javascript", [True, False])
def test_pages_on_the_way_in(
    site: Site, paths: dict[str, str], browser: Browser, *, javascript: bool
) -> None:
    visitor = Person(site, browser, javascript=javascript)
    visitor.goes(paths["account_signup"])
    visitor.page.get_by_label("Name").fill("Mira Okafor")
    visitor.page.get_by_label("Email").fill(f"mira{javascript}@example.org")
    visitor.presses("Join", "main")
    visitor.is_at(paths["account_email_verification_sent"])
    looks(visitor, "account_email_verification_sent", javascript=javascript)

    visitor.context.clear_cookies()
    visitor.goes(paths["account_request_login_code"])
    visitor.page.locator("main [name=email]").fill("noor@example.org")
    visitor.clicks(visitor.page.locator("main form button").first)
    visitor.is_at(paths["account_confirm_login_code"])
    visitor.page.locator("[name=code]").fill("WRNG-CODE")
    visitor.presses("Continue")
    visitor.sees("This is not the code.")
    looks(visitor, "account_confirm_login_code", javascript=javascript)

    visitor.context.clear_cookies()
    visitor.goes(paths["account_login"])
    visitor.page.locator("summary", has_text="I have a password").click()
    visitor.page.locator("[name=login]").fill("olga@example.org")
    visitor.page.locator("[name=password]").fill(PASSWORD)
    visitor.presses("Sign in", "main")
    visitor.is_at(paths["mfa_authenticate"])
    looks(visitor, "mfa_authenticate", javascript=javascript)

    visitor.context.clear_cookies()
    visitor.goes(paths["account_reset_password_from_key"])
    expect(visitor.page.locator("main [name=password1]")).to_be_visible()
    looks(visitor, "account_reset_password_from_key", javascript=javascript)
    visitor.leaves()


# Errors

BREAK = "from django.db import connection\nconnection.cursor().execute({!r})"
READ_ONLY = """CREATE TRIGGER none_kept BEFORE INSERT ON community_post
    BEGIN SELECT RAISE(FAIL, 'attempt to write a readonly database'); END"""
FULL = READ_ONLY.replace(
    "attempt to write a readonly database", "database or disk is full"
)


def opens(
    page: Page, address: str, *, status: int, form: dict[str, str] | None = None
) -> None:
    """Open the page; with a form, post it there, as no page of the
    site does.
    """

    def send(route: Route) -> None:
        headers = {
            **route.request.headers,
            "content-type": "application/x-www-form-urlencoded",
        }
        route.continue_(method="POST", post_data=urlencode(form or {}), headers=headers)

    if form is not None:
        page.route(address, send)
    answer = page.goto(address)
    page.unroute(address)
    assert answer
    assert answer.status == status, f"{answer.status} {address}"


def error_looks(
    person: Person,
    path: str,
    status: int,
    form: dict[str, str] | None = None,
    *,
    after: Callable[[], None] = lambda: None,
) -> None:
    """Look at the error that the path gives `after` that, in each browser anew."""
    name = f"error-{status}-{'form' if form is not None else 'page'}"
    for each in (person, person.without_javascript()):
        after()
        each.page.set_viewport_size({"width": 390, "height": 900})
        opens(each.page, each.site.url + path, status=status, form=form)
        expect(each.page.locator(".topbar .logo")).to_be_visible()
        expect(each.page.locator("main h1")).to_have_count(1)
        expect(each.page.locator("main").get_by_role("link").first).to_be_visible()
        if each is person:
            inspect(each.page, person.pictures, name)
        assert sideways(each.page) <= 0
        each.faults.found = [
            fault for fault in each.faults.found if str(status) not in fault
        ]
        each.faults.none()
        if each is not person:
            each.leaves()


def with_token(person: Person, **form: str) -> dict[str, str]:
    person.goes("/")
    token = person.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    return {"csrfmiddlewaretoken": token, **form}


def sends_too_many(person: Person, form: dict[str, str]) -> None:
    """Send forms until one is refused. They are counted by the minute of the clock, so
    there is some of the minute left.
    """
    address = person.site.url + "/posts/new/"
    for _ in range(400):
        answer = person.context.request.post(address, form=form, max_redirects=0)
        left = 60 - time.time() % 60
        if answer.status == 429 and left > 10:
            return
        if answer.status == 429:
            time.sleep(left)
    raise AssertionError("No form was one too many.")


def test_pages_of_errors(
    site: Site, paths: dict[str, str], browser: Browser, pictures: Path | None
) -> None:
    noor = comes(site, browser, "noor@example.org", pictures)
    long = "A long line of what somebody typed before it went wrong. " * 3

    error_looks(
        noor,
        "/posts/new/",
        400,
        with_token(noor, **{f"field{n}": "" for n in range(4_001)}),
    )
    error_looks(noor, "/admin/", 403)
    error_looks(
        noor, "/posts/new/", 403, {"kind": "discussion", "title": long, "body": long}
    )
    error_looks(noor, "/nowhere/", 404)
    error_looks(noor, "/settings/", 413, {"body": "x" * 2_600_000})

    for statement, status in ((FULL, 507), (READ_ONLY, 503)):
        site.shell(BREAK.format(statement))
        error_looks(
            noor,
            "/posts/new/",
            status,
            with_token(noor, kind="discussion", title="Kept?", body=long),
        )
        site.shell(BREAK.format("DROP TRIGGER none_kept"))

    form = with_token(noor, kind="discussion", title="Too fast", body=long)
    error_looks(
        noor, "/posts/new/", 429, form, after=lambda: sends_too_many(noor, form)
    )

    site.shell(BREAK.format("ALTER TABLE papers_feed RENAME TO papers_away"))
    error_looks(
        comes(site, browser, "olga@example.org", pictures), "/papers/feeds/", 500
    )
    site.shell(BREAK.format("ALTER TABLE papers_away RENAME TO papers_feed"))
    noor.leaves()
