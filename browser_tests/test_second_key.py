"""Getting in: the owner's second factor, codes that come late, joining
again, and two people at one browser.
"""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.people import Person
from browser_tests.running import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("keys"))
    site.prepare()
    site.start()
    yield site
    site.stop()


def joins(person: Person, name: str) -> None:
    person.goes("/accounts/signup/")
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Email").fill(person.email)
    person.presses("Join", "main")
    person.sees("Ask for your code")


def types_the_code_of_mail(person: Person, number: int) -> None:
    """The code of the newest mail, once so many have come: an earlier one is over."""
    deadline = time.monotonic() + 120
    while len(person.site.mails(person.email)) < number:
        assert time.monotonic() < deadline, person.site.log()
        time.sleep(0.2)
    person.types_code("")


def test_the_owner_of_a_first_run_gets_home_and_by_a_second_key_to_the_desk(
    site: Site, browser: Browser
) -> None:
    mira = Person(site, browser, "mira@example.org")
    mira.goes(site.set_up_address())
    mira.page.get_by_label("Name of the study group").fill("Tuesday Gradients")
    mira.page.get_by_label("Your name").fill("Mira Okafor")
    mira.page.get_by_label("Your email").fill(mira.email)
    mira.page.get_by_label("Password").fill("a long one indeed")
    mira.page.locator("main button").last.click()
    mira.is_at("/")
    mira.sees("Your role needs a second factor")

    mira.sets_up_an_app("/admin/")

    mira.goes("/outbox/")
    mira.goes("/")
    expect(mira.page.locator("body")).not_to_contain_text(
        "Your role needs a second factor"
    )
    mira.leaves()


def test_who_joins_again_in_another_browser_finishes_there(
    site: Site, browser: Browser
) -> None:
    first = Person(site, browser, "noor@example.org")
    joins(first, "Noor")
    site.mail(first.email)
    first.leaves()

    noor = Person(site, browser, "noor@example.org")
    joins(noor, "Noor Haddad")
    types_the_code_of_mail(noor, 2)
    noor.is_at("/welcome/goal/")
    noor.goes("/")
    noor.sees("Three short questions")
    noor.presses("Not now", "main")
    expect(noor.page.locator("body")).not_to_contain_text("Three short questions")
    noor.leaves()


def test_a_late_code_is_answered_in_words_and_another_lets_in(
    site: Site, browser: Browser
) -> None:
    late = Person(site, browser, "late@example.org")
    joins(late, "Laetitia")
    site.shell(
        "from django.contrib.sessions.models import Session\n"
        "from django.contrib.sessions.backends.db import SessionStore\n"
        "for row in Session.objects.all():\n"
        "    session = SessionStore(row.session_key)\n"
        "    if 'account_email_verification_code' in session:\n"
        "        session['account_email_verification_code']['at'] -= 1000\n"
        "        session.save()\n"
    )
    late.types_code("")
    late.sees("The code is too old", "worked for 15 minutes")
    late.looks("code-too-old")
    late.presses("Send another code", "main")
    late.sees("Ask for your code")
    types_the_code_of_mail(late, 2)
    late.is_at("/welcome/goal/")
    late.leaves()
