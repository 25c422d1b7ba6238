"""A poll closes once, by a tick or by its author."""

from datetime import timedelta

import pytest

from community.actions import polls
from community.actions.refusals import NotAllowed
from community.models import Poll
from community.polls.page import poll_page
from community.polls.rounds import shown_rounds
from community.tasks import close_polls
from community.tests.make import (
    NOON,
    make_moderator,
    make_poll,
    make_vote,
    options_of,
)
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
END = NOON + timedelta(hours=1)


def test_a_tick_closes_what_is_due_and_nothing_else() -> None:
    due = make_poll(closes_at=END)
    make_poll(closes_at=END + timedelta(seconds=1), title="Later?")
    make_poll(title="Never?")

    assert polls.close_due(now=END - timedelta(seconds=1)) == 0
    assert polls.close_due(now=END) == 1
    assert polls.close_due(now=END) == 0

    [closed] = Poll.objects.exclude(closed_at=None)
    assert (closed.pk, closed.closed_at, closed.to_tell) == (due.pk, END, True)
    assert Poll.objects.filter(to_tell=True).count() == 1


def test_the_task_closes_what_is_due_now() -> None:
    make_poll(closes_at=END)

    assert close_polls() == 1


def test_closing_a_ranked_poll_counts_its_rounds_once() -> None:
    post = make_poll(way="ranked", closes_at=END)
    names = ["Ann", "Bo", "Cy", "Di", "Ed", "Flo"]
    votes = (
        [("Diffusion",)] * 2
        + [("Graphs",)] * 2
        + [("State spaces", "Graphs"), ("State spaces",)]
    )
    for name, choice in zip(names, votes, strict=True):
        make_vote(post, *choice, by=make_member(name))

    polls.close_due(now=END)

    poll = Poll.objects.get()
    assert poll.won_id == options_of(post)["Graphs"]
    first, second = shown_rounds(post.pk)
    assert first.why == (
        "Nobody has more than half. Several are last and were always equal; "
        "“State spaces” was added last and goes."
    )
    assert second.why == (
        "The 2 votes for “State spaces” move on. 1 of them names nothing else that is "
        "still in. 3 of 5 is more than half: “Graphs” wins."
    )
    assert [
        (row.name, row.votes, row.gained, row.percent, row.won) for row in second.rows
    ] == [
        ("Graphs", 3, 1, 50, True),
        ("Diffusion", 2, 0, 33, False),
    ]
    assert [row.name for row in first.rows if row.gone] == ["State spaces"]


def test_the_rounds_say_who_nobody_placed_first_and_who_goes_by_an_earlier_round() -> (
    None
):
    post = make_poll(None, "A", "B", "C", "D", "E", way="ranked", closes_at=END)
    votes = "A A A A A A B B B B B C C C C DC".split()
    for number, choice in enumerate(votes):
        make_vote(post, *choice, by=make_member(f"Member {number}"))

    polls.close_due(now=END)

    sentences = [each.why for each in shown_rounds(post.pk)]
    assert sentences[0] == "Nobody has more than half. “E” is last and goes."
    assert sentences[1].startswith("Nobody had placed “E” first.")
    assert sentences[2] == (
        "The vote for “D” moves on. Nobody has more than half. Several are last; “C” had "
        "fewer votes in an earlier round and goes."
    )
    assert len(sentences) == 4


def test_a_ranked_poll_without_votes_closes_without_a_winner() -> None:
    post = make_poll(way="ranked", closes_at=END)

    assert polls.close_due(now=END) == 1
    assert Poll.objects.get().won_id is None
    assert shown_rounds(post.pk) == []


def test_the_author_and_moderators_close_a_poll_before_its_time_once() -> None:
    post = make_poll(closes_at=END)

    with pytest.raises(NotAllowed, match="Only the author or a moderator"):
        polls.close_poll(post, by=make_member(), now=NOON)
    polls.close_poll(post, by=post.author, now=NOON)
    with pytest.raises(polls.PollClosed):
        polls.close_poll(post, by=make_moderator(), now=NOON)
    assert polls.close_due(now=END) == 0
    assert Poll.objects.get().closed_at == NOON


def test_an_option_removed_after_closing_keeps_its_votes_and_loses_its_name() -> None:
    post = make_poll(way="ranked", closes_at=END)
    make_vote(post, "Graphs")
    polls.close_due(now=END)

    graphs = options_of(post)["Graphs"]
    polls.remove_option(post, by=make_moderator(), option=graphs, now=END)

    [only] = shown_rounds(post.pk)
    assert [row.name for row in only.rows if row.won] == ["a removed option"]
    assert Poll.objects.get().won_id == graphs
    page = poll_page(post, make_member(), END, looks=False)
    assert page
    assert (page.poll.is_counted, page.poll.winners) == (True, [])


def test_an_option_without_votes_that_is_removed_after_closing_is_in_the_rounds() -> (
    None
):
    post = make_poll(way="ranked", closes_at=END)
    make_vote(post, "Graphs")
    polls.close_due(now=END)

    spaces = options_of(post)["State spaces"]
    polls.remove_option(post, by=make_moderator(), option=spaces, now=END)

    [only] = shown_rounds(post.pk)
    assert [(row.name, row.votes) for row in only.rows] == [
        ("Graphs", 1),
        ("Diffusion", 0),
        ("a removed option", 0),
    ]
