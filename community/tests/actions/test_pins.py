from datetime import timedelta

import pytest

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
