"""Who voted is told when the poll is closed, once."""

from datetime import timedelta

import pytest

from community.actions.polls import closing
from community.models import Poll, Post
from community.tests.make import NOON, make_poll, make_vote
from members.models import Member
from members.tests.make import make_member
from notifications import actions
from notifications.models import Notification, WatchLevel
from notifications.tests.make import LATER, tell, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def voter() -> Member:
    return make_member("Yuki Arai")


@pytest.fixture
def post(voter: Member) -> Post:
    """A poll that was closed after a vote."""
    post = make_poll()
    make_vote(post, "Graphs", by=voter)
    return post


def close(post: Post) -> None:
    closing.close_poll(post, by=post.author, now=LATER)


def test_who_voted_is_told_once(post: Post, voter: Member) -> None:
    tell()
    assert told(voter) == []

    close(post)
    tell()
    tell(LATER + timedelta(minutes=1))

    assert told(voter) == [("poll_closed", None, True)]
    assert told(post.author) == []
    assert Notification.objects.get(member=voter).happened_at == LATER
    assert not Poll.objects.filter(to_tell=True).exists()


def test_who_muted_the_poll_is_not_told(post: Post, voter: Member) -> None:
    actions.watch(voter, post, WatchLevel.MUTED, now=NOON)

    close(post)
    tell()

    assert told(voter) == []


def test_a_poll_that_was_removed_is_told_to_nobody(post: Post, voter: Member) -> None:
    close(post)
    Post.objects.filter(pk=post.pk).update(removed_at=LATER)

    tell()

    assert told(voter) == []
    assert not Poll.objects.filter(to_tell=True).exists()


def test_the_vote_of_a_deleted_account_tells_nobody(post: Post, voter: Member) -> None:
    close(post)
    post.poll.ballots.update(member=None)

    tell()

    assert not Notification.objects.filter(kind="poll_closed").exists()
