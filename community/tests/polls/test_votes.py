"""Ballots, and the stored counts of them."""

from datetime import timedelta

import pytest

from community.actions import polls
from community.actions.polls import votes as voting
from community.actions.refusals import NotAllowed
from community.models import Ballot, BallotChoice, Poll, PollOption, Post
from community.polls.shown import visible_poll
from community.tests.make import (
    NOON,
    make_moderator,
    make_poll,
    make_vote,
    options_of,
)
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db


def counts(post: Post) -> tuple[int, dict[str, int]]:
    """Voters, and votes by the names of the options; both as they are stored."""
    options = PollOption.objects.filter(poll=post.pk, removed_at=None)
    votes = dict(options.order_by("position").values_list("name", "vote_count"))
    return Poll.objects.get(pk=post.pk).voter_count, votes


def choices_of(member: Member) -> list[tuple[str, int]]:
    mine = BallotChoice.objects.filter(ballot__member=member).order_by("place", "pk")
    return list(mine.values_list("option__name", "place"))


def test_a_vote_counts_for_what_was_chosen() -> None:
    single, several = make_poll(), make_poll(way="several", title="When?")

    member = make_vote(single, "Graphs")
    make_vote(several, "Diffusion", "State spaces", by=member)

    assert counts(single) == (1, {"Diffusion": 0, "Graphs": 1, "State spaces": 0})
    assert counts(several) == (1, {"Diffusion": 1, "Graphs": 0, "State spaces": 1})


def test_a_ranking_keeps_its_order_and_counts_for_what_is_first() -> None:
    post = make_poll(way="ranked")

    member = make_vote(post, "State spaces", "Diffusion")

    assert choices_of(member) == [("State spaces", 1), ("Diffusion", 2)]
    assert counts(post) == (1, {"Diffusion": 0, "Graphs": 0, "State spaces": 1})


@pytest.mark.parametrize(
    ("way", "first", "second", "votes"),
    [
        ("single", ["Graphs"], ["Diffusion"], [1, 0, 0]),
        ("several", ["Graphs", "Diffusion"], ["Diffusion"], [1, 0, 0]),
        ("several", ["Diffusion"], ["Graphs", "State spaces"], [0, 1, 1]),
        ("ranked", ["Graphs", "Diffusion"], ["Diffusion", "Graphs"], [1, 0, 0]),
        ("ranked", ["Graphs"], ["Graphs", "Diffusion"], [0, 1, 0]),
    ],
)
def test_a_changed_vote_counts_for_the_new_choice_alone(
    way: str, first: list[str], second: list[str], votes: list[int]
) -> None:
    post = make_poll(way=way)
    member = make_vote(post, *first)

    make_vote(post, *second, by=member, now=NOON + timedelta(minutes=1))

    assert counts(post) == (1, dict(zip(options_of(post), votes, strict=True)))
    assert [name for name, _place in choices_of(member)] == second
    assert Ballot.objects.get().cast_at == NOON


def test_the_same_vote_again_changes_nothing() -> None:
    post = make_poll(way="several")
    member = make_vote(post, "Diffusion", "Graphs")

    make_vote(post, "Diffusion", "Graphs", by=member, now=NOON + timedelta(minutes=1))

    assert counts(post) == (1, {"Diffusion": 1, "Graphs": 1, "State spaces": 0})
    assert Ballot.objects.get().cast_at == NOON


def test_a_vote_that_is_taken_back_no_longer_counts() -> None:
    post = make_poll(way="ranked")
    member = make_vote(post, "Graphs", "Diffusion")
    poll = visible_poll(member, post.pk, NOON)
    assert poll

    for _ in range(2):
        polls.take_back(poll, by=member, now=NOON)

    assert counts(post) == (0, {"Diffusion": 0, "Graphs": 0, "State spaces": 0})
    assert not Ballot.objects.exists()
    assert not BallotChoice.objects.exists()


def test_a_vote_counts_once_whatever_the_page_knew_of_the_ballot() -> None:
    post, member = make_poll(), make_member()
    diffusion, graphs, _spaces = options_of(post).values()
    without = visible_poll(member, post.pk, NOON)
    make_vote(post, "Graphs", by=member)
    with_ballot = visible_poll(member, post.pk, NOON)
    assert without
    assert with_ballot

    polls.vote(without, by=member, options=[diffusion], now=NOON)
    assert counts(post) == (1, {"Diffusion": 1, "Graphs": 0, "State spaces": 0})
    polls.take_back(with_ballot, by=member, now=NOON)
    polls.vote(with_ballot, by=member, options=[graphs], now=NOON)
    assert counts(post) == (1, {"Diffusion": 0, "Graphs": 1, "State spaces": 0})


@pytest.mark.parametrize(
    ("way", "chosen", "words"),
    [
        ("single", [], "Choose something first."),
        ("single", [0, 1], "Choose only one option."),
        ("several", [0, 99], "was removed"),
    ],
)
def test_a_ballot_that_cannot_be_counted_is_refused(
    way: str, chosen: list[int], words: str
) -> None:
    post, member = make_poll(way=way), make_member()
    poll = visible_poll(member, post.pk, NOON)
    assert poll
    keys = [*options_of(post).values()]
    options = [keys[nth] if nth < len(keys) else 0 for nth in chosen]

    with pytest.raises(polls.BadVote, match=words):
        polls.vote(poll, by=member, options=options, now=NOON)
    assert counts(post)[0] == 0


def test_an_option_that_is_named_twice_counts_once() -> None:
    post, member = make_poll(way="several"), make_member()
    poll = visible_poll(member, post.pk, NOON)
    assert poll
    graphs = options_of(post)["Graphs"]

    polls.vote(poll, by=member, options=[graphs, graphs], now=NOON)

    assert counts(post)[1]["Graphs"] == 1


def test_an_option_that_is_removed_in_the_same_moment_is_not_voted_for() -> None:
    post, member = make_poll(), make_member()
    poll = visible_poll(member, post.pk, NOON)
    assert poll
    graphs = options_of(post)["Graphs"]
    polls.remove_option(post, by=make_moderator(), option=graphs, now=NOON)

    with pytest.raises(polls.BadVote, match="was removed"):
        polls.vote(poll, by=member, options=[graphs], now=NOON)
    assert not Ballot.objects.exists()
    assert Poll.objects.get().voter_count == 0


def test_a_poll_takes_votes_until_the_second_on_which_it_closes() -> None:
    post = make_poll(closes_at=NOON + timedelta(hours=1))
    member = make_vote(post, "Graphs", now=NOON + timedelta(seconds=3599))
    end = NOON + timedelta(hours=1)
    poll = visible_poll(member, post.pk, NOON)
    assert poll

    with pytest.raises(polls.PollClosed, match="This poll is closed"):
        make_vote(post, "Diffusion", by=member, now=end)
    with pytest.raises(polls.PollClosed):
        polls.take_back(poll, by=member, now=end)
    assert counts(post) == (1, {"Diffusion": 0, "Graphs": 1, "State spaces": 0})


def test_the_vote_of_a_deleted_account_stays_counted_without_its_name() -> None:
    post = make_poll()
    make_vote(post, "Graphs").delete()

    polls.recount_polls()

    assert counts(post)[0] == 1
    assert Ballot.objects.get().member is None


@pytest.mark.parametrize("way", ["single", "several", "ranked"])
def test_recounting_finds_what_the_actions_have_counted(way: str) -> None:
    post = make_poll(way=way)
    several = ("State spaces", "Graphs") if way != "single" else ("State spaces",)
    make_vote(post, *several)
    make_vote(post, "Graphs", by=make_member("Noor Haddad"))
    right = counts(post)
    make_poll(title="Another?")

    assert polls.recount_polls() == (0, 2)
    Poll.objects.filter(pk=post.pk).update(voter_count=9)
    PollOption.objects.filter(poll=post.pk).update(vote_count=7)
    assert polls.recount_polls() == (1, 2)
    assert counts(post) == right


def test_when_the_first_of_a_ranking_is_removed_the_next_counts() -> None:
    post = make_poll(way="ranked")
    member = make_vote(post, "Graphs", "State spaces")
    graphs = options_of(post)["Graphs"]

    polls.remove_option(post, by=make_moderator(), option=graphs, now=NOON)

    assert counts(post) == (1, {"Diffusion": 0, "State spaces": 1})
    make_vote(post, "Diffusion", by=member)
    assert counts(post) == (1, {"Diffusion": 1, "State spaces": 0})


def test_only_moderators_remove_an_option_with_votes() -> None:
    post = make_poll()
    graphs = options_of(post)["Graphs"]

    with pytest.raises(NotAllowed, match="Only moderators"):
        polls.remove_option(post, by=post.author, option=graphs, now=NOON)


def test_no_option_is_counted_where_none_was_chosen() -> None:
    assert voting._count(None, [], 1) == 0  # type: ignore[arg-type]
