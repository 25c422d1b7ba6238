from datetime import timedelta

import pytest

from community import actions
from community.models import Comment
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
)
from members.tests.make import make_member

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)


def test_a_comment_is_counted_and_moves_its_post_up() -> None:
    post = make_post()

    comment = actions.write_comment(
        post, author=make_member(), body="I see `0.0`.", now=LATER
    )

    post.refresh_from_db()
    assert "<code>0.0</code>" in comment.body_html
    assert (post.comment_count, post.active_at) == (1, LATER)


def test_the_same_comment_twice_within_a_minute_is_one() -> None:
    post, member = make_post(), make_member()

    first = actions.write_comment(post, author=member, body="Yes", now=NOON)
    again = actions.write_comment(
        post, author=member, body="Yes", now=NOON + timedelta(seconds=59)
    )
    reply = actions.write_comment(
        post, author=member, body="Yes", parent=first, now=NOON
    )
    later = actions.write_comment(
        post, author=member, body="Yes", now=NOON + timedelta(seconds=60)
    )

    post.refresh_from_db()
    assert again == first
    assert len({first, reply, later}) == post.comment_count == 3


def test_a_reply_to_a_reply_stands_below_the_same_comment() -> None:
    post = make_post()
    comment = make_comment(post, body="one")
    reply = make_comment(post, body="two", parent=comment)

    third = make_comment(post, body="three", parent=reply)

    assert (reply.parent, third.parent) == (comment, comment)


def test_nobody_comments_on_a_post_that_was_removed_meanwhile() -> None:
    post = make_post(removed_at=NOON)

    with pytest.raises(actions.Refused, match="removed"):
        actions.write_comment(post, author=make_member(), body="Too late", now=LATER)

    assert Comment.objects.count() == 0
