"""What is kept of posts in lists is what a page would render now."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community import actions
from community.feed import Order, feed
from community.models import Comment, Post, Reaction
from community.rows import IN_FEED, IN_THREAD
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_paper,
    make_post,
    make_question,
    make_step,
)
from look.saving import save_slots
from members.models import Member
from members.tests.make import make_group, make_member
from progress.tests.make import rolled_back

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


class Group:
    """Three members and five posts, to which something happens now and then."""

    def __init__(self) -> None:
        make_group()
        self.members = [
            make_member("Ines Duarte", time_zone="Asia/Tokyo"),
            make_member("Kofi Mensah", moderator_since=NOON),
            make_member("Yuki Arai"),
        ]
        first, second, third = self.members
        make_post(first, step_key=make_step())
        make_post(second, paper=make_paper())
        make_question(third)
        make_question(first, body="word " * 400)
        make_announcement(second, pinned_at=NOON)
        self.edits = 0

    def nothing(self, post: Post, member: Member) -> None:
        pass

    def posts(self) -> list[Post]:
        return list(Post.objects.order_by("pk"))

    def edit(self, post: Post, member: Member) -> None:
        self.edits += 1
        words = {"body": f"Words {self.edits} <i>", "seen_edited_at": post.edited_at}
        actions.edit_post(post, by=post.author, title="T & T", now=LATER, **words)

    def comment(self, post: Post, member: Member) -> None:
        make_comment(post, member)

    def edit_answer(self, post: Post, member: Member) -> None:
        if answer := post.accepted_comment:
            self.edits += 1
            answer.body = f"Answer {self.edits}"
            words = {"body": answer.body, "seen_edited_at": answer.edited_at}
            actions.edit_comment(answer, by=answer.author, now=LATER, **words)

    def accept(self, post: Post, member: Member) -> None:
        comment = Comment.objects.filter(post=post, removed_at=None).first()
        if comment and post.kind == "question":
            actions.accept_answer(comment, by=post.author, now=LATER)

    def remove_answer(self, post: Post, member: Member) -> None:
        if answer := post.accepted_comment:
            actions.remove_comment(answer, by=answer.author, now=LATER)

    def react(self, post: Post, member: Member) -> None:
        kind = "same" if post.kind == "question" else "helped"
        mine = Reaction.objects.filter(post=post, member=member, kind=kind)
        if post.author_id == member.pk:
            return
        if mine.exists():
            actions.unreact(post, by=member, kind=kind)
        else:
            actions.react(post, by=member, kind=kind, now=LATER)

    def rename(self, post: Post, member: Member) -> None:
        self.edits += 1
        Member.objects.filter(pk=member.pk).update(name=f"Name {self.edits}")

    def give_role(self, post: Post, member: Member) -> None:
        Member.objects.filter(pk=member.pk).update(curator_since=NOON)

    def pin(self, post: Post, member: Member) -> None:
        if post.kind == "announcement":
            Post.objects.filter(pk=post.pk).update(pinned_at=None)

    def remove(self, post: Post, member: Member) -> None:
        Post.objects.filter(pk=post.pk).update(removed_at=LATER)


Deed = Callable[[Group, Post, Member], None]
DEEDS: list[Deed] = [
    Group.edit,
    Group.comment,
    Group.edit_answer,
    Group.accept,
    Group.remove_answer,
    Group.react,
    Group.rename,
    Group.give_role,
    Group.pin,
    Group.remove,
]
STEPS = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 4), st.integers(0, 2)), max_size=6
)


def kept_and_fresh(reader: Member, order: Order) -> Iterator[tuple[str, str]]:
    slots = {"csrf_input": "t0ken", "posted": "a moment ago"}
    for row in feed(reader, order=order).rows:
        for is_saved in (False, True):
            given = slots | save_slots(is_saved)
            in_feed = row.in_feed(**slots, is_saved=is_saved)
            in_thread = row.in_thread(**slots, is_saved=is_saved)
            yield in_feed, IN_FEED.fresh(row, **given)
            yield in_thread, IN_THREAD.fresh(row, **given)


@given(STEPS, st.sampled_from(Order))
@settings(max_examples=20, deadline=None)
def test_a_kept_card_is_the_card_rendered_again(
    steps: list[tuple[Deed, int, int]], order: Order
) -> None:
    with rolled_back():
        group = Group()
        for deed, post, member in [(Group.nothing, 0, 0), *steps]:
            # such as a comment below a post that was removed
            with suppress(actions.Refused):
                deed(group, group.posts()[post], group.members[member])
            for reader in Member.objects.order_by("pk"):
                for kept, fresh in kept_and_fresh(reader, order):
                    assert kept == fresh


def test_cards_are_kept_for_all_who_may_and_did_the_same() -> None:
    group = Group()
    _first, second, third = group.members

    for reader in (second, third, second):
        list(kept_and_fresh(reader, Order.ACTIVITY))

    # of three posts another card for each of the two authors
    assert len(IN_FEED) == 5 + 3
