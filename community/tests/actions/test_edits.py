from datetime import timedelta

import pytest

from community import actions
from community.tests.make import (
    NOON,
    make_comment,
    make_post,
)
from members.tests.make import make_member

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)


def test_an_edit_keeps_the_words_before_it() -> None:
    post = make_post(title="First title", body="First words")

    edited = actions.edit_post(
        post,
        by=post.author,
        title="Second title",
        body="Second *words*",
        seen_edited_at=None,
        now=LATER,
    )
    actions.edit_post(
        post,
        by=post.author,
        title="Third",
        body="Third",
        seen_edited_at=LATER,
        now=LATER + timedelta(hours=1),
    )

    assert (edited.title, edited.body, edited.edited_at) == (
        "Second title",
        "Second *words*",
        LATER,
    )
    assert "<em>words</em>" in edited.body_html
    revisions = post.revisions.order_by("written_at").values_list(
        "title", "body", "written_at"
    )
    assert list(revisions) == [
        ("First title", "First words", NOON),
        ("Second title", "Second *words*", LATER),
    ]


def test_an_edited_comment_keeps_the_words_before_it() -> None:
    comment = make_comment(make_post(), body="First")
    written_at = comment.commented_at

    actions.edit_comment(
        comment, by=comment.author, body="Second", seen_edited_at=None, now=LATER
    )
    actions.edit_comment(
        comment, by=comment.author, body="Third", seen_edited_at=LATER, now=LATER
    )

    comment.refresh_from_db()
    assert (comment.body, comment.edited_at) == ("Third", LATER)
    revisions = comment.revisions.order_by("pk").values_list("body", "written_at")
    assert list(revisions) == [("First", written_at), ("Second", LATER)]


def test_the_same_edit_twice_changes_nothing() -> None:
    post = make_post(body="First")
    comment = make_comment(post, body="First")

    for now in (LATER, LATER + timedelta(seconds=1)):
        actions.edit_post(
            post, by=post.author, title="", body="Second", seen_edited_at=None, now=now
        )
        actions.edit_comment(
            comment, by=comment.author, body="Second\r\n2", seen_edited_at=None, now=now
        )

    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.edited_at, comment.edited_at) == (LATER, LATER)
    assert (post.revisions.count(), comment.revisions.count()) == (1, 1)


def test_of_two_edits_at_once_neither_loses_its_words() -> None:
    post = make_post(title="One", body="First")
    actions.edit_post(
        post,
        by=post.author,
        title="Tab 1",
        body="From tab 1",
        seen_edited_at=None,
        now=LATER,
    )

    with pytest.raises(actions.EditConflict) as conflict:
        actions.edit_post(
            post,
            by=post.author,
            title="Tab 2",
            body="From tab 2",
            seen_edited_at=None,
            now=LATER,
        )

    assert (conflict.value.title, conflict.value.body) == ("Tab 2", "From tab 2")
    assert (conflict.value.current.title, conflict.value.current.body) == (
        "Tab 1",
        "From tab 1",
    )
    post.refresh_from_db()
    assert post.body == "From tab 1"
    assert post.revisions.count() == 1


def test_of_two_edits_of_a_comment_at_once_neither_loses_its_words() -> None:
    comment = make_comment(make_post())
    actions.edit_comment(
        comment, by=comment.author, body="From tab 1", seen_edited_at=None, now=LATER
    )

    with pytest.raises(actions.EditConflict) as conflict:
        actions.edit_comment(
            comment,
            by=comment.author,
            body="From tab 2",
            seen_edited_at=None,
            now=LATER,
        )

    assert (conflict.value.current.body, conflict.value.body) == (
        "From tab 1",
        "From tab 2",
    )


@pytest.mark.parametrize(
    "role", ["owner_since", "moderator_since", "curator_since", None]
)
def test_only_the_author_changes_words(role: str | None) -> None:
    other = make_member("Ilse Brandt", **({role: NOON} if role else {}))
    post = make_post()
    comment = make_comment(post)

    with pytest.raises(actions.NotAllowed):
        actions.edit_post(
            post, by=other, title="", body="Mine now", seen_edited_at=None, now=LATER
        )
    with pytest.raises(actions.NotAllowed):
        actions.edit_comment(
            comment, by=other, body="Mine now", seen_edited_at=None, now=LATER
        )


def test_removed_words_are_not_edited() -> None:
    post = make_post()
    comment = make_comment(post)
    actions.remove_comment(comment, by=comment.author, now=LATER)
    actions.remove_post(post, by=post.author, now=LATER)

    with pytest.raises(actions.NotAllowed):
        actions.edit_post(
            post, by=post.author, title="", body="Back", seen_edited_at=None, now=LATER
        )
    with pytest.raises(actions.NotAllowed):
        actions.edit_comment(
            comment, by=comment.author, body="Back", seen_edited_at=None, now=LATER
        )
