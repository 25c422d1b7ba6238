"""What arXiv announced on one day, for one member: each paper once, without hidden ones."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lists.keyset import NumberCursor
from members.models import Member
from papers import readings, rows
from papers.days import KINDS, Days, Place, day_list
from papers.rows import Headline

PAGE = 30


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the reader filters by."""

    category: str = ""
    kind: str = ""
    after: str = ""
    without: frozenset[int] = frozenset()  # papers that stand elsewhere on the page


class HeadlineRow(NamedTuple):
    """A headline as one reader sees it."""

    paper: Headline
    is_kept: bool
    announced_as: str = ""  # the kind of the announcement
    place: str = ""  # “you” in the list for the reader; ids differ from the day's list
    why: str = ""  # words of the reader's step that it contains


@dataclass(frozen=True, slots=True)
class Headlines:
    """One page of a day's papers."""

    categories: tuple[str, ...]
    counts: dict[str, int]  # papers by kind, for the chosen category
    category: str
    kind: str
    papers: list[HeadlineRow]
    apart: list[HeadlineRow]
    # ids of the papers that stand elsewhere on the page, for the address of the next
    # page
    without: str
    elsewhere: int  # how many of the kind stand elsewhere on the page
    first_number: int
    more: str | None  # the cursor of the next page
    partial: tuple[str, ...]  # categories whose batch of the day is not whole

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def of_day(
    days: Days,
    *,
    member: Member,
    chosen: Chosen,
    apart: Mapping[int, str] | None = None,
    apart_max: int = 0,
) -> Headlines:
    """The papers of a day that the member did not hide, new ones first.

    One query, for the member's marks. The first request after a new batch, or for papers
    that are not cached, has some more.

    The first `apart_max` papers of `apart`, each with the words that say why, stand
    apart and not in the list when the day announced them.
    """
    marks = readings.marks(member, days.on)
    of_all = day_list(days, "")
    category = chosen.category if chosen.category in of_all.categories else ""
    day = day_list(days, category) if category else of_all
    listed = {kind: _without(marks.hidden, day.papers[kind]) for kind in KINDS}
    why = apart or {}
    seen = [pk for pk in why if pk in day.all and pk not in marks.hidden]
    stand_apart = seen[:apart_max]
    without = chosen.without.union(stand_apart)
    kind = chosen.kind if chosen.kind in KINDS else _first_kind(listed)
    rest = _without(without, listed[kind])
    page = _after(rest, chosen.after)
    shown = [pk for _position, pk in page[:PAGE]]
    papers = rows.headlines([*shown, *stand_apart])
    announced_as = day.announced_as[kind]

    def row(pk: int, place: str = "") -> HeadlineRow:
        words = why.get(pk, "") if place else ""
        is_kept = pk in marks.kept
        return HeadlineRow(papers[pk], is_kept, announced_as.get(pk, ""), place, words)

    return Headlines(
        categories=of_all.categories,
        counts={kind: len(listed[kind]) for kind in KINDS},
        category=category,
        kind=kind,
        papers=[row(pk) for pk in shown if pk in papers],
        apart=[row(pk, "you") for pk in stand_apart if pk in papers],
        without=",".join(map(str, sorted(without))),
        elsewhere=len(listed[kind]) - len(rest),
        first_number=len(rest) - len(page) + 1,
        more=str(NumberCursor(*page[PAGE - 1])) if len(page) > PAGE else None,
        partial=of_all.partial,
    )


def _first_kind(listed: Mapping[str, Sequence[Place]]) -> str:
    return next((kind for kind in KINDS if listed[kind]), "new")


def _without(pks: Collection[int], listed: Sequence[Place]) -> Sequence[Place]:
    if not pks:
        return listed
    return [place for place in listed if place[1] not in pks]


def _after(listed: Sequence[Place], cursor: str) -> Sequence[Place]:
    """What follows the last one shown; all for a cursor that cannot be read."""
    last = NumberCursor.parse(cursor)
    if last is None:
        return listed
    return listed[bisect_right(listed, (last.number, last.pk)) :]
