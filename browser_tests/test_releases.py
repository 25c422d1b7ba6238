"""A member finishes a step, a release comes with more work in it, she
moves and goes back; and what stands around.
"""

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


def test_a_release_takes_nothing_away(site: Site, ines: Person) -> None:
    page = ines.page
    page.set_viewport_size({"width": 1280, "height": 720})
    ines.goes("/learn/way-up/start/")
    finished = page.locator("#finish")
    box = page.get_by_role("heading", name="Finished?").bounding_box()
    assert box
    assert box["y"] < 720
    ines.sees("Lars Holm is here")
    assert "Lena Hidden" not in page.content()

    finished.get_by_role("button", name="Mark step done").click()
    ines.sees("This ticks the 3 activities below")
    ines.presses("Tick all 3", within="main")
    expect(finished).to_contain_text("Step 1 is done")
    expect(finished.get_by_role("link", name="Go on with step 2")).to_be_visible()

    site.shell(RELEASE)
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

    ines.goes("/learn/way-up/releases/")
    ines.presses("Go back to release 1", within="main")
    ines.goes("/learn/way-up/start/")
    expect(page.locator("body")).not_to_contain_text("new since you finished")
    ines.sees("Step 1 is done", "3 of 3 done")

    # A feeling is a choice before Done, by the keyboard alone.
    row = page.locator("#resources li").filter(has_text="A").first
    row.locator("a.row-menu").focus()
    page.keyboard.press("Enter")
    row.get_by_role("radio", name="Lost").focus()
    page.keyboard.press("ArrowRight")
    expect(row.get_by_role("radio", name="Shaky")).to_be_checked()
    row.get_by_role("button", name="Done", exact=True).press("Enter")
    expect(page.locator("#step-count")).to_contain_text("1 to revisit")
    ines.goes("/progress/")
    ines.follows("1 to revisit")
    ines.looks("revisit")
    ines.presses("It is fine now", within="main")
    ines.sees("Nothing to revisit")

    # On a phone the end of the step comes before its discussion.
    page.set_viewport_size({"width": 390, "height": 844})
    ines.goes("/learn/way-up/start/")
    end, talk = (
        page.locator("#finish").bounding_box(),
        page.locator("#discussion").bounding_box(),
    )
    assert end
    assert talk
    assert end["y"] < talk["y"]

    ines.goes("/settings/")
    page.get_by_label("Show my step to the group").check()
    ines.presses("Save", within="main")
    expect(page.get_by_label("Show my step to the group")).to_be_checked()
