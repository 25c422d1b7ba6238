"""The rounds of a ranked poll: stored when it closes, shown with a sentence for each that
says why an option wins or goes.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import BallotChoice, Poll, PollOption
from community.polls.counting import Ballots, Round, Tie, run_off

AT_ONCE = 2_000  # rows that are read from the database


@dataclass(frozen=True, slots=True)
class TallyRow:
    """The votes of one option in one round."""

    name: str
    votes: int
    gained: int
    percent: int  # of all who voted
    won: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class ShownRound:
    number: int
    why: str
    rows: list[TallyRow]


def count(poll: Poll) -> list[Round]:
    """Count a ranked poll. Two queries; the ballots are read in pieces, and equal ones
    are kept once.
    """
    options = poll.options.filter(removed_at=None).order_by("position")
    return run_off(_ballots(poll), list(options.values_list("pk", flat=True)))


def _ballots(poll: Poll) -> Ballots:
    choices = BallotChoice.objects.filter(ballot__poll=poll).order_by("ballot", "place")
    rows = choices.values_list("ballot_id", "option_id").iterator(chunk_size=AT_ONCE)
    orders: Counter[tuple[int, ...]] = Counter()
    for _ballot, chosen in groupby(rows, key=lambda row: row[0]):
        orders[tuple(option for _pk, option in chosen)] += 1
    return orders


def stored(rounds: Sequence[Round]) -> list[dict[str, Any]]:
    """The rounds as JSON, whose objects have text as keys."""
    return [asdict(each) | {"votes": list(each.votes.items())} for each in rounds]


def read(rows: Sequence[Mapping[str, Any]]) -> list[Round]:
    """The rounds from what `stored` gave."""
    return [
        Round(dict(row["votes"]), row["won"], row["gone"], Tie(row["tie"]))
        for row in rows
    ]


def shown_rounds(pk: int) -> list[ShownRound]:
    """The rounds of a closed ranked poll; none of another one. Two queries."""
    kept = Poll.objects.filter(pk=pk).values_list("rounds", flat=True).first()
    if not kept:
        return []
    rounds = read(kept)
    options = PollOption.objects.filter(poll=pk, removed_at=None)
    names = defaultdict(
        lambda: _("a removed option"), options.values_list("pk", "name")
    )
    before: list[Round | None] = [None, *rounds[:-1]]
    pairs = zip(before, rounds, strict=True)
    return [
        ShownRound(
            number, _why(earlier, each, names), _rows(rounds[0], earlier, each, names)
        )
        for number, (earlier, each) in enumerate(pairs, 1)
    ]


def _rows(
    first: Round, before: Round | None, each: Round, names: Mapping[int, str]
) -> list[TallyRow]:
    """Most votes first; of equal ones, the one that was added first."""
    ordered = sorted(each.votes.items(), key=lambda pair: -pair[1])
    return [
        TallyRow(
            name=names[pk],
            votes=votes,
            gained=votes - before.votes[pk] if before else 0,
            percent=round(100 * votes / first.counted),
            won=pk == each.won,
            gone=pk == each.gone,
        )
        for pk, votes in ordered
    ]


def _why(before: Round | None, each: Round, names: Mapping[int, str]) -> str:
    """Such as “Adam’s 9 votes move on; 1 named nothing else. Nobody has more than half.
    Normalization is last and goes.”
    """
    parts = [_moved(before, each, names)] if before else []
    return " ".join([*parts, _decided(each, names)])


def _moved(before: Round, each: Round, names: Mapping[int, str]) -> str:
    assert before.gone is not None
    freed = before.votes[before.gone]
    name = names[before.gone]
    if not freed:
        return _("Nobody had placed “%(name)s” first.") % {"name": name}
    sentence = ngettext(
        "The vote for “%(name)s” moves on.",
        "The %(n)s votes for “%(name)s” move on.",
        freed,
    ) % {"n": freed, "name": name}
    spent = before.counted - each.counted
    if not spent:
        return sentence
    rest = ngettext(
        "%(n)s of them names nothing else that is still in.",
        "%(n)s of them name nothing else that is still in.",
        spent,
    )
    return f"{sentence} {rest % {'n': spent}}"


def _decided(each: Round, names: Mapping[int, str]) -> str:
    if each.won is not None:
        return _("%(votes)s of %(all)s is more than half: “%(name)s” wins.") % {
            "votes": each.votes[each.won],
            "all": each.counted,
            "name": names[each.won],
        }
    assert each.gone is not None
    return _WHY_GONE[each.tie]() % {"name": names[each.gone]}


_WHY_GONE = {
    Tie.NONE: lambda: _("Nobody has more than half. “%(name)s” is last and goes."),
    Tie.BEFORE: lambda: _(
        "Nobody has more than half. Several are last; “%(name)s” had fewer votes in an "
        "earlier round and goes."
    ),
    Tie.ADDED: lambda: _(
        "Nobody has more than half. Several are last and were always equal; “%(name)s” "
        "was added last and goes."
    ),
}
