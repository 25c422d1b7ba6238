"""Stored counts are equal to what is counted, whatever members do."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.db.models.deletion import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community import actions
from community.models import Comment, Post, Reaction
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
    make_question,
    make_reaction,
)
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db

KINDS = ("helped", "thanks", "same")
ACTS = st.tuples(
    st.sampled_from(
        (
            "comment",
            "reply",
            "remove",
            "accept",
            "unaccept",
            "react",
            "react",
            "unreact",
            "leave",
        )
    ),
    st.integers(0, 9),
    st.integers(0, 9),
)


def counted(target: Post | Comment) -> dict[str, Any]:
    """What the stored counts must be, in the plainest way."""
    counts: dict[str, Any] = {
        f"{kind}_count": target.reactions.filter(kind=kind).count() for kind in KINDS
    }
    if isinstance(target, Post):
        comments = list(target.comments.filter(removed_at=None))
        moments = [target.posted_at, *(each.commented_at for each in comments)]
        counts["comment_count"] = len(comments)
        counts["active_at"] = max([*moments, target.accepted_at or NOON])
    return counts


def assert_counts_are_right() -> None:
    for target in (*Post.objects.all(), *Comment.objects.all()):
        right = counted(target)
        assert {name: getattr(target, name) for name in right} == right


def act(name: str, post: Post, who: Member, targets: list[Any], n: int) -> None:
    target = targets[n % len(targets)]
    now = NOON + timedelta(minutes=Comment.objects.count() + n)
    body, kind = f"{name} {Comment.objects.count()}", KINDS[n % 3]
    is_comment = isinstance(target, Comment)
    match name:
        case "comment":
            actions.write_comment(post, author=who, body=body, now=now)
        case "reply" if is_comment:
            actions.write_comment(post, author=who, body=body, now=now, parent=target)
        case "remove" if is_comment:
            actions.remove_comment(target, by=target.author, now=now)
        case "accept" if is_comment:
            actions.accept_answer(target, by=post.author, now=now)
        case "unaccept" if is_comment:
            actions.unaccept_answer(target, by=post.author)
        case "react":
            actions.react(target, by=who, kind=kind, now=now)
        case "unreact":
            actions.unreact(target, by=who, kind=kind)
        case "leave":
            who.delete()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(ACTS, max_size=25))
def test_counts_are_right_after_any_acts(acts: list[tuple[str, int, int]]) -> None:
    Post.objects.update(accepted_comment=None)
    for model in (Reaction, Comment, Post, Member):
        model.objects.all().delete()
    post = make_question()
    make_comment(post)
    for number, (name, who, n) in enumerate(acts):
        members = list(Member.objects.order_by("pk"))
        while len(members) < 4:
            members.append(make_member(f"Member {number} {len(members)}"))
        try:
            act(name, post, members[who % 4], [post, *Comment.objects.all()], n)
        except (actions.Refused, ProtectedError):
            continue

        assert_counts_are_right()


def test_recount_puts_every_count_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community.actions.counts.BATCH", 2)
    posts = [make_post() for _ in range(5)]
    comments = [make_comment(post, minutes=5) for post in posts]
    make_reaction(posts[4], kind="same")
    make_reaction(comments[4], kind="helped")
    Post.objects.update(comment_count=F("comment_count") + 3, same_count=7)
    Comment.objects.update(helped_count=9, thanks_count=1)
    Post.objects.update(active_at=NOON)

    assert actions.recount() == (10, 10)
    assert actions.recount() == (0, 10)
    assert_counts_are_right()


def test_a_member_who_leaves_takes_all_reactions_and_their_counts() -> None:
    post = make_post()
    comment = make_comment(post)
    leaver, stays = make_member("Yuki Arai"), make_member("Wei Tan")
    for target in (post, comment):
        for kind in KINDS:
            make_reaction(target, leaver, kind)
        make_reaction(target, stays, "same")

    Member.objects.filter(pk=leaver.pk).delete()

    assert Reaction.objects.count() == 2
    assert_counts_are_right()


def test_two_members_who_leave_at_once_are_counted_twice() -> None:
    post = make_post()
    leavers = [make_member("Yuki Arai"), make_member("Wei Tan")]
    for member in leavers:
        make_reaction(post, member)

    Member.objects.filter(pk__in=[member.pk for member in leavers]).delete()

    assert_counts_are_right()


def test_a_member_who_cannot_be_deleted_keeps_all_reactions_and_their_counts() -> None:
    post = make_post()
    writer = make_comment(post).author
    make_reaction(post, writer)

    with pytest.raises(ProtectedError):
        writer.delete()

    assert post.reactions.count() == 1
    assert_counts_are_right()


def test_a_reaction_said_twice_is_counted_once() -> None:
    post, member = make_post(), make_member("Yuki Arai")

    for _ in range(2):
        actions.react(post, by=member, kind="helped", now=NOON)
    assert_counts_are_right()
    for _ in range(2):
        actions.unreact(post, by=member, kind="helped")
    assert_counts_are_right()


@pytest.mark.parametrize("comments", [1, 10])
def test_a_new_comment_does_not_count_the_others(
    comments: int, django_assert_num_queries: Any
) -> None:
    post, author = make_post(), make_member("Wei Tan")
    for n in range(comments):
        make_comment(post, author, body=str(n))

    writer = make_member()
    post = Post.objects.select_related("thread").get(pk=post.pk)  # as pages read it
    # what the author wrote within the hour; savepoint, the author locked, what they
    # wrote within the hour, the post counts one more, the comment, release
    with django_assert_num_queries(8) as asked:
        actions.write_comment(post, author=writer, body="New", now=NOON)

    # a number that is sent beside it on PostgreSQL
    assert '"comment_count" + ' in next(
        query["sql"]
        for query in asked.captured_queries
        if query["sql"].startswith('UPDATE "community_post"')
    )
