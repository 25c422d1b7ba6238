"""Several runs at once tell everything once. SQLite lets one write at a time."""

from datetime import timedelta

import pytest
from django.db import connection

from community import actions as community
from community.models import Comment, Post, Reaction
from community.tests.make import NOON
from community.tests.test_at_once import at_once
from members.models import Member
from members.tests.make import make_member
from notifications import actions
from notifications.models import Notification, Watch
from notifications.tests.make import LATER, ask, comment, tell

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="one writer at a time"
    ),
]


def make_watchers(post: Post, number: int) -> list[Member]:
    members = [make_member(f"Watcher {n}") for n in range(number)]
    for member in members:
        actions.watch(member, post, "watching", now=NOON)
    return members


def counted() -> dict[str, int]:
    rows = Notification.objects.all()
    kinds = set(rows.values_list("kind", flat=True))
    return {kind: rows.filter(kind=kind, read_at=None).count() for kind in kinds}


def test_runs_at_once_tell_each_thing_once() -> None:
    asker, helpers = make_member("Asker"), [make_member(f"H{n}") for n in range(4)]
    questions = [ask(asker, f"Question {n}") for n in range(3)]
    watchers = make_watchers(questions[0], 12)
    for question in questions:
        answers = [comment(question, each, f"By {each.pk}") for each in helpers]
        community.accept_answer(answers[0], by=asker, now=NOON)
        community.react(answers[1], by=asker, kind="helped", now=NOON)
        community.react(question, by=helpers[0], kind="same", now=NOON)

    results = at_once(*[lambda: actions.tell_everything(now=LATER)] * 4)

    assert sum(map(int, results)) > 0  # type: ignore[call-overload]
    # whoever found a row locked passed it over, and nothing is left
    assert not Comment.objects.filter(to_tell=True).exists()
    assert not Post.objects.filter(to_tell=True).exists()
    assert not Reaction.objects.filter(to_tell=True).exists()
    found = counted()
    assert found["answer"] == 12
    assert (found["accepted"], found["helpful"], found["same"]) == (3, 3, 3)
    assert (
        Notification.objects.filter(kind="watched", member__in=watchers).count() == 12
    )


def test_comments_told_at_once_are_one_row_for_each_watcher() -> None:
    question = ask(make_member("Asker"))
    watchers = make_watchers(question, 30)
    writer = make_member("Writer")
    tell()
    for round_ in range(3):
        now = NOON + timedelta(hours=round_ + 1)
        for number in range(4):
            comment(question, writer, f"{round_} {number}", now=now)

        at_once(*[lambda now=now: actions.tell_everything(now=now)] * 4)  # type: ignore[misc]
        tell(now)

        rows = Notification.objects.filter(kind="watched", member__in=watchers)
        assert rows.unread().count() == rows.count() == 30
        for member in watchers:
            actions.read_post(member, question.pk, now=now)


def test_who_reads_while_it_is_told_neither_waits_nor_fails() -> None:
    question = ask(make_member("Asker"))
    watchers = make_watchers(question, 8)
    writer = make_member("Writer")
    tell()
    for number in range(5):
        now = NOON + timedelta(hours=number + 1)
        comment(question, writer, f"Number {number}", now=now)
        at_once(
            lambda now=now: actions.tell_everything(now=now),  # type: ignore[misc]
            *[
                lambda m=m, now=now: actions.read_post(m, question.pk, now=now)  # type: ignore[misc]
                for m in watchers
            ],
        )

    rows = Notification.objects.filter(kind="watched", member__in=watchers)
    assert rows.count() == 8


def test_announcements_read_at_once_are_all_noted() -> None:
    member = make_member()
    moderator = make_member("Ilse Brandt", moderator_since=NOON)
    posts = [
        community.write_post(
            moderator,
            kind="announcement",
            title=f"Notice {n}",
            body="On Sunday.",
            now=member.joined_at + timedelta(minutes=n + 1),
        )
        for n in range(6)
    ]
    now = member.joined_at + timedelta(days=1)

    at_once(
        *[
            lambda p=p: actions.read_announcements(member, [p.pk], now=now)  # type: ignore[misc]
            for p in posts
        ]
    )

    state = actions.read_announcements(member, [], now=now)
    assert (state.until, state.posts) == (posts[-1].posted_at, frozenset())


def test_watch_rows_of_two_who_write_at_once_are_stored_once() -> None:
    question = ask(make_member("Asker"))
    writer = make_member("Writer")
    for number in range(6):
        comment(question, writer, f"Number {number}")

    at_once(*[lambda: actions.tell_everything(now=LATER)] * 3)

    assert Watch.objects.filter(member=writer).count() == 1


def test_what_was_told_is_read_without_a_transaction_around_it() -> None:
    asker, helper = make_member("Asker"), make_member("Helper")
    questions = [ask(asker, f"Question {n}") for n in range(2)]
    for question in questions:
        comment(question, helper)
    tell()

    assert actions.read_post(asker, questions[0].pk, now=LATER) == 1
    assert actions.read_all(asker, until=LATER, now=LATER) == 1
