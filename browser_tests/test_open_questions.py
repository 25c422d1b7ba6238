"""A member agrees to be asked about steps that they finished, and is offered a question;
who asked is asked whether an answer helped.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.looking import axe_faults, sideways
from browser_tests.people import Person, signed_in
from browser_tests.running import Site
from browser_tests.test_notifications import READ

PHONE = {"width": 390, "height": 844}
AGREE = "I agree to be asked about steps that I finished"
# Noor has finished the first step, and somebody asks about it two days ago.
ASKED = """
from datetime import timedelta
from django.utils import timezone
from community.actions import write_post
from community.threads import of
from members.models import Member
from notifications import actions
from progress.actions import mark_done
now = timezone.now()
noor = Member.objects.get(name__startswith="Noor")
followed = noor.enrollments.filter(withdrawn_at=None).order_by("pk").first()
step = followed.release.outline.steps[0]
for each in {each.key for each in step.every_activity()}:
    mark_done(noor, each, now=now)
asker = Member.objects.active().exclude(pk=noor.pk).order_by("pk").first()
before = now - timedelta(days=2, hours=1)
write_post(
    asker,
    kind="question",
    title="Why is my ocelot spotted?",
    body="It is spotted all over.",
    thread=of("step", step.key),
    now=before,
)
actions.tell_everything(now=now)
actions.look_after_questions(now=now)
"""
# Two days after Noor was answered.
ANSWERED = """
from datetime import timedelta
from django.utils import timezone
from community.actions import write_comment, write_post
from members.models import Member
from notifications import actions
now = timezone.now()
noor = Member.objects.get(name__startswith="Noor")
helper = Member.objects.active().exclude(pk=noor.pk).order_by("pk").first()
before = now - timedelta(days=2, hours=1)
post = write_post(
    noor, kind="question", title="Why is my heron grey?", body="It is.", now=before
)
write_comment(post, author=helper, body="Because of its feathers.", now=before)
actions.tell_everything(now=now)
actions.look_after_questions(now=now)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo's group, in which no other question waits: a member is asked about one
    in a week.
    """
    site = Site(tmp_path_factory.mktemp("open-questions"))
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


def test_who_agreed_is_offered_a_question_about_a_step_they_finished(
    site: Site, noor: Person
) -> None:
    page = noor.page
    noor.goes("/mail/preferences/")
    page.get_by_role("link", name="Agree to be asked about steps").click()
    box = page.get_by_label(AGREE)
    expect(box).not_to_be_checked()
    box.focus()
    page.keyboard.press("Space")
    noor.presses("Save", within="main")
    noor.sees("Saved.")
    expect(page.get_by_label(AGREE)).to_be_checked()
    assert not axe_faults(page)

    site.shell(ASKED)

    noor.goes("/notifications/")
    note = page.locator(".note", has_text="Why is my ocelot spotted?")
    expect(note).to_contain_text("A question that you could answer")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert sideways(page) <= 0
    note.get_by_role("link", name="A question that you could answer").click()
    expect(
        page.get_by_role("heading", name="Why is my ocelot spotted?").first
    ).to_be_visible()


def test_who_asked_is_asked_whether_an_answer_helped(site: Site, noor: Person) -> None:
    page = noor.page
    site.shell(ANSWERED)

    noor.goes("/notifications/?show=answers")
    link = page.get_by_role("link", name=re.compile("^Did an answer help"))
    link.click()

    expect(
        page.get_by_role("heading", name="Why is my heron grey?").first
    ).to_be_visible()
    expect(page.locator(".comment").first).to_contain_text("Because of its feathers.")
