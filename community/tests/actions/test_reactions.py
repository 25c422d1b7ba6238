import pytest

from community import actions
from community.models import Reaction
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
    make_reaction,
)
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def test_a_reaction_counts_once_and_is_taken_back() -> None:
    post, member = make_post(), make_member()
    comment = make_comment(post)

    for target in (post, comment):
        for _ in range(2):
            actions.react(target, by=member, kind="helped", now=NOON)
        actions.react(target, by=member, kind="thanks", now=NOON)
    assert Reaction.objects.count() == 4

    for _ in range(2):
        actions.unreact(post, by=member, kind="helped")
    left = Reaction.objects.order_by("pk").values_list("kind", "post", "comment")
    assert list(left) == [
        ("thanks", post.pk, None),
        ("helped", None, comment.pk),
        ("thanks", None, comment.pk),
    ]


def test_taking_a_reaction_back_leaves_those_of_others() -> None:
    post = make_post()
    make_reaction(post)

    actions.unreact(post, by=make_member(), kind="helped")

    assert Reaction.objects.count() == 1


def test_nobody_reacts_to_their_own_words() -> None:
    post = make_post()

    with pytest.raises(actions.NotAllowed):
        actions.react(post, by=post.author, kind="helped", now=NOON)
