"""Two votes, a vote and a closing, two ticks at once: each counts once.

SQLite lets one write at a time and its test database is in memory, so this needs
PostgreSQL.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from community.actions import polls
from community.models import Ballot, BallotChoice, Poll, PollOption
from community.polls.shown import ShownPoll, visible_poll
from community.tests.make import (
    NOON,
    make_moderator,
    make_poll,
    make_vote,
    options_of,
)
from community.tests.polls.test_votes import counts
from community.tests.test_at_once import at_once
from members.models import Member
from members.tests.make import make_member

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="one writer at a time"
    ),
]
END = NOON + timedelta(hours=1)


def shown(member: Member, pk: int) -> ShownPoll:
    poll = visible_poll(member, pk, NOON)
    assert poll
    return poll


def voting(
    poll: ShownPoll, member: Member, *options: int, now: object = NOON
) -> Callable[[], object]:
    return lambda: polls.vote(poll, by=member, options=options, now=now)  # type: ignore[arg-type]


def test_two_presses_of_one_button_vote_once() -> None:
    post, member = make_poll(), make_member()
    poll = shown(member, post.pk)
    graphs = options_of(post)["Graphs"]

    for _ in range(5):
        at_once(*[voting(poll, member, graphs)] * 4)

    assert counts(post) == (1, {"Diffusion": 0, "Graphs": 1, "State spaces": 0})


@pytest.mark.parametrize("way", ["single", "ranked"])
def test_two_different_votes_of_one_member_leave_one(way: str) -> None:
    post, member = make_poll(way=way), make_member()
    poll = shown(member, post.pk)
    keys = [*options_of(post).values()]

    for _ in range(5):
        deeds = [voting(poll, member, key) for key in keys]
        deeds.append(lambda: polls.take_back(poll, by=member, now=NOON))
        at_once(*deeds)

        voters, votes = counts(post)
        assert sum(votes.values()) == voters == Ballot.objects.count()
        assert BallotChoice.objects.count() == voters
        assert polls.recount_polls() == (0, 1)


def test_votes_of_many_are_all_counted() -> None:
    post = make_poll(way="several")
    members = [make_member(f"Member {n}") for n in range(8)]
    diffusion, graphs, _spaces = options_of(post).values()

    at_once(
        *[
            voting(shown(member, post.pk), member, *choice)
            for member, choice in zip(
                members, [(diffusion, graphs), (graphs, diffusion)] * 4, strict=True
            )
        ]
    )

    assert counts(post) == (8, {"Diffusion": 8, "Graphs": 8, "State spaces": 0})


def test_of_two_ticks_one_closes_a_poll() -> None:
    for number in range(10):
        make_poll(way="ranked", closes_at=END, title=f"Poll {number}")

    closed = at_once(*[lambda: polls.close_due(now=END)] * 3)

    assert sum(closed) == 10  # type: ignore[arg-type]


def test_a_vote_is_in_the_rounds_or_refused_when_the_poll_closes_meanwhile() -> None:
    for number in range(10):
        post = make_poll(way="ranked", title=f"Poll {number}")
        make_vote(post, "Graphs", by=make_member(f"First {number}"))
        voters = [make_member(f"Voter {number} {n}") for n in range(3)]
        graphs = options_of(post)["Graphs"]
        before = [shown(voter, post.pk) for voter in voters]

        results = at_once(
            *[
                voting(poll, voter, graphs)
                for poll, voter in zip(before, voters, strict=True)
            ],
            lambda post=post: polls.close_poll(post, by=post.author, now=NOON),
        )

        refused = [each for each in results if isinstance(each, polls.PollClosed)]
        poll = Poll.objects.get(pk=post.pk)
        assert poll.rounds
        [[_option, counted]] = [
            pair for pair in poll.rounds[0]["votes"] if pair[0] == graphs
        ]
        assert counted == poll.voter_count == 4 - len(refused)
        assert counted == Ballot.objects.filter(poll=poll).count()


def test_a_change_of_an_option_and_a_vote_for_it_do_not_both_happen() -> None:
    for number in range(10):
        post = make_poll(title=f"Poll {number}")
        member = make_member(f"Voter {number}")
        poll, graphs = shown(member, post.pk), options_of(post)["Graphs"]

        results = at_once(
            voting(poll, member, graphs),
            lambda post=post, graphs=graphs: polls.change_poll(
                post,
                by=post.author,
                names={graphs: ""},
                added=[],
                closes_at=None,
                now=NOON,
            ),
        )

        refused = [each for each in results if each is not None]
        assert len(refused) == 1
        assert isinstance(refused[0], polls.BadVote | polls.BadOption)


def test_a_vote_for_an_option_that_a_moderator_removes_is_stored_or_refused() -> None:
    moderator = make_moderator()
    for number in range(10):
        post = make_poll(title=f"Poll {number}", way="several")
        diffusion, graphs, _spaces = options_of(post).values()
        voters = [make_member(f"Voter {number} {n}") for n in range(2)]
        before = [shown(voter, post.pk) for voter in voters]

        results = at_once(
            *[
                voting(poll, voter, diffusion, graphs)
                for poll, voter in zip(before, voters, strict=True)
            ],
            lambda post=post, graphs=graphs: polls.remove_option(
                post, by=moderator, option=graphs, now=NOON
            ),
        )

        *votes, removal = results
        refused = [each for each in votes if isinstance(each, polls.BadVote)]
        stored = 2 - len(refused)
        assert removal is None
        assert votes.count(None) == stored
        assert BallotChoice.objects.filter(option=graphs).count() == stored
        # Without a vote the option is gone.
        assert PollOption.objects.filter(pk=graphs).exists() == bool(stored)
        assert counts(post) == (stored, {"Diffusion": stored, "State spaces": 0})
        assert polls.recount_polls()[0] == 0


def test_of_two_options_that_are_added_at_once_both_have_a_place() -> None:
    post = make_poll(may_add=True)
    members = [make_member(f"Member {n}") for n in range(4)]

    results = at_once(
        *[
            lambda member=member, name=name: polls.add_option(
                post, by=member, name=name, now=NOON
            )
            for member, name in zip(members, ["A", "B", "C", "A"], strict=True)
        ]
    )

    refused = [each for each in results if isinstance(each, polls.BadOption)]
    assert len(refused) == 1
    assert sorted(options_of(post)) == [
        "A",
        "B",
        "C",
        "Diffusion",
        "Graphs",
        "State spaces",
    ]
