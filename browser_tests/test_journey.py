"""A member's week, end to end, on the site as its host starts it: real
mails, real feeds, a real browser.

Every page that is new in the story is inspected: accessible at both widths
in both schemes, no wider than its window. Whatever a browser complains
about (a script or a style that the policy stops, an error, a request to
another site) fails it.
"""

import http.server
import json
import re
import signal
import threading
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.people import Person
from browser_tests.running import ROOT, Site

BERLIN = ZoneInfo("Europe/Berlin")  # the browsers' own zone, see looking.py
FEEDS = {
    "cs.LG": "trimmed_rss_csLG_2025-06-11.xml",
    "cs.CL": "trimmed_old_rdf_csCL.xml",
    "stat.ML": "malformed_truncated.xml",
}
CURRICULUM = "/learn/practical-way-up/"
QUESTION = """Why does the *first* loss sit at $-\\ln\\frac{1}{10}$?

```python
loss = F.cross_entropy(logits, target)
```
"""
COUNTS = """
import json
from community.models import Comment, Post
from curriculum.models import Release
from mail.models import Delivery
from members.models import Member
from papers.models import Paper, Reading
from progress.models import LoggedTime, Record, StudyEvent
print(json.dumps({m.__name__: m.objects.count() for m in (
    Comment, Post, Release, Delivery, Member, Paper, Reading, LoggedTime, Record, StudyEvent)}))
"""


@pytest.fixture(scope="module")
def feeds() -> Iterator[str]:
    """A stand-in for arXiv's address that serves what arXiv once served."""

    class Feeds(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = FEEDS.get(self.path.rpartition("/")[2])
            body = (
                as_of_today((ROOT / "papers/tests/feeds" / name).read_bytes())
                if name
                else b""
            )
            self.send_response(200 if name else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/rss/"
    server.shutdown()
    server.server_close()


def as_of_today(feed: bytes) -> bytes:
    """The feed as if it were of the newest weekday, at midnight on
    arXiv's own clock.
    """
    day = datetime.now(ZoneInfo("America/New_York")).replace(hour=0, minute=0, second=0)
    day -= timedelta(days=max(day.weekday() - 4, 0))
    return feed.replace(
        b"Wed, 11 Jun 2025 00:00:00 -0400", f"{day:%a, %d %b %Y %H:%M:%S %z}".encode()
    )


@pytest.fixture
def site(tmp_path: Path, feeds: str) -> Iterator[Site]:
    site = Site(
        tmp_path,
        ARXIV_RSS_URL=feeds,
        ARXIV_CATEGORIES=",".join(FEEDS),
        OUTBOUND_PRIVATE_HOSTS="127.0.0.1",
    )
    site.start()
    yield site
    if site.process and site.process.poll() is None:
        site.stop()


def test_a_members_week(site: Site, browser: Browser, pictures: Path | None) -> None:
    mira = Person(site, browser, "mira@example.org", pictures)
    opens_the_group(mira)
    mira.sets_up_an_app("/outbox/")

    visitor = Person(site, browser, "ines@example.org", pictures)
    reads_as_a_visitor(visitor)
    ines = visitor
    joins(ines, "Ines Duarte")
    answers_three_screens_and_enrols(ines)

    studies_a_step(ines)
    plain = ines.without_javascript()
    studies_without_javascript(plain)
    plain.leaves()

    posts_in_the_feed(ines)
    question = asks_in_the_thread_of_a_step(ines)
    kofi = Person(site, browser, "kofi@example.org", pictures)
    joins(kofi, "Kofi Mensah", is_inspected=False)
    skips_three_screens(kofi)
    answers(kofi, question)
    accepts(ines, question)

    harvests(mira)
    keeps_a_paper(ines)

    chooses_an_hour_for_the_digest(ines)
    digest_arrives_in_the_outbox(mira, site)
    unsubscribes_with_one_request(site, mira)

    makes_a_curator(mira, kofi)
    edits_and_publishes_a_curriculum(kofi)

    writes_while_the_session_ends(ines)

    before = counts(site)
    mira.leaves()
    kofi.leaves()
    ines.faults.none()
    ines.page.goto("about:blank")  # an open page asks for news, and would be refused
    site.stop(signal.SIGKILL)
    at_rest = counts(site)  # the worker wrote until then
    assert is_all_of(before, at_rest), (before, at_rest)
    site.start()
    again = counts(site)
    assert is_all_of(at_rest, again), (at_rest, again)
    finds_everything_again(ines)
    ines.leaves()


# Joining


def opens_the_group(mira: Person) -> None:
    mira.goes("/")
    mira.is_at("/set-up/")
    mira.goes(mira.site.set_up_address())
    expect(mira.page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    mira.looks("set-up")
    mira.page.get_by_label("Name of the study group").fill("Tuesday Gradients")
    mira.page.get_by_label("Your name").fill("Mira Okafor")
    mira.page.get_by_label("Your email").fill(mira.email)
    mira.page.get_by_label("Password").fill("a long one indeed")
    mira.presses("Open the group")
    mira.is_at("/")
    mira.sees("Tuesday Gradients", "Your study group is open")
    mira.looks("home-new")


def reads_as_a_visitor(visitor: Person) -> None:
    visitor.goes("/")
    visitor.sees(
        "Deep learning, learnt in good company", "Deep learning, the practical way up"
    )
    visitor.looks("landing")
    visitor.follows("See the curricula")
    visitor.is_at("/learn/")
    visitor.sees("Seven steps to deep learning", "Learning to learn machine learning")
    visitor.looks("curricula-visitor")
    visitor.follows("Deep learning, the practical way up")
    visitor.is_at(CURRICULUM)
    visitor.looks("curriculum-visitor")
    visitor.clicks(visitor.page.locator(".stop h2 a").first)
    visitor.sees("Learn it with the group")
    visitor.looks("step-visitor")


def joins(person: Person, name: str, *, is_inspected: bool = True) -> None:
    person.goes("/accounts/signup/")
    if is_inspected:
        person.looks("sign-up")
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Email").fill(person.email)
    person.presses("Join", "main")
    person.sees("Ask for your code")
    if is_inspected:
        person.looks("code")
    person.types_code("Your code")
    person.is_at("/welcome/goal/")


def answers_three_screens_and_enrols(ines: Person) -> None:
    ines.looks("welcome-goal")
    ines.page.get_by_label("Do research").check()
    ines.page.get_by_label("In your own words").fill(
        "Read attention papers without fear"
    )
    ines.presses("Continue")
    ines.is_at("/welcome/time/")
    expect(ines.page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    ines.looks("welcome-time")
    ines.page.get_by_label("Hours a week").fill("6")
    ines.page.get_by_label("Tue", exact=True).check(force=True)
    ines.presses("Continue")
    ines.is_at("/welcome/curriculum/")
    ines.looks("welcome-curriculum")
    ines.sees("Recommended for you", "You said “Do research”.", "With 6 h a week")
    expect(ines.page.get_by_label("Seven steps to deep learning")).to_be_checked()
    ines.page.get_by_label("Deep learning, the practical way up").check()
    ines.presses("Enrol")
    ines.is_at(CURRICULUM)
    ines.sees("You are here", "0 of 6 steps done")
    ines.looks("curriculum")


def skips_three_screens(person: Person) -> None:
    person.presses("Skip this")
    person.presses("Skip this")
    person.presses("Look around first")
    person.is_at("/")


# Studying


def opens_the_first_step(person: Person) -> None:
    person.goes(CURRICULUM)
    person.clicks(person.page.locator(".stop h2 a").first)
    expect(person.page.locator("#step-count")).to_be_visible()


def studies_a_step(ines: Person) -> None:
    page = ines.page
    opens_the_first_step(ines)
    ines.looks("step")
    rings, legend = page.locator("#step-rings svg.rings"), page.locator("#step-legend")
    before = rings.get_attribute("aria-label")
    page.evaluate("window.isTheSamePage = true")

    tick = page.locator(".checklist > li").first.locator("button.tick")
    expect(tick).to_have_attribute("aria-pressed", "false")
    ines.clicks(tick)
    expect(tick).to_have_attribute("aria-pressed", "true")
    expect(rings).not_to_have_attribute("aria-label", before or "")
    expect(page.locator("#step-count")).to_contain_text(re.compile(r"^1 of "))

    second = page.locator(".checklist > li").nth(1)
    ines.clicks(second.locator("a.row-menu"))
    second.get_by_placeholder("known already, not for me").fill("I teach this")
    ines.clicks(second.get_by_role("button", name="Skip", exact=True))
    expect(page.locator(".checklist > li").nth(1)).to_contain_text(
        "Skipped: I teach this"
    )

    page.locator("#log").get_by_label("Hack").check(force=True)
    page.locator("#minutes").fill("45")
    ines.presses("Log", "#log")
    expect(legend).to_contain_text("45 min")
    ines.presses(re.compile("^Undo 45 min Hack"), "#log")
    expect(legend).not_to_contain_text("45 min")
    page.locator("#log").get_by_label("Math").check(force=True)
    page.locator("#minutes").fill("25")
    ines.presses("Log", "#log")
    expect(legend).to_contain_text("25 min")

    assert page.evaluate("window.isTheSamePage"), "A press reloaded the page."
    ines.looks("step-worked-on")
    ines.goes("/progress/")
    ines.looks("progress")


def studies_without_javascript(plain: Person) -> None:
    page = plain.page
    opens_the_first_step(plain)
    rows = page.locator(".checklist > li")
    expect(page.locator("#step-count")).to_contain_text(re.compile(r"^1 of "))

    plain.clicks(rows.first.locator("button.tick"))
    expect(page.locator("#step-count")).to_contain_text(re.compile(r"^0 of "))
    plain.clicks(rows.first.locator("button.tick"))
    expect(page.locator("#step-count")).to_contain_text(re.compile(r"^1 of "))

    expect(rows.nth(1)).to_contain_text("I teach this")
    plain.clicks(rows.nth(1).locator("a.row-menu"))  # a page of its own
    plain.presses("Not skipped after all", "main")
    expect(rows.nth(1)).not_to_contain_text("I teach this")
    plain.clicks(rows.nth(1).locator("a.row-menu"))  # a page of its own
    page.get_by_placeholder("known already, not for me").fill("Too easy")
    plain.presses("Skip", "main")
    expect(rows.nth(1)).to_contain_text("Skipped: Too easy")

    page.locator("#log").get_by_label("Run").check(force=True)
    page.locator("#minutes").fill("30")
    plain.presses("Log", "#log")
    expect(page.locator("#step-legend")).to_contain_text("30 min")
    plain.presses(re.compile("^Undo 30 min Run"), "#log")
    expect(page.locator("#step-legend")).not_to_contain_text("30 min")

    page.locator("label", has_text="Dark").click()
    plain.presses("Keep theme")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


# Talking


def posts_in_the_feed(ines: Person) -> None:
    ines.goes("/")
    ines.page.get_by_label("Write to the group").fill(
        "I start with step 1 on **Tuesday**. Who else?"
    )
    ines.presses("Post", "#composer")
    expect(ines.page.locator(".feed .post").first).to_contain_text(
        "I start with step 1 on Tuesday."
    )
    expect(ines.page.locator(".feed .post").first.locator("strong")).to_have_text(
        "Tuesday"
    )
    ines.looks("home")


def asks_in_the_thread_of_a_step(ines: Person) -> str:
    """The address of the question."""
    opens_the_first_step(ines)
    composer = ines.page.locator("#composer")
    composer.get_by_role("radio", name="Question").check(force=True)
    composer.get_by_label("Title").fill("Where does 2.303 come from?")
    composer.get_by_label("Write to this thread").fill(QUESTION)
    ines.presses("Post", "#composer")
    question = ines.page.get_by_role("link", name="Where does 2.303 come from?").first
    expect(question).to_be_visible()
    ines.looks("step-with-question")
    ines.clicks(question)
    address = ines.is_at(re.compile(r"/posts/\d+/"))
    expect(ines.page.locator("article math")).to_be_visible()
    expect(ines.page.locator("article pre code span").first).to_be_visible()
    ines.looks("question")
    return address


def answers(kofi: Person, question: str) -> None:
    kofi.goes(question)
    kofi.page.get_by_label("Answer Ines Duarte").fill(
        "Ten classes, and $e^{-2.303} = 0.1$: all are equally likely."
    )
    kofi.presses("Post answer")
    expect(kofi.page.locator("#comments")).to_contain_text("all are equally likely")
    expect(
        kofi.page.get_by_role("button", name=re.compile("Accept this answer"))
    ).to_have_count(0)
    kofi.goes("/")
    kofi.page.get_by_role("radio", name="Question").check(force=True)
    kofi.page.get_by_label("Title").fill("Which batch size fits a laptop?")
    kofi.page.get_by_label("Write to the group").fill("Mine swaps at 256.")
    kofi.presses("Post", "#composer")
    expect(kofi.page.locator(".feed .post").first).to_contain_text("Mine swaps at 256.")


def accepts(ines: Person, question: str) -> None:
    ines.goes(question)
    ines.presses("Accept this answer")
    expect(
        ines.page.get_by_role("article", name="Accepted answer by Kofi Mensah")
    ).to_be_visible()
    ines.looks("question-answered")
    ines.goes("/")
    ines.sees("Accepted answer by Kofi Mensah")


# Papers


def harvests(mira: Person) -> None:
    mira.goes("/papers/feeds/")
    mira.looks("feeds")
    mira.presses(re.compile(r"Try now.*cs\.LG"))
    wait_for(mira, "cs.LG", "Fine")
    said = mira.site.manage("harvest", "--category", "cs.CL")
    assert re.search(r"cs\.CL of .*: [1-9]\d* new announcements", said), said
    mira.goes("/papers/feeds/")
    mira.presses(re.compile(r"Try now.*stat\.ML"))
    wait_for(mira, "stat.ML", "Failed")


def wait_for(mira: Person, feed: str, state: str) -> None:
    """Load the page again until the worker has asked for the feed."""
    row = mira.page.locator("main li", has_text=feed)

    def is_so() -> bool:
        mira.goes("/papers/feeds/")
        return state in row.inner_text()

    mira.waits_for(is_so)


def keeps_a_paper(ines: Person) -> None:
    ines.goes("/papers/")
    ines.looks("papers")
    title = ines.page.locator("main .paper a").first
    words, address = title.inner_text(), title.get_attribute("href")
    assert address
    ines.clicks(title)
    ines.is_at(address)
    ines.sees(words, "Abstract")
    ines.looks("paper")
    ines.presses("Keep")
    expect(ines.button("On your list")).to_be_visible()
    ines.goes("/papers/list/")
    ines.sees(words)
    ines.looks("reading-list")


# Mail


def chooses_an_hour_for_the_digest(ines: Person) -> None:
    now = datetime.now(BERLIN)
    ines.site.shell(
        "from datetime import timedelta; from members.models import Member; "
        "from django.db.models import F;"
        "Member.objects.update(joined_at=F('joined_at') - timedelta(days=30))"
    )
    ines.goes("/settings/")
    ines.looks("settings")
    ines.follows("What reaches you")
    ines.is_at("/mail/preferences/")
    ines.looks("mail-preferences")
    ines.page.locator("[name=weekday]").select_option(str(now.weekday()))
    ines.page.locator("[name=hour]").select_option(str(now.hour))
    ines.presses("Save", "main")
    ines.sees("Saved.")


def digest_arrives_in_the_outbox(mira: Person, site: Site) -> None:
    digest = site.mail("ines@example.org", "week")
    assert "List-Unsubscribe-Post" in digest
    mira.goes("/outbox/")
    mira.looks("outbox")
    of_ines = mira.page.get_by_role("row", name="ines@example.org")
    mira.clicks(
        of_ines.get_by_role("link", name=str(digest["Subject"]), exact=True).first
    )
    expect(mira.page.locator("iframe.mail-frame")).to_be_visible()
    mira.looks("outbox-mail")
    inside = mira.page.frame_locator("iframe.mail-frame")
    expect(inside.locator("body")).to_contain_text("25 min")
    expect(inside.locator("body")).to_contain_text("Which batch size fits a laptop?")


def unsubscribes_with_one_request(site: Site, mira: Person) -> None:
    digest = site.mail("ines@example.org", "week")
    address = re.search(r"<(http[^>]+)>", str(digest["List-Unsubscribe"]))
    assert address
    request = urllib.request.Request(
        address[1], data=b"List-Unsubscribe=One-Click", method="POST"
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
    due = site.shell(
        "from datetime import timedelta; from django.utils import timezone; "
        "from mail.due.digests import due_digests;"
        "print([m.email for _, ms in due_digests(timezone.now() + timedelta(days=7)) for m in ms])"
    )
    assert "ines@example.org" not in due


# Curating


def makes_a_curator(mira: Person, kofi: Person) -> None:
    mira.site.shell(
        "from members.models import Member; from django.utils import timezone;"
        f"Member.objects.filter(email='{kofi.email}').update(curator_since=timezone.now())"
    )


def edits_and_publishes_a_curriculum(kofi: Person) -> None:
    page = kofi.page
    kofi.sets_up_an_app("/admin/")
    kofi.goes("/admin/curriculum/curriculum/")
    kofi.follows("Import a file", "body")
    page.locator("[name=text]").fill(
        "format: 1\ncurriculum:\n  slug: way-up\n  titel: The way up\n"
    )
    kofi.clicks(page.locator("[name=look]"))
    kofi.sees("Nothing was imported")
    page.set_input_files("[name=file]", ROOT / "curriculum/tests/small.yaml")
    kofi.clicks(page.locator("[name=look]"))
    kofi.sees("This is what importing it would do")
    kofi.clicks(page.locator("[name=import]"))
    kofi.sees("Imported:")
    with page.expect_download() as download:
        kofi.follows("Download the draft", "body")
    assert "slug: way-up" in download.value.path().read_text()
    kofi.follows("Publish", ".object-tools")
    page.locator("[name=changelog]").fill("First release.")
    kofi.clicks(page.locator("input[type=submit]"))
    kofi.sees("Published as release 1")
    kofi.goes("/learn/way-up/")
    kofi.sees("The way up", "First encounter")
    kofi.looks("curriculum-imported")
    kofi.goes("/learn/way-up/releases/")
    kofi.looks("releases")


# What goes wrong


def writes_while_the_session_ends(ines: Person) -> None:
    ines.goes("/posts/new/?kind=question")
    ines.looks("new-post")
    ines.page.get_by_label("Title").fill("Is my gradient wrong?")
    ines.page.locator("main textarea").first.fill("It took me an hour to write this.")
    ines.site.shell(
        "from django.contrib.sessions.models import Session; Session.objects.all().delete()"
    )
    ines.presses("Post", "main")
    ines.is_at("/accounts/login/")
    ines.looks("sign-in")
    ines.page.locator("#code-email").fill(ines.email)
    ines.presses("Send me a code")
    ines.types_code("Your sign-in code")
    ines.is_at("/posts/new/")
    expect(ines.page.locator("main textarea").first).to_have_value(
        "It took me an hour to write this."
    )
    expect(ines.page.get_by_label("Title")).to_have_value("Is my gradient wrong?")
    ines.presses("Post", "main")
    ines.sees("Is my gradient wrong?")


def is_all_of(before: dict[str, int], after: dict[str, int]) -> bool:
    """Nothing is lost; what comes by itself may have come."""
    return all(after[name] >= number for name, number in before.items())


def counts(site: Site) -> dict[str, int]:
    return dict(json.loads(site.shell(COUNTS)))


def finds_everything_again(ines: Person) -> None:
    ines.goes("/")
    ines.sees("I start with step 1 on Tuesday.", "Accepted answer by Kofi Mensah")
    assert len(ines.site.mails(ines.email)) == len(
        {str(mail["Message-ID"]) for mail in ines.site.mails(ines.email)}
    )
    assert (
        len(
            [
                mail
                for mail in ines.site.mails(ines.email)
                if "List-Unsubscribe-Post" in mail
            ]
        )
        == 1
    )
