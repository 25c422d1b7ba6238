from datetime import timedelta

import pytest

from community import actions
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
    make_question,
)
from members.tests.make import make_member

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)


def test_the_asker_accepts_an_answer_and_may_choose_another() -> None:
    question = make_question()
    first, second = (
        make_comment(question, body="ln 10"),
        make_comment(question, body="zeros"),
    )

    actions.accept_answer(first, by=question.author, now=LATER)
    actions.accept_answer(first, by=question.author, now=LATER + timedelta(hours=1))
    question.refresh_from_db()
    assert (question.accepted_comment, question.accepted_at, question.active_at) == (
        first,
        LATER,
        LATER,
    )

    actions.accept_answer(second, by=question.author, now=LATER + timedelta(hours=2))
    question.refresh_from_db()
    assert (question.accepted_comment, question.accepted_at) == (
        second,
        LATER + timedelta(hours=2),
    )


def test_an_acceptance_is_taken_back_only_from_the_answer_that_has_it() -> None:
    question = make_question()
    first, second = (
        make_comment(question, body="ln 10"),
        make_comment(question, body="zeros"),
    )
    actions.accept_answer(first, by=question.author, now=LATER)

    actions.unaccept_answer(second, by=question.author)
    question.refresh_from_db()
    assert question.accepted_comment == first

    actions.unaccept_answer(first, by=question.author)
    question.refresh_from_db()
    assert (question.accepted_comment, question.accepted_at) == (None, None)
    assert question.active_at == second.commented_at


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("owner_since", True),
        ("moderator_since", True),
        ("curator_since", False),
        (None, False),
    ],
)
def test_besides_the_asker_only_moderators_accept(
    role: str | None, *, allowed: bool
) -> None:
    question = make_question()
    answer = make_comment(question)
    by = make_member("Ilse Brandt", **({role: NOON} if role else {}))

    if allowed:
        actions.accept_answer(answer, by=by, now=LATER)
    else:
        with pytest.raises(actions.NotAllowed):
            actions.accept_answer(answer, by=by, now=LATER)
        with pytest.raises(actions.NotAllowed):
            actions.unaccept_answer(answer, by=by)
        with pytest.raises(actions.NotAllowed):
            actions.accept_answer(answer, by=answer.author, now=LATER)

    question.refresh_from_db()
    assert (question.accepted_comment == answer) is allowed


def test_moderators_do_not_accept_answers_of_their_own() -> None:
    question = make_question()
    moderator = make_member("Ilse Brandt", moderator_since=NOON)
    answer = make_comment(question, author=moderator)

    with pytest.raises(actions.NotAllowed):
        actions.accept_answer(answer, by=moderator, now=LATER)


def test_only_an_answer_to_the_question_itself_is_accepted() -> None:
    question, discussion = make_question(), make_post(body="No question")
    answer = make_comment(question)
    reply = make_comment(question, parent=answer)
    remark = make_comment(discussion)
    removed = make_comment(question, body="Wrong")
    actions.remove_comment(removed, by=removed.author, now=LATER)
    removed.refresh_from_db()

    for comment, asker in (
        (reply, question.author),
        (remark, discussion.author),
        (removed, question.author),
    ):
        with pytest.raises(actions.Refused):
            actions.accept_answer(comment, by=asker, now=LATER)


def test_an_accepted_answer_that_is_removed_is_accepted_no_more() -> None:
    question = make_question()
    answer = make_comment(question)
    actions.accept_answer(answer, by=question.author, now=LATER)

    actions.remove_comment(answer, by=answer.author, now=LATER)

    question.refresh_from_db()
    assert (
        question.accepted_comment,
        question.accepted_at,
        question.comment_count,
    ) == (None, None, 0)
    assert question.active_at == NOON
