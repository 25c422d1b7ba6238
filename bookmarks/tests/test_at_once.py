"""Two presses at once."""

from datetime import timedelta

import pytest
from django.db import connection

from bookmarks import actions
from bookmarks.models import Bookmark
from bookmarks.tests.make import NOON, key_to, make_bookmark
from community.tests.make import make_post
from community.tests.test_at_once import at_once
from members.tests.make import make_member

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="one writer at a time"
    ),
]


def test_two_presses_save_once() -> None:
    member = make_member()

    for _ in range(5):
        key = key_to(make_post())
        saved = at_once(*[lambda key=key: actions.save(member, key, now=NOON)] * 4)
        assert len({each.pk for each in saved}) == 1

    assert Bookmark.objects.count() == 5


def test_one_of_two_presses_marks_it_done() -> None:
    bookmark = make_bookmark(make_member(), key_to(make_post()))

    for _ in range(5):
        done = at_once(*[lambda: actions.mark_done(bookmark, now=NOON)] * 4)
        assert sorted(done) == [False, False, False, True]
        actions.undo_done(bookmark)


def test_a_reminder_is_named_by_one_of_two_mails() -> None:
    bookmark = make_bookmark(make_member(), key_to(make_post()), remind_on=NOON.date())
    day = NOON.date() + timedelta(days=1)

    named = at_once(*[lambda: actions.mark_named([bookmark.pk], on=day)] * 4)

    assert sorted(named) == [0, 0, 0, 1]


def test_what_is_removed_and_saved_at_once_is_one_row() -> None:
    member, key = make_member(), key_to(make_post())
    bookmark = make_bookmark(member, key)
    other = make_bookmark(member, key_to(make_post()))

    for _ in range(5):
        at_once(
            lambda: actions.remove(bookmark, now=NOON),
            lambda: actions.save(member, key, now=NOON),
            lambda: actions.remove(other, now=NOON),
        )

    assert Bookmark.objects.filter(kind=key.kind, key=key.key).count() <= 1
    assert actions.save(member, key, now=NOON).pk
