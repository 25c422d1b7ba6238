"""What a member opens on the day of its reminder needs no mail."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookmarks import actions
from bookmarks.keys import Kind, ThingKey
from bookmarks.models import Bookmark
from bookmarks.saved import on_page
from bookmarks.tests.make import NOON, key_to, make_bookmark
from community.tests.make import make_comment, make_paper, make_post
from curriculum.tests.make import make_resource
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def opened() -> list[bool]:
    rows = Bookmark.objects.order_by("pk").values_list("opened_on", flat=True)
    return [day == TODAY for day in rows]


@pytest.mark.parametrize(("days", "noted"), [(-1, True), (0, True), (1, False)])
def test_only_what_is_due_is_noted(
    browser: Client, ines: Member, days: int, noted: bool
) -> None:
    post = make_post()
    day = TODAY + timedelta(days=days)
    make_bookmark(ines, key_to(post), remind_on=day)

    with time_machine.travel(NOON, tick=False):
        browser.get(post.get_absolute_url())

    assert opened() == [noted]


def test_a_paper_a_resource_and_a_comment_are_opened(
    browser: Client, ines: Member
) -> None:
    post, paper, resource = make_post(), make_paper(), make_resource()
    comment, other = make_comment(post), make_comment(post)
    for key in (
        key_to(comment),
        ThingKey(Kind.PAPER, paper.arxiv_id),
        ThingKey(Kind.RESOURCE, str(resource.pk)),
        key_to(other),
    ):
        make_bookmark(ines, key, remind_on=TODAY)
    make_bookmark(make_member("Wei"), key_to(comment), remind_on=TODAY)

    with time_machine.travel(NOON, tick=False):
        browser.get(comment.get_absolute_url())
        browser.get(paper.get_absolute_url())
        browser.get(f"/learn/resources/{resource.slug}/")

    assert opened() == [True, True, True, False, False]


def test_a_new_day_is_due_again(browser: Client, ines: Member) -> None:
    post = make_post()
    bookmark = make_bookmark(ines, key_to(post), remind_on=TODAY)
    with time_machine.travel(NOON, tick=False):
        browser.get(post.get_absolute_url())
    assert not Bookmark.objects.to_name(TODAY).exists()

    actions.remind(bookmark, TODAY, now=NOON)

    assert Bookmark.objects.to_name(TODAY).get() == bookmark


def test_a_page_of_what_is_not_due_writes_nothing(
    ines: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = make_post()
    make_bookmark(ines, key_to(post), remind_on=TODAY + timedelta(days=1))
    saved = on_page(ines, posts=[post.pk])

    with django_assert_num_queries(0):
        actions.note_opened(ines, saved, [key_to(post)], now=NOON)
