"""A curator edits a step in the browser and publishes; a member reads it.

Two curators meet in one form.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.running import Site
from browser_tests.sessions import SESSION, comes, sessions_in

PEOPLE = """
from django.utils import timezone
from members.models import Member, StudyGroup
now = timezone.now()
StudyGroup.objects.get_or_create(pk=1, defaults={"name": "Good Company", "set_up_at": now})
for email, name, roles in (
    ("cora@example.org", "Cora Curator", {"curator_since": now}),
    ("wei@example.org", "Wei Tan", {"curator_since": now}),
    ("noor@example.org", "Noor Haddad", {}),
    ("olga@example.org", "Olga Owner", {"owner_since": now}),
):
    member = Member.objects.create_user(email, name=name, onboarded_at=now, **roles)
    print("session", email, SESSION(member))
"""
STEP = "/learn/practical-way-up/deep-dive/"
INTRO = "A line of my own.\n\n- first\n- then $\\theta$\n\n```python\nfor x in y:\n    step(x)\n```"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):
    site = Site(tmp_path_factory.mktemp("curating"))
    site.prepare()
    site.start()
    site.links = sessions_in(site.shell(SESSION + PEOPLE))
    yield site
    if site.process and site.process.poll() is None:
        site.stop()


def test_what_a_curator_types_and_publishes_is_read_by_a_member(
    site: Site, browser: Browser, pictures: Path | None
) -> None:
    noor = comes(site, browser, "noor@example.org", pictures)
    noor.goes(STEP)
    noor.presses("Enrol")
    cora = comes(site, browser, "cora@example.org", pictures)
    cora.goes(STEP)
    cora.follows("Edit this step")
    expect(cora.page.locator("#step-form")).to_be_visible()
    cora.looks("curate-step")

    cora.page.get_by_label("Introduction", exact=True).fill(INTRO)
    cora.presses("Preview", "main")
    expect(cora.page.locator("#preview li").first).to_have_text("first")
    cora.presses("Save", "#step-form")
    cora.sees("Saved.", "What changed since release 1")
    cora.page.locator("[name=down]:enabled").first.press("Enter")
    expect(cora.page).to_have_url(re.compile(r"\?moved=down-"))
    cora.is_answered()
    expect(cora.page.locator(":focus")).to_have_attribute("name", "down")
    cora.page.get_by_label("One line for the changelog").fill("A shorter introduction.")
    cora.looks("curate-changed")
    cora.presses("Publish release 2", "main")
    cora.sees("Release 2 is published.", "A shorter introduction.")

    noor.goes("/learn/practical-way-up/")
    noor.presses("Move to release 2", "main")
    noor.goes(STEP)
    expect(noor.page.locator("#intro li").first).to_have_text("first")
    expect(noor.page.locator("#intro pre")).to_contain_text("    step(x)")
    expect(noor.page.get_by_role("link", name="Edit this step")).to_have_count(0)
    cora.goes("/curate/")
    cora.looks("curate-desk")
    cora.goes("/curate/practical-way-up/")
    cora.looks("curate-draft")
    cora.leaves()
    noor.leaves()


def test_without_javascript_an_activity_is_added_edited_and_retired(
    site: Site, browser: Browser, pictures: Path | None
) -> None:
    cora = comes(site, browser, "cora@example.org", pictures, javascript=False)
    cora.goes(STEP)
    cora.follows("Edit this step")
    cora.follows("Add an activity")
    cora.page.get_by_label("Title").fill("Draw the loss by hand")
    cora.page.get_by_label("What to do").select_option("exercise")
    cora.page.get_by_label("Aspect").select_option("math")
    cora.page.get_by_label("Minutes").fill("25")
    cora.page.get_by_label("Note").fill("One line.\nAnother line.")
    cora.presses("Save", "main")
    cora.sees("Added to the draft.", "Draw the loss by hand")
    cora.follows("Edit Draw the loss by hand")
    cora.page.get_by_label("Minutes").fill("45")
    cora.presses("Save", "main")
    cora.sees("Saved.", "Exercise, 45 min")
    cora.presses("Retire Draw the loss by hand", "main")
    cora.sees("is out of the draft")
    cora.leaves()


def test_two_curators_in_one_step_see_both_texts(
    site: Site, browser: Browser, pictures: Path | None
) -> None:
    cora, wei = (
        comes(site, browser, email, pictures)
        for email in ("cora@example.org", "wei@example.org")
    )
    for person in (cora, wei):
        person.goes("/learn/seven-steps/")
        person.follows("Edit this curriculum")
        person.clicks(person.page.locator(".draft-row").get_by_role("link").first)
        expect(person.page.locator("#step-form")).to_be_visible()
    wei.page.get_by_label("Title").fill("Meet it with Wei")
    wei.page.get_by_label("Introduction", exact=True).fill(
        "Wei can say in one sentence what it is."
    )
    wei.presses("Save", "#step-form")
    wei.sees("Saved.")

    cora.page.get_by_label("Title").fill("Meet it with Cora")
    cora.page.get_by_label("Introduction", exact=True).fill(
        "Cora can derive on paper what it is."
    )
    cora.presses("Save", "#step-form")

    cora.sees(
        "Wei Tan saved this while you were writing.", "Introduction: yours, not saved"
    )
    expect(cora.page.get_by_label("Introduction", exact=True)).to_have_value(
        "Cora can derive on paper what it is."
    )
    cora.looks("curate-conflict")
    choices = cora.page.get_by_label("Both, in the form")
    expect(choices).to_have_count(2)
    for number in range(2):
        choices.nth(number).check()
    cora.presses("Continue with this choice", "main")
    cora.sees("Two texts stand here.")
    editor = cora.page.get_by_label("Introduction", exact=True)
    expect(editor).to_have_value(
        "=== Yours ===\n\nCora can derive on paper what it is.\n\n"
        "=== Saved meanwhile ===\n\nWei can say in one sentence what it is."
    )
    title = cora.page.get_by_label("Title")
    expect(title).to_have_value(
        "=== Yours === Meet it with Cora === Saved meanwhile === Meet it with Wei"
    )
    cora.looks("curate-both")
    cora.presses("Save", "#step-form")
    cora.sees("Two texts stand here.")
    title.fill("Meet it with both")
    editor.fill("We can say in one sentence what it is, and derive it on paper.")
    cora.presses("Save", "#step-form")
    cora.sees("Saved.")
    expect(title).to_have_value("Meet it with both")
    expect(editor).to_have_value(
        "We can say in one sentence what it is, and derive it on paper."
    )
    cora.leaves()
    wei.leaves()
