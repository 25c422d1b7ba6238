"""What happens when something else comes between the look and the deed."""

from typing import Any

import pytest
from django.db import IntegrityError

from community import actions
from community.actions import comments, posts, reactions
from community.models import Comment, Post, PutAwayNotice, Reaction
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_moderator,
    make_post,
    make_question,
)
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def test_a_second_press_while_the_first_one_renders_gives_the_same_comment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post, member = make_post(), make_member()
    render_for, first = comments.render_for, []

    def press_again(*words: Any, **options: Any) -> Any:
        monkeypatch.setattr(comments, "render_for", render_for)
        first.append(actions.write_comment(post, author=member, body="Yes", now=NOON))
        return render_for(*words, **options)

    monkeypatch.setattr(comments, "render_for", press_again)

    comment = actions.write_comment(post, author=member, body="Yes", now=NOON)

    assert [comment] == first == list(Comment.objects.all())
    post.refresh_from_db()
    assert post.comment_count == 1


def test_a_second_press_while_the_first_one_renders_gives_the_same_post(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member = make_member()
    render_for, first = posts.render_for, []

    def write() -> Post:
        return actions.write_post(
            author=member, kind="discussion", body="Hello", now=NOON
        )

    def press_again(*words: Any, **options: Any) -> Any:
        monkeypatch.setattr(posts, "render_for", render_for)
        first.append(write())
        return render_for(*words, **options)

    monkeypatch.setattr(posts, "render_for", press_again)

    post = write()

    assert [post] == first == list(Post.objects.all())


def test_a_reaction_that_cannot_be_counted_is_not_stored_and_not_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(reactions, "_count", fail)

    with pytest.raises(IntegrityError):
        actions.react(make_post(), by=make_member(), kind="helped", now=NOON)
    assert not Reaction.objects.exists()


def test_a_notice_is_put_away_for_one_member_however_often_it_is_asked() -> None:
    notice, member = make_announcement(), make_member()

    for _ in range(2):
        actions.put_away(notice, by=member, now=NOON)

    assert [row.member for row in PutAwayNotice.objects.filter(post=notice)] == [member]


def test_an_answer_that_was_removed_meanwhile_is_not_accepted() -> None:
    question = make_question()
    answer = make_comment(question)
    actions.remove_comment(
        Comment.objects.get(pk=answer.pk), by=answer.author, now=NOON
    )

    with pytest.raises(actions.Refused, match="Only an answer"):
        actions.accept_answer(answer, by=question.author, now=NOON)

    question.refresh_from_db()
    assert question.accepted_comment_id is None


def test_nothing_is_accepted_or_pinned_of_a_post_that_was_removed_meanwhile() -> None:
    question, notice, moderator = make_question(), make_announcement(), make_moderator()
    answer = make_comment(question)
    for post in (question, notice):
        actions.remove_post(Post.objects.get(pk=post.pk), by=moderator, now=NOON)

    with pytest.raises(actions.Refused, match="was removed"):
        actions.accept_answer(answer, by=question.author, now=NOON)
    with pytest.raises(actions.Refused, match="Only announcements"):
        actions.pin(notice, by=moderator, now=NOON)

    assert not Post.objects.exclude(pinned_at=None, accepted_comment=None).exists()
