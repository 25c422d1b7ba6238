"""Joining a question to the one that it asks again."""

import pytest

from community import actions
from community.models import Post
from community.tests.make import NOON, make_post, make_question
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def joined_to(question: Post) -> Post | None:
    question.refresh_from_db()
    return question.joined_to


def test_the_author_or_a_moderator_joins_and_separates() -> None:
    first, again = make_question(), make_question(make_member("Wei"))
    moderator = make_member("Mira", moderator_since=NOON)

    assert actions.join_question(again, first, by=again.author, now=NOON) == first
    assert joined_to(again) == first
    assert again.joined_at == NOON

    actions.separate_question(again, by=moderator)
    assert joined_to(again) is None
    assert again.joined_at is None


def test_nobody_else_may() -> None:
    first, again = make_question(), make_question(make_member("Wei"))

    with pytest.raises(actions.NotAllowed):
        actions.join_question(again, first, by=first.author, now=NOON)
    with pytest.raises(actions.NotAllowed):
        actions.separate_question(again, by=first.author)
    talk = make_post(make_member("Ines"))
    with pytest.raises(actions.NotAllowed):
        actions.join_question(talk, first, by=talk.author, now=NOON)


def test_twice_is_once() -> None:
    first, again = make_question(), make_question(make_member("Wei"))

    for hour in (12, 13):
        now = NOON.replace(hour=hour)
        actions.join_question(again, first, by=again.author, now=now)

    assert joined_to(again) == first
    assert again.joined_at == NOON.replace(hour=12)


def test_all_lead_to_one_end() -> None:
    wei = make_member("Wei")
    first, second, third, fourth = (make_question(wei, f"Why {n}?") for n in range(4))

    actions.join_question(second, first, by=wei, now=NOON)
    assert actions.join_question(third, second, by=wei, now=NOON) == first
    actions.join_question(first, fourth, by=wei, now=NOON)

    assert [joined_to(each) for each in (first, second, third)] == [fourth] * 3


def test_what_cannot_be_joined_to() -> None:
    wei = make_member("Wei")
    first, again = make_question(wei, "Why?"), make_question(wei, "Why not?")
    talk, gone = make_post(wei), make_question(wei, "Where?")
    actions.remove_post(gone, by=wei, now=NOON)

    for to in (again, talk, gone):
        with pytest.raises(actions.Refused):
            actions.join_question(again, to, by=wei, now=NOON)
    actions.join_question(again, first, by=wei, now=NOON)
    again.refresh_from_db()
    with pytest.raises(actions.Refused):  # its end is the question itself
        actions.join_question(first, again, by=wei, now=NOON)
