"""Every page of the admin is inspected: lists, forms, deletion, history,
by day and by night, on a phone and a desk.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from browser_tests.looking import axe_faults
from browser_tests.people import Person
from browser_tests.running import Site
from browser_tests.sessions import SESSION, comes, sessions_in

PAGES = """
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.urls import reverse
from django.utils import timezone
from community.models import Comment, Post, Revision
from mail.models import Delivery, Preference
from members.models import Member
from papers.models import Feed

now = timezone.now()
owner = Member.objects.get(owner_since__isnull=False)
long = "One long line of what went wrong with it, and why, and when it is tried again. " * 5
# What a group has after some weeks and the demo does not make.
Delivery.objects.create(
    member=owner,
    kind="digest",
    key="2026-W47",
    written_at=now,
    not_before=now,
    error=long,
)
Preference.objects.get_or_create(member=owner)
Feed.objects.update_or_create(category="cs.LG", defaults={"failure": long, "failed_at": now})
for model, field in ((Post, "post"), (Comment, "comment")):
    changed = {field: model.objects.last()}
    Revision.objects.create(**changed, title="Before", body=long, written_at=now)
print("session", "owner", SESSION(owner))

def page(name, *args):
    print("page", name, reverse(f"admin:{name}", args=args))

page("index")
for label in sorted({model._meta.app_label for model in admin.site._registry}):
    page("app_list", label)
for model in admin.site._registry:
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    row = model._default_manager.order_by("-pk").first()
    assert row, f"The demo makes no {name}."
    LogEntry.objects.log_actions(owner.pk, [row], CHANGE, "Changed the title.", single_object=True)
    page(f"{name}_changelist")
    page(f"{name}_add")
    for kind in ("change", "history", "delete"):
        page(f"{name}_{kind}", row.pk)
page("curriculum_curriculum_import")
page("curriculum_curriculum_publish", 1)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("admin"))
    site.prepare_demo()
    told = site.shell(SESSION + PAGES)
    site.links = sessions_in(told)
    site.pages = re.findall(r"^page (\S+) (\S+)$", told, re.MULTILINE)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def owner(site: Site, browser: Browser, pictures: Path | None) -> Iterator[Person]:
    person = comes(site, browser, "owner", pictures)
    yield person
    person.leaves()


def test_every_page_of_the_admin_passes_inspection(site: Site, owner: Person) -> None:
    faults, closed = [], set()
    for name, path in site.pages:
        if owner.context.request.get(site.url + path).status == 403:
            closed.add(name.rpartition("_")[2])
            continue
        owner.goes(path)
        owner.is_at(path)
        try:
            owner.looks(f"admin-{name}")
        except AssertionError as fault:
            faults.append(f"{path}\n{fault}")

    assert not faults, "\n\n".join(faults)
    assert closed <= {"add", "delete"}


def test_lists_calendars_and_clocks_that_open_have_names(
    site: Site, owner: Person
) -> None:
    paths = dict(site.pages)
    owner.goes(paths["curriculum_activity_change"])
    owner.page.get_by_role("combobox", name="Resource").click()
    owner.page.get_by_role("searchbox", name="Resource").fill("attention")
    expect(
        owner.page.get_by_role("listbox", name="Resource").get_by_role("option").first
    ).to_be_visible()
    assert not axe_faults(owner.page)

    owner.goes(paths["mail_preference_change"])
    owner.page.get_by_role("textbox", name="Digest stopped at, date").focus()
    owner.page.locator(".date-icon").first.click()
    expect(owner.page.get_by_role("dialog", name="Choose a Date")).to_be_visible()
    assert not axe_faults(owner.page)


@pytest.mark.parametrize(
    "late", ["no sheet", "minibatch", "app.", "css/admin", "admin/css"]
)
def test_a_transition_between_pages_ends_without_an_error(
    late: str, site: Site, owner: Person
) -> None:
    context = owner.browser.new_context(reduced_motion="no-preference")
    context.add_cookies(owner.context.cookies())  # type: ignore[arg-type]
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    page = context.new_page()

    def hold(route: Route) -> None:
        if late in route.request.url:
            time.sleep(0.3)
        route.continue_()

    page.route("**/static/**", hold)
    page.goto(f"{site.url}/settings/")

    for way in ("/admin/", "/settings/", "/"):
        with page.expect_navigation(url=f"**{way}"):
            page.evaluate("(way) => { location.href = way }", way)
        # one that is given up is over as well
        page.evaluate(
            "Promise.allSettled(document.getAnimations().map((each) => each.finished))"
            ".then(() => null)"
        )

    context.close()
    assert errors == []
