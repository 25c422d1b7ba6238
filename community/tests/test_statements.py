"""What lists of posts read by compiled statements is what the querysets say."""

from itertools import product
from typing import Any

import pytest

from community import actions
from community.feed import NEWEST_PINNED, ONE_POST, Order, filters, list_statement
from community.kinds.base import Filter
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_post,
    make_question,
    make_reaction,
    make_step,
)
from lists.tests.compare import assert_same
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(name="member")
def _member() -> Member:
    member = make_member("Ines Duarte")
    question = make_question(step_key=make_step())
    actions.accept_answer(make_comment(question), by=question.author, now=NOON)
    make_reaction(question, member, kind="same")
    make_post(member)
    make_announcement(pinned_at=NOON)
    return member


@pytest.mark.parametrize("show", filters(), ids=lambda show: show.name)
@pytest.mark.parametrize("order", Order)
def test_each_choice_of_posts_is_its_queryset(
    member: Member, show: Filter, order: Order
) -> None:
    thread = {"kind": "step", "key": "3"}
    last: dict[str, Any] = {"moment": NOON, "pk": 10**6}
    for is_thread, is_later in product((False, True), repeat=2):
        statement = list_statement(
            show, order, 2, is_thread=is_thread, is_later=is_later
        )
        given = (thread if is_thread else {}) | (last if is_later else {})
        assert_same(statement, member=member, **given)


def test_a_single_post_and_the_notice_are_their_querysets(member: Member) -> None:
    [post] = assert_same(ONE_POST, member=member, pk=make_post().pk)
    [notice] = assert_same(NEWEST_PINNED, member=member)

    assert post.author.name == "Noor Haddad"
    assert notice.title == "Circles close on Sunday"
