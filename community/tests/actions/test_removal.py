from datetime import timedelta

import pytest

from community import actions
from community.tests.make import (
    NOON,
    make_comment,
    make_moderator,
    make_post,
)
from members.tests.make import make_member

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("author", True),
        ("owner_since", True),
        ("moderator_since", True),
        ("curator_since", False),
        (None, False),
    ],
)
def test_the_author_and_moderators_remove(role: str | None, *, allowed: bool) -> None:
    post = make_post()
    comment = make_comment(post, author=post.author)
    by = (
        post.author
        if role == "author"
        else make_member("Ilse Brandt", **({role: NOON} if role else {}))
    )

    for remove, target in (
        (actions.remove_comment, comment),
        (actions.remove_post, post),
    ):
        if allowed:
            remove(target, by=by, now=LATER)
        else:
            with pytest.raises(actions.NotAllowed):
                remove(target, by=by, now=LATER)

        target.refresh_from_db()
        assert (target.removed_at, target.removed_by) == (
            (LATER, by) if allowed else (None, None)
        )


def test_removed_twice_keeps_the_first_date() -> None:
    post, moderator = make_post(), make_moderator()
    comment = make_comment(post)

    for now in (LATER, LATER + timedelta(days=1)):
        actions.remove_comment(comment, by=moderator, now=now)
        actions.remove_post(post, by=moderator, now=now)

    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.removed_at, comment.removed_at) == (LATER, LATER)


def test_a_removed_comment_is_not_counted_and_no_longer_moves_its_post_up() -> None:
    post = make_post()
    first = make_comment(post, minutes=5)
    second = make_comment(post, minutes=9)

    actions.remove_comment(second, by=second.author, now=LATER)

    post.refresh_from_db()
    assert (post.comment_count, post.active_at) == (1, first.commented_at)
