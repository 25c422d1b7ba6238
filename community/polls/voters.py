"""Who chose an option of a poll whose votes are shown with names."""

from dataclasses import dataclass

from community.models import BallotChoice
from members.models import Member

ROWS = 50


@dataclass(frozen=True, slots=True)
class Voter:
    member: Member | None  # None for an account that was deleted
    place: int


@dataclass(frozen=True, slots=True)
class Voters:
    rows: list[Voter]
    after: int | None  # of the next page


def voters(option: int, *, after: int) -> Voters:
    """A page of voters in the order in which they chose. One query.

    The caller must know that the reader may see them.
    """
    choices = BallotChoice.objects.filter(option=option, pk__gt=after).order_by("pk")
    rows = list(choices.select_related("ballot__member")[: ROWS + 1])
    shown = rows[:ROWS]
    return Voters(
        [Voter(choice.ballot.member, choice.place) for choice in shown],
        shown[-1].pk if len(rows) > ROWS else None,
    )
