"""A page of pieces that the process keeps is the page rendered afresh, whoever read
which page before.
"""

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lists.cache import forget_all
from members.models import Member
from members.tests.make import make_group, make_member
from progress import actions
from progress.models import Enrollment
from progress.people import VISITORS
from progress.pieces import ROWS, STOPS
from progress.tests.make import (
    NOW,
    activity,
    document,
    key,
    make_curriculum,
    make_release,
    rolled_back,
    route,
    step,
)
from progress.tests.pages import DEEP, START

pytestmark = pytest.mark.django_db
ACTIVITIES = ("A", "B", "B1", "C1", "Shared", "Common")
# A token of the forms, the id of a press.
DIFFERS = re.compile(r'(name="(?:csrfmiddlewaretoken|press_id)" value=")[^"]*')
presses = st.sampled_from(
    ["started", "done", "done, shaky", "skipped", "skipped, as known", "revisit"]
)
deeds = st.tuples(st.integers(0, 2), st.sampled_from(ACTIVITIES), presses)
titles = st.sampled_from(["Meet", "<b>Meet</b>", "{{ row }}", "Again & again"])


logs = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["run", "hack", "math"]),
    st.integers(1, 90),
    st.sampled_from(["start", "deep"]),
)


def log(member: Member, aspect: str, minutes: int, at: str) -> None:
    actions.log_minutes(
        member,
        aspect=aspect,
        minutes=minutes,
        studied_on=None,
        now=NOW,
        enrollment=Enrollment.objects.get(member=member),
        step_key=key(at),
    )


def press(member: Member, name: str, kind: str) -> None:
    activity_key = key(name)
    if kind == "started":
        actions.mark_started(member, activity_key, now=NOW)
    elif kind == "revisit":
        actions.mark_revisit(member, activity_key, now=NOW)
    elif kind.startswith("done"):
        confidence = 2 if "shaky" in kind else None
        actions.mark_done(member, activity_key, now=NOW, confidence=confidence)
    else:
        reason = f"known to {member.name}" if "known" in kind else ""
        actions.mark_skipped(member, activity_key, now=NOW, reason=reason)


def published(title: str, minutes: int) -> dict[str, Any]:
    """The next release: some titles and minutes differ."""
    start = step("start", activity("A", minutes=minutes), activity("B"), title=title)
    book = route("book", {**activity("B1"), "title": title}, activity("Shared"))
    course = route("course", activity("C1"), activity("Shared"))
    return document(start, step("deep", activity("Common"), routes=(book, course)))


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def shown(browser: Client) -> list[str]:
    pages = []
    for page in (START, DEEP, "/learn/way-up/", "/learn/", "/progress/"):
        VISITORS.forget()  # it may be a minute old, and these readers walk about
        pages.append(DIFFERS.sub(r"\1", browser.get(page).content.decode()))
    return pages


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(deeds, max_size=10),
    titles,
    st.integers(1, 90),
    st.booleans(),
    st.lists(logs, max_size=6),
)
def test_kept_pages_are_those_rendered_afresh(
    done: list[tuple[int, str, str]],
    title: str,
    minutes: int,
    takes_course: bool,
    logged: list[tuple[int, str, int, str]],
) -> None:
    with rolled_back():
        make_group()
        curriculum = make_curriculum()
        members = [make_member(f"Member {n}", shows_step=True) for n in range(4)]
        for member in members[:2]:
            actions.enroll(member, curriculum, now=NOW)
        make_release(curriculum, published(title, minutes))
        actions.enroll(members[2], curriculum, now=NOW)
        for nth, name, kind in done:
            press(members[nth], name, kind)
        for nth, aspect, spent, at in logged:
            log(members[nth], aspect, spent, at)
        if takes_course:
            enrollment = Enrollment.objects.get(member=members[1])
            actions.choose_route(enrollment, key("deep"), key("course"), now=NOW)
        browsers = [Client(), *map(signed_in, members)]
        for browser in browsers:  # the visits: each page says who is there
            shown(browser)
        forget_all()

        kept = [shown(browser) for browser in browsers]

        assert len(ROWS)
        assert len(STOPS)
        for browser, pages in zip(browsers, kept, strict=True):
            forget_all()
            assert shown(browser) == pages


def test_two_members_who_stand_alike_share_a_row() -> None:
    make_group()
    curriculum = make_curriculum()
    browsers = []
    for name in ("Ines", "Noor"):
        member = make_member(name)
        actions.enroll(member, curriculum, now=NOW)
        actions.mark_done(member, key("A"), now=NOW)
        browsers.append(signed_in(member))
    browsers[0].get(START)
    rows = len(ROWS)

    browsers[1].get(START)

    assert rows == len(ROWS) == 3


def test_a_reason_is_shown_to_nobody_else() -> None:
    make_group()
    curriculum = make_curriculum()
    one, other = make_member("Ines"), make_member("Noor")
    for member, reason in ((one, "seen at work"), (other, "")):
        actions.enroll(member, curriculum, now=NOW)
        actions.mark_skipped(member, key("A"), now=NOW, reason=reason)

    assert "seen at work" in shown(signed_in(one))[0]
    assert "seen at work" not in shown(signed_in(other))[0]


def test_minutes_and_their_tokens_are_shown_to_nobody_else() -> None:
    make_group()
    curriculum = make_curriculum()
    browsers = []
    for name, minutes in (("Ines", 41), ("Noor", 43)):
        member = make_member(name)
        actions.enroll(member, curriculum, now=NOW)
        log(member, "run", minutes, "start")
        browsers.append(signed_in(member))

    for browser, mine, other in zip(browsers, (41, 43), (43, 41), strict=True):
        pages = [
            browser.get(page).content.decode()
            for page in (START, "/progress/", START, "/progress/")
        ]
        for page in pages:
            assert f"{mine} min" in page
            assert f"{other} min" not in page
        presses = re.findall(r'name="press_id" value="([^"]+)"', "".join(pages))
        assert len(presses) == len(set(presses)) == 4


def test_a_form_with_words_in_it_is_not_a_kept_one() -> None:
    make_group()
    make_curriculum()
    browser = signed_in(make_member("Ines"))
    blank = shown(browser)[-1]

    page = browser.post("/progress/minutes/", {"aspect": "math", "minutes": "0"})

    html = page.content.decode()
    assert page.status_code == 422
    assert 'value="0"' in html
    assert "minutes-error" in html
    assert shown(browser)[-1] == blank
