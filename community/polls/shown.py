"""Polls as lists and pages show them to one reader: plain values, without the votes that
the reader may not see yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from community.kinds.poll import MOST_OPTIONS
from community.models import Ballot, BallotChoice, Poll, PollOption, Post
from community.models.polls import is_open_at
from community.polls.counting import share, shares
from config.values import BIGGEST
from lists.arguments import Several
from lists.statement import Statement
from look.times import in_reader_zone
from members.models import Member

MOST_POLLS = 20  # that one statement reads
# The columns of an option and its poll, in the order of `ReadOption`.
COLUMNS = [
    *"poll_id pk name vote_count added_by__name".split(),
    *(
        f"poll__{name}"
        for name in (
            *("way", "results", "is_named", "may_add", "closes_at", "closed_at"),
            *("voter_count", "removed_count", "won_id"),
        )
    ),
    "has_voted",
    "my_place",
]


class ReadOption(NamedTuple):
    poll_id: int
    pk: int
    name: str
    vote_count: int
    added_by_name: str | None
    poll_way: str
    poll_results: str
    poll_is_named: bool
    poll_may_add: bool
    poll_closes_at: datetime | None
    poll_closed_at: datetime | None
    poll_voter_count: int
    poll_removed_count: int
    poll_won_id: int | None
    has_voted: bool
    my_place: int | None


class ShownOption(NamedTuple):
    """An option for one reader. `votes` is None where the reader does not see them."""

    pk: int
    name: str
    added_by: str
    place: int | None  # that the reader gave; 1 for what they chose without a ranking
    votes: int | None = None
    percent: int = 0
    won: bool = False


class ShownPoll(NamedTuple):
    """A poll for one reader, with the options that were not removed."""

    pk: int
    way: str
    results: str
    is_named: bool
    may_add: bool
    is_open: bool
    closes: str  # when, in words and in the reader's zone; empty if nobody set it
    voters: int
    has_voted: bool
    shows_votes: bool
    is_counted: bool  # a ranking, when its rounds are known
    removed: int  # options, after somebody had voted
    options: tuple[ShownOption, ...]

    @property
    def is_ranked(self) -> bool:
        return self.way == Poll.Way.RANKED

    @property
    def takes_several(self) -> bool:
        return self.way == Poll.Way.SEVERAL

    @property
    def room(self) -> int:
        """How many options may still be added."""
        return MOST_OPTIONS - len(self.options)

    @property
    def may_look(self) -> bool:
        """Whether the reader may ask for the votes before voting."""
        return self.results == Poll.VotesShown.BEFORE and not self.shows_votes

    @property
    def chosen(self) -> list[str]:
        """The names of what the reader chose, a ranking in its order."""
        mine = [option for option in self.options if option.place]
        return [each.name for each in sorted(mine, key=lambda each: each.place or 0)]

    @property
    def winners(self) -> list[str]:
        return [option.name for option in self.options if option.won]

    @property
    def is_tied(self) -> bool:
        """Whether several options have the most votes. Of a ranked poll one wins: its
        rounds say how a tie was decided.
        """
        return len(self.winners) > 1

    def typed(self, places: Mapping[int, int]) -> "ShownPoll":
        """With what was chosen in a form in place of what is stored."""
        options = (each._replace(place=places.get(each.pk)) for each in self.options)
        return self._replace(options=tuple(options))


def _options(member: Member, chosen: "QuerySet[PollOption]") -> QuerySet[Any, Any]:
    """The options that were not removed, with what the member chose."""
    ballots = Ballot.objects.filter(poll=OuterRef("poll"), member=member)
    # The poll is named once more: the database then finds the member's one ballot, and
    # does not look through all that chose the option.
    choices = BallotChoice.objects.filter(
        option=OuterRef("pk"), ballot__poll=OuterRef("poll"), ballot__member=member
    )
    annotated = chosen.filter(removed_at=None).annotate(
        has_voted=Exists(ballots), my_place=Subquery(choices.values("place")[:1])
    )
    return annotated.order_by("poll", "position").values_list(*COLUMNS)


_OF_POSTS = Statement(
    ReadOption,
    lambda member, posts: _options(member, PollOption.objects.filter(poll__in=posts)),
    member=Member,
    posts=Several(int, MOST_POLLS),
)
_OF_POST = Statement(
    ReadOption,
    lambda member, post: _options(member, PollOption.objects.filter(poll=post)),
    member=Member,
    post=int,
)
_VISIBLE = Statement(
    ReadOption,
    lambda member, pk: _of_some(member, Post.objects.visible_to(member).filter(pk=pk)),
    member=Member,
    pk=int,
)
_OPENED = Statement(
    ReadOption,
    lambda member, pk: _of_some(
        member,
        Post.objects.visible_to(member)
        .filter(pk=pk)
        .with_closed(member)
        .filter(Q(author=member) | Q(is_closed=False)),
    ),
    member=Member,
    pk=int,
)


def _of_some(member: Member, posts: "QuerySet[Post]") -> QuerySet[Any, Any]:
    polls = PollOption.objects.filter(poll__in=posts.values("pk"))
    return _options(member, polls)


def polls_of(
    posts: Sequence[int], reader: Member, now: datetime
) -> dict[int, ShownPoll]:
    """The polls of these posts, which `reader` may see. One query for 20 posts."""
    shown: dict[int, ShownPoll] = {}
    for begin in range(0, len(posts), MOST_POLLS):
        some = posts[begin : begin + MOST_POLLS]
        shown |= _shown(_OF_POSTS(member=reader, posts=some), now)
    return shown


def poll_of(
    post: int, reader: Member, now: datetime, *, looks: bool
) -> ShownPoll | None:
    """The poll of a post that `reader` may see, None if it is missing. `looks`: the reader
    asks for the votes before voting. One query.
    """
    rows = _OF_POST(member=reader, post=post)
    return _poll(rows, now, looks=looks) if rows else None


def visible_poll(reader: Member, pk: int, now: datetime) -> ShownPoll | None:
    """The poll of one post; None if there is none or `reader` may not see it. One query."""
    if pk > BIGGEST:  # a URL may hold a number that is too large for the column
        return None
    return _shown(_VISIBLE(member=reader, pk=pk), now).get(pk)


def opened_poll(reader: Member, pk: int, now: datetime) -> ShownPoll | None:
    """The same where nothing can be folded for `reader`; None for other polls, which
    `community.folding` decides. One query.
    """
    if pk > BIGGEST:
        return None
    return _shown(_OPENED(member=reader, pk=pk), now).get(pk)


def _shown(rows: Iterable[ReadOption], now: datetime) -> dict[int, ShownPoll]:
    polls = groupby(rows, key=lambda row: row.poll_id)
    return {pk: _poll(list(options), now, looks=False) for pk, options in polls}


def _poll(rows: Sequence[ReadOption], now: datetime, *, looks: bool) -> ShownPoll:
    first = rows[0]
    is_open = is_open_at(now, first.poll_closes_at, first.poll_closed_at)
    shows_votes = not is_open or _sees_votes(first, looks=looks)
    return ShownPoll(
        pk=first.poll_id,
        way=first.poll_way,
        results=first.poll_results,
        is_named=first.poll_is_named,
        may_add=first.poll_may_add,
        is_open=is_open,
        closes=closing_time(ends_at(first.poll_closes_at, first.poll_closed_at), now),
        voters=first.poll_voter_count,
        has_voted=first.has_voted,
        shows_votes=shows_votes,
        is_counted=first.poll_won_id is not None,
        removed=first.poll_removed_count,
        options=tuple(_counted(rows, is_open) if shows_votes else _bare(rows)),
    )


def _sees_votes(row: ReadOption, *, looks: bool) -> bool:
    """Whether the reader sees the votes of a poll that is open."""
    if row.poll_results == Poll.VotesShown.CLOSED:
        return False
    return row.has_voted or (looks and row.poll_results == Poll.VotesShown.BEFORE)


def _bare(rows: Iterable[ReadOption]) -> list[ShownOption]:
    return [
        ShownOption(row.pk, row.name, row.added_by_name or "", row.my_place)
        for row in rows
    ]


def _counted(rows: Sequence[ReadOption], is_open: bool) -> list[ShownOption]:
    percents = _percents(rows)
    best = _best(rows)
    return [
        option._replace(
            votes=row.vote_count,
            percent=percent,
            won=not is_open and row.pk in best,
        )
        for option, row, percent in zip(_bare(rows), rows, percents, strict=True)
    ]


def _percents(rows: Sequence[ReadOption]) -> list[int]:
    if rows and rows[0].poll_way == Poll.Way.SEVERAL:
        return [share(row.vote_count, row.poll_voter_count) for row in rows]
    return shares([row.vote_count for row in rows])


def _best(rows: Sequence[ReadOption]) -> set[int | None]:
    """The options with the most votes; of a ranked poll the one that won."""
    if rows and rows[0].poll_way == Poll.Way.RANKED:
        return {rows[0].poll_won_id}
    most = max((row.vote_count for row in rows), default=0)
    return {row.pk for row in rows if most and row.vote_count == most}


def ends_at(closes_at: datetime | None, closed_at: datetime | None) -> datetime | None:
    """When the poll stops or stopped to take votes. The tick closes it a little later."""
    return min(filter(None, (closes_at, closed_at)), default=None)


def closing_time(moment: datetime | None, now: datetime) -> str:
    """Such as “Sunday 22 November, 18:00”, in the reader's zone."""
    if moment is None:
        return ""
    style = "l j F, H:i" if abs((moment - now).days) < 180 else "j F Y, H:i"
    return in_reader_zone(moment, style)
