"""Counts the votes of a poll. Pure: it knows no Django.

A ranked poll is counted by instant run-off: every ballot counts for the option that it
places highest among those that are still in. An option with more than half of the votes
that still count wins. Otherwise the one with the fewest votes goes, and its votes move
to the next option of each ballot. Of several that are last together, the one goes that
had the fewest votes in the round before, or in the one before that. If they were always
equal, the one that was added last goes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Ballots = Mapping[tuple[int, ...], int]  # how many members chose each order of options


class Tie(StrEnum):
    """How it was decided which of several options that were last together goes."""

    NONE = ""
    BEFORE = "before"  # by the votes of a former round
    ADDED = "added"  # the one that was added last


@dataclass(frozen=True, slots=True)
class Round:
    """The votes of each option that is still in, in the order of the options. Either one
    of them wins or one goes.
    """

    votes: Mapping[int, int]
    won: int | None = None
    gone: int | None = None
    tie: Tie = Tie.NONE

    @property
    def counted(self) -> int:
        """The number of ballots that still count."""
        return sum(self.votes.values())


def run_off(ballots: Ballots, options: Sequence[int]) -> list[Round]:
    """The rounds of a ranked poll; none if nobody voted. The last one has a winner.

    `options` are in the order in which they were added. A ballot may name others, which
    were removed since: they do not count.
    """
    rounds: list[Round] = []
    inside = list(options)
    while inside:
        votes = _votes(ballots, inside)
        if not any(votes.values()):
            return rounds
        rounds.append(_round(votes, rounds))
        if rounds[-1].won is not None:
            return rounds
        inside = [option for option in inside if option != rounds[-1].gone]
    return rounds


def _votes(ballots: Ballots, inside: Sequence[int]) -> dict[int, int]:
    counted: Counter[int] = Counter()
    for order, times in ballots.items():
        first = next((option for option in order if option in inside), None)
        if first is not None:
            counted[first] += times
    return {option: counted[option] for option in inside}


def _round(votes: Mapping[int, int], earlier: Sequence[Round]) -> Round:
    best = max(votes, key=votes.__getitem__)
    if 2 * votes[best] > sum(votes.values()):
        return Round(votes, won=best)
    gone, tie = _last(votes, earlier)
    return Round(votes, gone=gone, tie=tie)


def _last(votes: Mapping[int, int], earlier: Sequence[Round]) -> tuple[int, Tie]:
    """The option that goes, and how that was decided."""
    last = _fewest(votes, votes)
    if len(last) == 1:
        return last[0], Tie.NONE
    for before in reversed(earlier):
        last = _fewest(last, before.votes)
        if len(last) == 1:
            return last[0], Tie.BEFORE
    return last[-1], Tie.ADDED


def _fewest(options: Iterable[int], votes: Mapping[int, int]) -> list[int]:
    """Those of `options` with the fewest votes, in their order."""
    among = list(options)
    fewest = min(votes[option] for option in among)
    return [option for option in among if votes[option] == fewest]


def shares(votes: Sequence[int]) -> list[int]:
    """What percentage each of these votes is of all of them. Together they make 100: of
    those that are rounded, the ones with the largest remainders are rounded up.
    """
    whole = sum(votes)
    if not whole:
        return [0] * len(votes)
    parts = [divmod(100 * each, whole) for each in votes]
    missing = 100 - sum(percent for percent, _rest in parts)
    by_rest = sorted(range(len(parts)), key=lambda nth: -parts[nth][1])
    up = set(by_rest[:missing])
    return [percent + (nth in up) for nth, (percent, _rest) in enumerate(parts)]


def share(votes: int, voters: int) -> int:
    """What percentage of the voters chose an option, if each may choose several."""
    return round(100 * votes / voters) if voters else 0
