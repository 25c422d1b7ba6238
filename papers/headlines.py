"""What arXiv announced on one day, for one member: each paper once, what she hid left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q, QuerySet

from lists import keyset
from lists.kept import Kept
from lists.keyset import Cursor, NumberCursor
from members.audience import EVERYBODY
from members.models import Member
from papers.models import Announcement, Batch, Paper, Reading

PAGE = 30
# by day and newest batch
ANNOUNCED = Kept[list[tuple[int, str, str, int, bool]]](seconds=60, most=20)
READING_LIST, READING_PAGE = 8, 50
KINDS = ("new", "cross", "replace")
_GROUP = {
    "new": "new",
    "cross": "cross",
    "replace": "replace",
    "replace-cross": "replace",
}


@dataclass(frozen=True, slots=True)
class Days:
    """An announcement day and its neighbours."""

    on: date
    previous: date | None
    next: date | None
    last_batch: int  # changes with every batch that arrives for the day


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the reader filters by."""

    category: str = ""
    kind: str = ""
    after: str = ""
    without: frozenset[int] = frozenset()  # papers that stand elsewhere on the page


@dataclass(frozen=True, slots=True)
class Headlines:
    """One page of a day's papers. Each paper has `kept`."""

    categories: tuple[str, ...]
    counts: dict[str, int]  # papers by kind, for the chosen category
    category: str
    kind: str
    papers: list[Paper]
    apart: list[Paper]
    # ids of the papers that stand elsewhere on the page, for the address of the next
    # page
    without: str
    first_number: int
    more: str | None  # the cursor of the next page
    partial: tuple[str, ...]  # categories whose batch of the day is not whole

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def newest_days() -> Days | None:
    """The newest day that arXiv announced papers on; None before the first harvest. One query."""
    days = (
        Batch.objects.values("announced_on")
        .annotate(last=Max("pk"))
        .order_by("-announced_on")[:2]
    )
    found = [(row["announced_on"], row["last"]) for row in days]
    if not found:
        return None
    (newest, last_batch), *before = found
    return Days(newest, before[0][0] if before else None, None, last_batch)


def days_around(day: date) -> Days | None:
    """That day and its neighbours; None when nothing was announced on it. One query."""
    found = Batch.objects.aggregate(
        last=Max("pk", filter=Q(announced_on=day)),
        previous=Max("announced_on", filter=Q(announced_on__lt=day)),
        next=Min("announced_on", filter=Q(announced_on__gt=day)),
    )
    return (
        Days(day, found["previous"], found["next"], found["last"])
        if found["last"]
        else None
    )


def of_day(
    days: Days,
    *,
    member: Member,
    chosen: Chosen,
    apart: Sequence[int] = (),
    apart_max: int = 0,
) -> Headlines:
    """The papers of a day that the member did not hide, new ones first.

    Two queries: what she hid, the papers shown. The first who asks after a batch has
    come asks one more.

    The first `apart_max` papers of `apart` that are among them stand apart, and not in
    the list.
    """
    hidden = _hidden(member, days.on)
    rows = [row for row in _announced(days) if row[0] not in hidden]
    categories = tuple(sorted({row[2] for row in rows}))
    category = chosen.category if chosen.category in categories else ""
    by_kind = _by_kind([row for row in rows if not category or row[2] == category])
    counts = {kind: len(by_kind[kind]) for kind in KINDS}
    announced = {row[0] for row in rows}
    stand_apart = [pk for pk in apart if pk in announced][:apart_max]
    without = chosen.without.union(stand_apart)
    kind = (
        chosen.kind
        if chosen.kind in KINDS
        else next((kind for kind in KINDS if counts[kind]), "new")
    )
    listed = [key for key in by_kind[kind] if key[1] not in without]
    rest = [key for key in listed if key > _last_shown(chosen.after)]
    shown = [paper for _, paper in rest[:PAGE]]
    papers = (
        Paper.objects.for_lists()
        .with_reading_of(member)
        .in_bulk({*shown, *stand_apart})
    )
    # Backwards by name, so that a replacement at home counts before one of a
    # cross-list.
    kinds = dict(
        sorted(
            ((row[0], row[1]) for row in rows if _GROUP[row[1]] == kind), reverse=True
        )
    )
    for pk, paper in papers.items():
        paper.announced_as = kinds.get(pk, "")
    return Headlines(
        categories=categories,
        counts=counts,
        category=category,
        kind=kind,
        papers=[papers[pk] for pk in shown if pk in papers],
        apart=[papers[pk] for pk in stand_apart if pk in papers],
        without=",".join(map(str, sorted(without))),
        first_number=len(listed) - len(rest) + 1,
        more=str(NumberCursor(*rest[PAGE - 1])) if len(rest) > PAGE else None,
        partial=tuple(sorted({row[2] for row in rows if row[4]})),
    )


def reading_list(member: Member) -> list[Reading]:
    """The newest of what the member keeps; one more than READING_LIST when there are
    more. One query.
    """
    return list(_kept(member)[: READING_LIST + 1])


def reading_page(member: Member, *, before: Cursor | None) -> list[Reading]:
    """What the member keeps, newest first; one more than READING_PAGE when there are
    more. One query.
    """
    kept = _kept(member)
    if before:
        kept = keyset.before(kept, "kept_at", before.moment, before.pk)
    return list(kept[: READING_PAGE + 1])


def _announced(days: Days) -> list[tuple[int, str, str, int, bool]]:
    """(paper, kind, category, position, whether the batch is partial) of each
    announcement of the day. The same for all readers: a day has up to 2,000.
    """
    names = ("paper_id", "kind", "batch__category", "position", "batch__partial")
    of_day = Announcement.objects.filter(batch__announced_on=days.on)
    return ANNOUNCED.get(
        EVERYBODY,
        days.on,
        days.last_batch,
        ask=lambda: list(of_day.values_list(*names)),
    )


def _hidden(member: Member, day: date) -> set[int]:
    readings = Reading.objects.filter(member=member, hidden_at__isnull=False)
    of_day = readings.filter(paper__announcements__batch__announced_on=day)
    return set(of_day.values_list("paper_id", flat=True))


def _kept(member: Member) -> QuerySet[Reading]:
    kept = Reading.objects.filter(member=member, kept_at__isnull=False).select_related(
        "paper"
    )
    return kept.defer(
        "paper__abstract", "paper__abstract_html", "paper__categories"
    ).order_by("-kept_at", "-pk")


def _by_kind(
    rows: list[tuple[int, str, str, int, bool]],
) -> dict[str, list[tuple[int, int]]]:
    """(position, paper) in order, each paper once: as new when any category announced
    it as new, and so on.
    """
    best: dict[int, tuple[int, int]] = {}
    for paper, kind, _category, position, _partial in rows:
        key = (KINDS.index(_GROUP[kind]), position)
        if paper not in best or key < best[paper]:
            best[paper] = key
    found: dict[str, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
    for paper, (nth, position) in best.items():
        found[KINDS[nth]].append((position, paper))
    return {kind: sorted(keys) for kind, keys in found.items()}


def _last_shown(text: str) -> tuple[int, int]:
    """(position, paper) of the last one shown; before everything for anything else."""
    cursor = NumberCursor.parse(text)
    return (cursor.number, cursor.pk) if cursor else (-1, -1)
