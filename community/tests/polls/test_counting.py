"""Counting of votes: known elections, and what holds for all of them."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from community.polls.counting import Ballots, Round, Tie, run_off, share, shares

A, B, C, D = 1, 2, 3, 4
OPTIONS = [A, B, C, D]
orders = st.lists(st.sampled_from(OPTIONS), unique=True, min_size=1).map(tuple)
elections = st.dictionaries(orders, st.integers(1, 9), max_size=8)


def test_more_than_half_wins_at_once() -> None:
    assert run_off({(A, B): 3, (B,): 2}, [A, B]) == [Round({A: 3, B: 2}, won=A)]


def test_the_votes_of_the_last_move_to_the_next_on_each_ballot() -> None:
    """Tennessee chooses its capital, an example in many textbooks: Memphis has the most
    first places, and Knoxville wins in the second round.
    """
    memphis, nashville, chattanooga, knoxville = 1, 2, 3, 4
    ballots: Ballots = {
        (memphis, nashville, chattanooga, knoxville): 42,
        (nashville, chattanooga, knoxville, memphis): 26,
        (chattanooga, knoxville, nashville, memphis): 15,
        (knoxville, chattanooga, nashville, memphis): 17,
    }

    assert run_off(ballots, [memphis, nashville, chattanooga, knoxville]) == [
        Round({1: 42, 2: 26, 3: 15, 4: 17}, gone=chattanooga),
        Round({1: 42, 2: 26, 4: 32}, gone=nashville),
        Round({1: 42, 4: 58}, won=knoxville),
    ]


def test_a_ballot_that_names_nothing_else_no_longer_counts() -> None:
    rounds = run_off({(A,): 4, (B, A): 3, (C,): 2}, [A, B, C])

    assert rounds == [
        Round({A: 4, B: 3, C: 2}, gone=C),
        Round({A: 4, B: 3}, won=A),
    ]
    assert [each.counted for each in rounds] == [9, 7]


def test_of_two_that_are_last_the_one_with_fewer_votes_before_goes() -> None:
    ballots: Ballots = {(A,): 6, (B,): 5, (C,): 4, (D, C): 1}

    first, second, third = run_off(ballots, OPTIONS)

    assert (first.gone, first.tie) == (D, Tie.NONE)
    assert second.votes == {A: 6, B: 5, C: 5}
    assert (second.gone, second.tie) == (C, Tie.BEFORE)
    assert third.won == A


def test_of_two_that_were_always_equal_the_one_that_was_added_last_goes() -> None:
    assert run_off({(A,): 2, (B,): 2}, [A, B]) == [
        Round({A: 2, B: 2}, gone=B, tie=Tie.ADDED),
        Round({A: 2}, won=A),
    ]
    assert run_off({(A,): 2, (B,): 2}, [B, A])[-1].won == B


def test_an_option_that_was_removed_does_not_count() -> None:
    assert run_off({(C, B): 2, (A,): 1, (C,): 5}, [A, B]) == [
        Round({A: 1, B: 2}, won=B)
    ]


def test_without_votes_nobody_wins() -> None:
    assert run_off({}, OPTIONS) == []
    assert run_off({(A,): 1}, []) == []
    assert run_off({(C,): 1}, [A, B]) == []


@given(elections)
def test_every_poll_with_votes_has_one_winner_after_at_most_all_rounds(
    ballots: Ballots,
) -> None:
    rounds = run_off(ballots, OPTIONS)

    assert bool(rounds) == bool(ballots)
    assert len(rounds) <= len(OPTIONS)
    assert [each.won is not None for each in rounds] == [
        *[False] * (len(rounds) - 1),
        *[True] * bool(rounds),
    ]
    assert all((each.won is None) != (each.gone is None) for each in rounds)


@given(elections)
def test_votes_only_move_from_what_goes_and_none_are_made(ballots: Ballots) -> None:
    rounds = run_off(ballots, OPTIONS)

    if rounds:
        assert rounds[0].counted == sum(ballots.values())
    for before, after in pairwise(rounds):
        assert before.gone is not None
        gained = {each: after.votes[each] - before.votes[each] for each in after.votes}
        assert before.votes.keys() - after.votes.keys() == {before.gone}
        assert all(more >= 0 for more in gained.values())
        assert sum(gained.values()) <= before.votes[before.gone]


@given(elections)
def test_who_goes_had_the_fewest_votes_and_who_wins_more_than_half(
    ballots: Ballots,
) -> None:
    for each in run_off(ballots, OPTIONS):
        if each.gone is not None:
            assert each.votes[each.gone] == min(each.votes.values())
        if each.won is not None:
            assert 2 * each.votes[each.won] > each.counted


@given(elections)
def test_more_than_half_of_all_first_places_always_wins(ballots: Ballots) -> None:
    firsts: Counter[int] = Counter()
    for order, times in ballots.items():
        firsts[order[0]] += times
    for option, votes in firsts.items():
        if 2 * votes > firsts.total():
            [only] = run_off(ballots, OPTIONS)
            assert only.won == option


@given(elections, st.randoms(use_true_random=False))
def test_the_order_in_which_ballots_are_read_changes_nothing(ballots, random) -> None:
    shuffled = list(ballots.items())
    random.shuffle(shuffled)

    assert run_off(dict(shuffled), OPTIONS) == run_off(ballots, OPTIONS)


@given(elections, st.sampled_from(OPTIONS))
def test_one_more_ballot_with_the_winner_alone_never_makes_another_win(
    ballots: Ballots, option: int
) -> None:
    """True for a ballot that names nothing else; instant run-off does not promise more."""
    rounds = run_off(ballots, OPTIONS)
    if not rounds or rounds[-1].won != option:
        return
    more = {**ballots, (option,): ballots.get((option,), 0) + 1}

    assert run_off(more, OPTIONS)[-1].won == option


@given(st.lists(st.integers(0, 10_000), max_size=12))
def test_shares_make_100_and_are_less_than_one_percent_wrong(votes: list[int]) -> None:
    percent = shares(votes)

    whole = sum(votes)
    assert sum(percent) == (100 if whole else 0)
    assert len(percent) == len(votes)
    if whole:
        pairs = zip(percent, votes, strict=True)
        assert all(abs(shown - 100 * each / whole) < 1 for shown, each in pairs)


@given(st.lists(st.integers(0, 50), max_size=12))
def test_more_votes_never_have_a_smaller_share(votes: list[int]) -> None:
    pairs = sorted(zip(votes, shares(votes), strict=True))

    assert [each for _votes, each in pairs] == sorted(each for _v, each in pairs)


def test_the_share_of_those_who_voted() -> None:
    assert (share(1, 3), share(3, 3), share(0, 3), share(0, 0)) == (33, 100, 0, 0)
