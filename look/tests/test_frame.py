"""What stands around the pages of a member: kept by what it shows."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from look.frame import (
    IN_MENU,
    SIDES,
    TABS,
    TOPBARS,
    navigation,
    theme_form,
    topbar,
)
from members.models import Member

TOKEN = '<input value="t0ken">'
TEXT = st.text(st.sampled_from("<>&\"'{}% aéß"), max_size=12)
since = st.sampled_from([None, timezone.now()])


def match(app: str, page: str) -> ResolverMatch:
    app_names = [app] if app else None
    return ResolverMatch(print, (), {}, page, app_names)


def at_step(slug: str, step_slug: str, number: int = 1) -> Any:
    """An enrolment, with as much of it as the frame looks at."""
    return SimpleNamespace(
        curriculum=SimpleNamespace(slug=slug), step_slug=step_slug, step_number=number
    )


def members() -> st.SearchStrategy[Member]:
    return st.builds(
        Member,
        pk=st.integers(1, 20),
        name=TEXT,
        email=st.just("x@example.org"),
        owner_since=since,
        curator_since=since,
        moderator_since=since,
    )


def shown(member: Member, site_name: str, step: Any) -> list[str]:
    ways = navigation(match("curriculum", "step"), step, "deep")
    return [topbar(site_name, member, TOKEN), ways.side(), ways.tabs()]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(members(), TEXT, st.integers(0, 3)), min_size=2, max_size=4))
def test_a_kept_frame_is_the_one_made_for_this_member(
    asked: list[tuple[Member, str, int]],
) -> None:
    steps = [
        None,
        at_step("way-up", ""),
        at_step("way-up", "deep"),
        at_step("b", "c", 2),
    ]

    for member, site_name, nth in asked:
        kept = shown(member, site_name, steps[nth])
        for cards in (TOPBARS, SIDES, TABS):
            cards.forget()
        assert shown(member, site_name, steps[nth]) == kept


@pytest.mark.parametrize(
    ("app", "page", "current"),
    [
        ("", "home", "Home"),
        ("curriculum", "list", "Learn"),
        ("curriculum", "step", "Step 3"),
        ("papers", "today", "Papers"),
        ("progress", "overview", "Progress"),
    ],
)
def test_the_page_that_is_open_is_marked_once(
    app: str, page: str, current: str
) -> None:
    ways = navigation(match(app, page), at_step("way-up", "deep", 3), "deep")

    for html in (ways.side(), ways.tabs()):
        _before, _, after = html.partition('aria-current="page"')
        assert f"<span>{current}</span>" in after.partition("</a>")[0]
        assert 'aria-current="page"' not in after


@pytest.mark.parametrize("page", sorted(IN_MENU))
def test_the_menu_marks_the_page_that_is_open(page: str) -> None:
    now = timezone.now()
    member = Member(pk=1, owner_since=now, curator_since=now)
    app, _, name = page.partition(":")
    open_page = ResolverMatch(print, (), {}, name, [app], [app])

    html = topbar("A", member, TOKEN, open_page)

    [marked] = re.findall(r'href="([^"]+)" aria-current="page"', html)
    assert marked == reverse(page)
    assert 'aria-current="page"' not in topbar("A", member, TOKEN, match("", "home"))


def test_another_step_and_other_pages_mark_no_step_of_ones_own() -> None:
    mine = at_step("way-up", "deep")

    assert navigation(match("curriculum", "step"), mine, "start").current == "learn"
    assert navigation(match("members", "settings"), mine, "").current == ""
    assert navigation(None, mine, "").current == ""
    assert navigation(match("curriculum", "step"), None, "deep").my_step is None


def test_the_theme_that_is_chosen_is_checked() -> None:
    for theme, name in (("dark", "dark"), ("light", "light"), ("", "auto")):
        checked = theme_form(theme, TOKEN).partition("checked")[0]
        assert checked.rpartition('id="theme-')[2].startswith(f'{name}"')


def test_the_token_of_a_form_is_not_kept() -> None:
    for html in (topbar("A", Member(pk=1), "t0ken"), theme_form("", "t0ken")):
        assert "t0ken" in html
    for html in (topbar("A", Member(pk=1), "other"), theme_form("", "other")):
        assert "t0ken" not in html
