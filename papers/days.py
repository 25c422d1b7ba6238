"""Announcement days: their neighbours, and which papers were announced. The same for
every reader.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Max, OuterRef, Subquery

from lists.cache import TimedCache
from lists.statement import Statement
from members.audience import EVERYBODY
from papers.models import Announcement, Batch

KINDS = ("new", "cross", "replace")
_GROUP = {
    "new": "new",
    "cross": "cross",
    "replace": "replace",
    "replace-cross": "replace",
}
Place = tuple[int, int]  # position and paper, the order of a list


@dataclass(frozen=True, slots=True)
class Days:
    """An announcement day and its neighbours."""

    on: date
    previous: date | None
    next: date | None
    last_batch: int  # changes with every batch that arrives for the day


class _Newest(NamedTuple):
    announced_on: date
    last: int


class _Around(NamedTuple):
    pk: int
    previous: date | None
    next: date | None


NEWEST = Statement(
    _Newest,
    lambda: (
        Batch.objects.values("announced_on")
        .annotate(last=Max("pk"))
        .order_by("-announced_on")
        .values_list("announced_on", "last")[:2]
    ),
)
AROUND = Statement(
    _Around,
    lambda day: (
        Batch.objects.filter(announced_on=day)
        .annotate(previous=_neighbour("lt", "-announced_on"))
        .annotate(next=_neighbour("gt", "announced_on"))
        .order_by("-pk")
        .values_list("pk", "previous", "next")[:1]
    ),
    day=date,
)


def _neighbour(lookup: str, order: str) -> Subquery:
    days = Batch.objects.filter((f"announced_on__{lookup}", OuterRef("announced_on")))
    return Subquery(days.order_by(order).values("announced_on")[:1])


def newest_days() -> Days | None:
    """The newest day that arXiv announced papers on; None before the first harvest. One query."""
    found = NEWEST()
    if not found:
        return None
    newest, *before = found
    previous = before[0].announced_on if before else None
    return Days(newest.announced_on, previous, None, newest.last)


def days_around(day: date) -> Days | None:
    """That day and its neighbours; None when nothing was announced on it. One query."""
    found = AROUND.first(day=day)
    if found is None:
        return None
    return Days(day, found.previous, found.next, found.pk)


# What a day announced, the same for every reader


class _Announced(NamedTuple):
    paper_id: int
    kind: str
    batch_category: str
    position: int
    batch_partial: bool


@dataclass(frozen=True, slots=True)
class DayList:
    """A day's papers in order, of one category or of all; each paper once."""

    categories: tuple[str, ...]  # of the day
    partial: tuple[str, ...]
    papers: Mapping[str, Sequence[Place]]  # by kind
    announced_as: Mapping[str, Mapping[int, str]]  # by kind: how each was announced
    all: frozenset[int]


ANNOUNCED = Statement(
    _Announced,
    lambda day: Announcement.objects.filter(batch__announced_on=day).values_list(
        "paper_id", "kind", "batch__category", "position", "batch__partial"
    ),
    day=date,
)
# by day and newest batch: all rows of a day, up to 2,000
ROWS = TimedCache[list[_Announced]](seconds=60, most=20)
# by day, newest batch and category
LISTS = TimedCache[DayList](seconds=60, most=100)


def day_list(days: Days, category: str) -> DayList:
    """The papers of a category of the day, or of all for "". No query, but for the
    first who asks after a batch has come.
    """
    key = (days.on, days.last_batch)

    def ask() -> DayList:
        rows = ROWS.get(EVERYBODY, *key, ask=lambda: ANNOUNCED(day=days.on))
        return _ordered(rows, category)

    return LISTS.get(EVERYBODY, *key, category, ask=ask)


def _ordered(rows: Sequence[_Announced], category: str) -> DayList:
    of_category = [row for row in rows if category in ("", row.batch_category)]
    announced_as: dict[str, dict[int, str]] = {kind: {} for kind in KINDS}
    # Backwards by name, so that a replacement in its own category counts before one of a
    # cross-list.
    for row in sorted(rows, key=lambda row: row.kind, reverse=True):
        announced_as[_GROUP[row.kind]][row.paper_id] = row.kind
    return DayList(
        categories=tuple(sorted({row.batch_category for row in rows})),
        partial=tuple(
            sorted({row.batch_category for row in rows if row.batch_partial})
        ),
        papers=_by_kind(of_category),
        announced_as=announced_as,
        all=frozenset(row.paper_id for row in of_category),
    )


def _by_kind(rows: Iterable[_Announced]) -> dict[str, list[Place]]:
    """(position, paper) in order, each paper once: as new when any category announced
    it as new, and so on.
    """
    best: dict[int, tuple[int, int]] = {}
    for row in rows:
        key = (KINDS.index(_GROUP[row.kind]), row.position)
        if row.paper_id not in best or key < best[row.paper_id]:
            best[row.paper_id] = key
    found: dict[str, list[Place]] = {kind: [] for kind in KINDS}
    for paper, (nth, position) in best.items():
        found[KINDS[nth]].append((position, paper))
    return {kind: sorted(keys) for kind, keys in found.items()}
