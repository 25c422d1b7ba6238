"""A member finishes a step, a release with more work in it is published, and the
member moves to it and back.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser_tests.people import Person
from browser_tests.running import Site

FILL = """
from datetime import timedelta
from django.utils import timezone
from members import actions
from members.models import Member
from progress.tests.make import activity, make_curriculum, step
from progress import actions as study

now = timezone.now()
owner = actions.set_up_group(
    group_name="Tuesday Gradients",
    tagline="",
    name="Olga",
    email="olga@example.org",
    password="a long one indeed",
    time_zone="UTC",
    now=now - timedelta(days=30),
)
member = Member.objects.create_user("ines@example.org", name="Ines Duarte", onboarded_at=now)
lars = Member.objects.create_user(
    "lars@example.org", name="Lars Holm", onboarded_at=now, shows_step=True
)
lena = Member.objects.create_user("lena@example.org", name="Lena Hidden", onboarded_at=now)
curriculum = make_curriculum(
    step("start", activity("A", "run"), activity("B", "hack"), activity("C", "math")),
    step("next", activity("D")),
)
for each in (member, lars, lena):
    enrollment = study.enroll(each, curriculum, now=now)
    study.visit(enrollment, enrollment.release.outline.steps[0], now=now)
for n in range(6):
    study.log_minutes(
        member,
        aspect="run",
        minutes=20 + n,
        now=now,
        enrollment=member.enrollments.get(),
        step_key=curriculum.releases.get().outline.steps[0].key,
    )
print(actions.make_sign_in_link(member, now=now))
"""
RELEASE = """
from curriculum.models import Curriculum
from progress.tests.make import activity, document, make_release, step

more = [activity(name) for name in ("A", "B", "C", "E", "F")]
way_up = Curriculum.objects.get(slug="way-up")
make_release(way_up, document(step("start", *more), step("next", activity("D"))))
"""


@pytest.fixture
def ines(site: Site, browser: Browser, pictures: Path | None) -> Iterator[Person]:
    site.prepare()
    site.start()
    token = site.shell(FILL).split()[-1]
    person = Person(site, browser, "ines@example.org", pictures)
    person.goes(f"/sign-in/{token}/")
    person.page.locator("main form button, form button").first.click()
    person.is_at("/")
    yield person
    person.leaves()


def reads_the_step(ines: Person) -> None:
    """The end of the step is in sight, and others are named if they agreed."""
    page = ines.page
    page.set_viewport_size({"width": 1280, "height": 720})
    ines.goes("/learn/way-up/start/")
    box = page.get_by_role("heading", name="Finished?").bounding_box()
    assert box
    assert box["y"] < 720
    ines.sees("Lars Holm is here")
    assert "Lena Hidden" not in page.content()


def finishes_the_step(ines: Person) -> None:
    finished = ines.page.locator("#finish")
    finished.get_by_role("button", name="Mark step done").click()
    ines.sees("This ticks the 3 activities below")
    ines.presses(re.compile("^Tick all 3"), within="main")
    expect(finished).to_contain_text("Step 1 is done")
    expect(finished.get_by_role("link", name="Go on with step 2")).to_be_visible()


def moves_to_the_new_release(ines: Person) -> None:
    ines.goes("/")
    ines.sees("Way-up: 2 added")
    ines.follows("See what changed")
    ines.sees("2 added", "nothing of yours lost")
    ines.looks("release-offer")
    ines.presses("Move to release 2", within="main")
    ines.is_at("/learn/way-up/")
    ines.sees("2 new since you finished", "1 of 2 steps done")
    ines.goes("/learn/way-up/start/")
    ines.sees("Step 1 is done", "3 of 3 done", "2 new since you finished")
    ines.looks("step-with-new-work")


def goes_back_to_the_first_release(ines: Person) -> None:
    ines.goes("/learn/way-up/releases/")
    ines.presses("Go back to release 1", within="main")
    ines.is_at("/learn/way-up/")
    ines.goes("/learn/way-up/start/")
    expect(ines.page.locator("body")).not_to_contain_text("new since you finished")
    ines.sees("Step 1 is done", "3 of 3 done")


def says_by_the_keyboard_that_an_activity_is_shaky(ines: Person) -> None:
    page = ines.page
    row = page.locator("#resources li").filter(has_text="A").first
    row.locator("a.row-menu").focus()
    page.keyboard.press("Enter")
    row.get_by_role("radio", name="Lost").focus()
    page.keyboard.press("ArrowRight")
    expect(row.get_by_role("radio", name="Shaky")).to_be_checked()
    row.get_by_role("button", name="Done", exact=True).press("Enter")
    expect(page.locator("#step-count")).to_contain_text("1 to revisit")


def revisits_it(ines: Person) -> None:
    ines.goes("/progress/")
    ines.follows("1 to revisit")
    expect(ines.button("It is fine now")).to_be_visible()
    ines.looks("revisit")
    ines.presses(re.compile("^It is fine now"), within="main")
    ines.sees("Nothing to revisit")


def finds_the_end_of_the_step_before_its_discussion_on_a_phone(ines: Person) -> None:
    page = ines.page
    page.set_viewport_size({"width": 390, "height": 844})
    ines.goes("/learn/way-up/start/")
    end = page.locator("#finish").bounding_box()
    talk = page.locator("#discussion").bounding_box()
    assert end
    assert talk
    assert end["y"] < talk["y"]


def shows_the_step_to_the_group(ines: Person) -> None:
    ines.goes("/settings/")
    box = ines.page.get_by_label("Show my step to the group")
    box.check()
    ines.presses("Save", within="main")
    expect(box).to_be_checked()


def test_a_release_takes_nothing_away(site: Site, ines: Person) -> None:
    reads_the_step(ines)
    finishes_the_step(ines)
    site.shell(RELEASE)
    moves_to_the_new_release(ines)
    goes_back_to_the_first_release(ines)
    says_by_the_keyboard_that_an_activity_is_shaky(ines)
    revisits_it(ines)
    finds_the_end_of_the_step_before_its_discussion_on_a_phone(ines)
    shows_the_step_to_the_group(ines)
