from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

import community.migrations
from community import actions
from community.models import Post
from community.tests.make import (
    NOON,
    make_announcement,
    make_moderator,
    make_post,
)
from members.tests.make import make_member

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)
LEAVE_ONE = next(
    path.stem
    for path in Path(community.migrations.__path__[0]).glob("*_leave_one_pinned.py")
)


def test_one_announcement_is_pinned_at_a_time() -> None:
    moderator = make_moderator()
    first, second = make_announcement(title="First"), make_announcement(title="Second")

    actions.pin(first, by=moderator, now=NOON)
    actions.pin(first, by=moderator, now=LATER)
    first.refresh_from_db()
    assert first.pinned_at == NOON

    actions.pin(second, by=moderator, now=LATER)
    assert list(Post.objects.filter(pinned_at__isnull=False)) == [second]

    actions.unpin(second, by=moderator)
    assert not Post.objects.filter(pinned_at__isnull=False).exists()


def test_moderators_pin_and_only_announcements() -> None:
    member, moderator, notice = make_member(), make_moderator(), make_announcement()

    for by in (member, notice.author):
        with pytest.raises(actions.NotAllowed):
            actions.pin(notice, by=by, now=NOON)
        with pytest.raises(actions.NotAllowed):
            actions.unpin(notice, by=by)
    for post in (make_post(), make_announcement(removed_at=NOON)):
        with pytest.raises(actions.Refused):
            actions.pin(post, by=moderator, now=NOON)


def test_removing_an_announcement_unpins_it() -> None:
    moderator, notice = make_moderator(), make_announcement()
    actions.pin(notice, by=moderator, now=NOON)

    actions.remove_post(notice, by=moderator, now=LATER)

    notice.refresh_from_db()
    assert notice.pinned_at is None


def test_the_database_holds_that_one_announcement_is_pinned() -> None:
    make_announcement(title="First", pinned_at=NOON)
    second = make_announcement(title="Second")

    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=second.pk).update(pinned_at=LATER)

    second.pinned_at = LATER
    with pytest.raises(ValidationError, match="Another announcement is pinned"):
        second.validate_constraints()


def test_of_several_pinned_before_the_constraint_the_newest_stays_pinned() -> None:
    migration = import_module(f"community.migrations.{LEAVE_ONE}")
    posts = [make_announcement(title=title) for title in ("A", "B")]
    with connection.cursor() as cursor:  # rolled back with all else
        cursor.execute("DROP INDEX post_one_pinned")
    for hours, post in enumerate(posts):
        at = NOON + timedelta(hours=hours)
        Post.objects.filter(pk=post.pk).update(pinned_at=at)

    migration.leave_the_newest(apps, None)

    assert list(Post.objects.filter(pinned_at__isnull=False)) == [posts[1]]
