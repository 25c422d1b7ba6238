"""Two at once.

SQLite lets one write at a time and its test database is in memory, so this
needs PostgreSQL.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from community import actions
from community.models import Comment, Draft, Post
from community.tests.make import (
    NOON,
    make_announcement,
    make_comment,
    make_moderator,
    make_post,
    make_question,
)
from members.tests.make import make_member

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="one writer at a time"
    ),
]


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each deed gave back or raised, when all began in the
    same moment.
    """
    begin = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        begin.wait()
        try:
            return deed()
        except (actions.EditConflict, actions.Refused) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_two_presses_of_one_button_post_once() -> None:
    member, post = make_member(), make_post()

    for _ in range(5):
        at_once(*[lambda: actions.write_post(member, body="Hello", now=NOON)] * 4)
        at_once(
            *[
                lambda: actions.write_comment(
                    post, author=member, body="Hello", now=NOON
                )
            ]
            * 4
        )

    assert (Post.objects.filter(author=member).count(), Comment.objects.count()) == (
        1,
        1,
    )


def test_two_presses_post_once_in_whatever_order_they_come_through() -> None:
    """Each press has its own moment, and the later one may be the first to
    get the lock.
    """
    member, post = make_member(), make_post()
    moments = [NOON + timedelta(milliseconds=n) for n in (5, 3, 4, 0, 2, 1)]

    for _ in range(5):
        at_once(
            *[
                lambda at=at: actions.write_post(member, body="Hello", now=at)
                for at in moments
            ]
        )
        at_once(
            *[
                lambda at=at: actions.write_comment(
                    post, author=member, body="Hello", now=at
                )
                for at in moments
            ]
        )

    assert (Post.objects.filter(author=member).count(), Comment.objects.count()) == (
        1,
        1,
    )


def test_comments_of_many_are_all_counted() -> None:
    post = make_post()
    members = [make_member(f"Member {n}") for n in range(8)]

    at_once(
        *[
            lambda m=m: actions.write_comment(post, author=m, body="Hello", now=NOON)
            for m in members
        ]
    )

    post.refresh_from_db()
    assert post.comment_count == 8


def test_of_two_saves_at_once_one_is_told() -> None:
    post = make_post(body="First")

    def save(body: str) -> object:
        return actions.edit_post(
            post, by=post.author, title="", body=body, seen_edited_at=None, now=NOON
        )

    results = at_once(lambda: save("From tab 1"), lambda: save("From tab 2"))

    [conflict] = [
        result for result in results if isinstance(result, actions.EditConflict)
    ]
    post.refresh_from_db()
    assert {post.body, conflict.body} == {"From tab 1", "From tab 2"}
    assert conflict.current.body == post.body
    assert [revision.body for revision in post.revisions.all()] == ["First"]


def test_the_same_reaction_at_once_counts_once() -> None:
    post, member = make_post(), make_member()

    at_once(*[lambda: actions.react(post, by=member, kind="helped", now=NOON)] * 4)

    post.refresh_from_db()
    assert (post.reactions.count(), post.helped_count) == (1, 1)


def test_reactions_of_many_are_all_counted() -> None:
    post = make_post()
    members = [make_member(f"Member {n}") for n in range(8)]

    at_once(
        *[
            lambda m=m: actions.react(post, by=m, kind="helped", now=NOON)
            for m in members
        ]
    )

    post.refresh_from_db()
    assert post.helped_count == 8


def test_of_two_announcements_pinned_at_once_one_is_pinned() -> None:
    moderators = [make_moderator(), make_member("Yuki Arai", moderator_since=NOON)]

    for _ in range(5):
        notices = [make_announcement(title=str(n)) for n in range(3)]
        results = at_once(
            *[
                lambda notice=notice, by=by: actions.pin(notice, by=by, now=NOON)
                for notice in notices
                for by in moderators
            ]
        )
        assert results == [None] * 6
        assert Post.objects.filter(pinned_at__isnull=False).count() == 1


def test_a_comment_removed_at_once_is_not_accepted() -> None:
    question = make_question()

    for number in range(10):
        answer = make_comment(question, body=f"Answer {number}")
        at_once(
            lambda answer=answer: actions.accept_answer(  # type: ignore[misc]
                Comment.objects.get(pk=answer.pk), by=question.author, now=NOON
            ),
            lambda answer=answer: actions.remove_comment(  # type: ignore[misc]
                Comment.objects.get(pk=answer.pk), by=answer.author, now=NOON
            ),
        )
        question.refresh_from_db()
        assert question.accepted_comment_id is None


def a_save(key: UUID, body: str, known: list[UUID]) -> actions.Save:
    fields = [("body", body)]
    return actions.Save(key, uuid4(), known, uuid4(), "/posts/new/", fields)


def test_a_draft_that_two_machines_save_at_once_loses_no_words() -> None:
    """Whether it is new or was there: one is saved over it, the others beside."""
    member = make_member()

    for _ in range(5):
        key, known = uuid4(), []
        for round_ in ("first", "second"):
            saves = [a_save(key, f"{round_} {n}", known) for n in range(4)]
            kept = at_once(
                *[lambda s=s: actions.keep_draft(member, s, now=NOON) for s in saves]
            )
            assert sum(each.key == key for each in kept) == 1  # type: ignore[attr-defined]
            bodies = {row.texts[0] for row in Draft.objects.of(member)}
            assert bodies >= {f"{round_} {n}" for n in range(4)}
            known = [Draft.objects.get(member=member, key=key).version]
        Draft.objects.all().delete()


def test_a_draft_that_is_sent_while_it_is_saved_does_not_come_back() -> None:
    member = make_member()

    for _ in range(10):
        key = uuid4()
        first = a_save(key, "Half", [])
        actions.keep_draft(member, first, now=NOON)
        last = a_save(key, "Half of it", [first.version])
        sent = [first.version, last.version]
        at_once(
            lambda: actions.end_draft(member, key, versions=sent, now=NOON),  # noqa: B023
            lambda: actions.keep_draft(member, last, now=NOON),  # noqa: B023
        )
        assert not Draft.objects.of(member).exists()
