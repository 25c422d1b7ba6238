"""The owner starts, stops and repeats runs of mail; a tab that is out of
date undoes no unsubscribe.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser_tests.looking import sideways
from browser_tests.people import Person
from browser_tests.running import Site
from browser_tests.sessions import SESSION, comes, sessions_in

# A mail server, and links that nobody else can open: digests are written
# and held, so that a run lasts.
HELD = {"EMAIL_URL": "smtp://127.0.0.1:9", "MAIL_TICK_SECONDS": "900"}
FILL = """
from datetime import timedelta
from django.utils import timezone
from mail import digest, tokens
from mail.models import Delivery, Preference
from members.models import Member, StudyGroup

now = timezone.now()
ago = now - timedelta(days=8)
StudyGroup.objects.get_or_create(pk=1, defaults={"name": "Tuesday Gradients", "set_up_at": now})
for name, roles in (("Olga", {"owner_since": ago}), ("Ines", {})):
    email = f"{name.lower()}@example.org"
    member = Member.objects.create_user(email, name=name, onboarded_at=ago, **roles)
    Member.objects.filter(pk=member.pk).update(joined_at=ago)
    Preference.objects.create(member=member, digest_weekday=now.weekday(), digest_hour=now.hour)
    content = digest.compose([member], now)[member.pk].as_content()
    Delivery.objects.create(
        member=member,
        kind="digest",
        key="2026-W01",
        content=content,
        written_at=ago,
        repeats=1,
        not_before=ago,
        handed_over_at=ago,
        attempts=1,
        error="Connection unexpectedly closed",
    )
    print("session", member.email, SESSION(member))
print("token", tokens.unsubscribe_token(member, "digest"))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("mail"), **HELD)
    site.prepare()
    site.start()
    told = site.shell(SESSION + FILL)
    site.links = sessions_in(told) | dict(
        line.split() for line in told.splitlines() if line.startswith("token ")
    )
    yield site
    if site.process and site.process.poll() is None:
        site.stop()


def run_of(person: Person, name: str | re.Pattern[str]) -> Locator:
    """The line of a run, on a page that is reloaded until it is there."""
    row = person.page.get_by_role("row").filter(
        has=person.page.get_by_role("rowheader", name=name)
    )
    for _ in range(30):
        person.goes("/mail/runs/")
        if row.count():
            break
        person.page.wait_for_timeout(500)
    return row


def test_the_owner_starts_a_run_stops_it_goes_on_and_repeats_another(
    site: Site, browser: Browser, pictures: Path | None
) -> None:
    assert "Digests and reminders are held" in site.log()
    olga = comes(site, browser, "olga@example.org", pictures)
    olga.goes("/mail/runs/")
    olga.sees("Digests and reminders are held", "2 mails are unconfirmed")

    olga.presses("Send what is due now")
    olga.sees("2 digests are due, and held.")
    new = run_of(olga, re.compile("Weekly digest, week (?!1 of 2026)"))
    new.get_by_role("button", name="Stop this run").click()
    olga.sees("Stopped. No further mail of this run is sent")
    olga.looks("mail-runs")
    new.get_by_role("button", name="Go on").click()
    olga.sees("The run goes on.")
    expect(new.get_by_role("button", name="Stop this run")).to_be_visible()

    old = olga.page.get_by_role("row").filter(
        has=olga.page.get_by_role("rowheader", name="Weekly digest, week 1 of 2026")
    )
    old.get_by_role("button", name="Send all again").click()
    olga.sees("2 mails will be sent again.")
    expect(old.get_by_role("button", name="Send all again")).to_have_count(0)
    assert "are unconfirmed" not in olga.page.content()

    olga.follows("Look at every kind of mail")
    olga.is_at("/mail/kinds/")
    olga.page.get_by_role("link", name="Weekly digest").first.wait_for()
    olga.looks("mail-kinds")
    olga.follows("Weekly digest")
    olga.sees("Derive layer normalisation")
    expect(
        olga.page.frame_locator("iframe").get_by_role(
            "heading", name="Papers for step 2"
        )
    ).to_be_visible()
    olga.looks("mail-kind-digest")
    olga.goes("/mail/kinds/login_code/")
    olga.sees("ABCD-EFGH", "invented")
    olga.looks("mail-kind-code")
    olga.leaves()


def test_a_page_of_mail_stores_the_theme_and_marks_itself_in_the_menu(
    site: Site, browser: Browser, pictures: Path | None
) -> None:
    olga = comes(site, browser, "olga@example.org", pictures)
    olga.goes("/mail/runs/")

    with olga.page.expect_navigation(url="**/mail/runs/"):
        olga.page.locator("label", has_text="Dark").click()

    expect(olga.page.locator("html")).to_have_attribute("data-theme", "dark")
    marked = olga.page.locator(".menu a[aria-current]")
    expect(marked).to_have_attribute("href", "/mail/runs/")
    olga.leaves()


def test_a_tab_that_is_out_of_date_asks_before_it_undoes_an_unsubscribe(
    site: Site, browser: Browser, pictures: Path | None
) -> None:
    ines = comes(site, browser, "ines@example.org", pictures)
    ines.goes("/mail/preferences/")
    ines.looks("mail-preferences")
    provider = Person(site, browser, pictures=pictures)
    address = f"/mail/unsubscribe/{site.links['token']}/"
    provider.goes(address)
    provider.looks("mail-unsubscribe")
    provider.presses("Stop it")
    provider.sees("No more weekly digests")
    provider.leaves()

    hour = ines.page.get_by_label("At", exact=True)
    another = "7" if hour.input_value() != "7" else "8"
    hour.select_option(another)
    ines.presses("Save", within="main")
    ines.sees("Your mail was changed elsewhere", "Nothing was saved yet")
    ines.looks("mail-preferences-stale")
    expect(hour).to_have_value(another)
    # the answer it is
    ines.faults.found = [
        fault for fault in ines.faults.found if "409 (Conflict)" not in fault
    ]
    ines.follows("Leave it as it is now")

    expect(ines.page.get_by_role("checkbox").first).not_to_be_checked()
    ines.leaves()


# Every example of a mail, each of whose texts goes on with what is hard to
# break into lines.
HARD = r"""
import json
from django.test import RequestFactory
from django.utils import timezone
from mail import samples
from mail.messages import MessageBuilder

HARD = "https://github.com/pytorch/pytorch/issues/12345#issuecomment-1234567890 " + "x" * 120
HARD += r" $\mathcal{L}(\theta)=\frac1n\sum_{i=1}^{n}\ell(f_\theta(x_i),y_i)"
HARD += r"+\lambda\lVert\theta\rVert_2^2$"
samples._ = lambda words: f"{words} {HARD}"
request = RequestFactory().get("/", headers={"host": "127.0.0.1"})
for kind in samples.KINDS.values():
    mail = samples.build(kind, request, timezone.now())
    for html, _ in getattr(mail, "alternatives", []):
        print("mail " + json.dumps({"kind": kind.name, "html": html}))
"""


def test_no_mail_is_wider_than_its_window(
    site: Site, browser: Browser, pictures: Path | None
) -> None:
    told = site.shell(HARD).splitlines()
    mails = [
        json.loads(line.removeprefix("mail "))
        for line in told
        if line.startswith("mail ")
    ]
    assert {"digest", "inactivity", "notice"} <= {mail["kind"] for mail in mails}
    page = browser.new_page()

    for mail in mails:
        page.set_content(mail["html"])
        expect(page.locator("body")).to_contain_text("issuecomment")
        for width in (600, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if pictures:
                page.screenshot(
                    path=pictures / f"mail-{mail['kind']}-{width}.png",
                    full_page=True,
                    caret="initial",
                )
            assert sideways(page) <= 0, f"{mail['kind']} at {width} px"
    page.close()
