"""What arXiv announced on one day, for one member: each paper once, what she hid left out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from members.models import Member
from papers.models import Announcement, Batch, Paper, Reading

PAGE = 30
READING_LIST, READING_PAGE = 8, 50
KINDS = ("new", "cross", "replace")
_GROUP = {"new": "new", "cross": "cross", "replace": "replace", "replace-cross": "replace"}


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


@dataclass(frozen=True, slots=True)
class Headlines:
    """One page of a day's papers. Each paper has `kept`; `others` are those that were asked for beside."""

    categories: tuple[str, ...]
    counts: dict[str, int]  # papers by kind, for the chosen category
    category: str
    kind: str
    papers: list[Paper]
    first_number: int
    more: str | None  # the cursor of the next page
    others: dict[int, Paper]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def newest_days() -> Days | None:
    """The newest day that arXiv announced papers on; None before the first harvest. One query."""
    days = Batch.objects.values("announced_on").annotate(last=Max("pk")).order_by("-announced_on")[:2]
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
    return Days(day, found["previous"], found["next"], found["last"]) if found["last"] else None


def of_day(day: date, *, member: Member, chosen: Chosen, beside: Collection[int] = ()) -> Headlines:
    """The papers of a day that the member did not hide, new ones first, and the papers `beside`. Two queries."""
    hidden = Reading.objects.filter(member=member, paper=OuterRef("paper"), hidden_at__isnull=False)
    rows = list(
        Announcement.objects.filter(batch__announced_on=day)
        .exclude(Exists(hidden))
        .values_list("paper_id", "kind", "batch__category", "position")
    )
    categories = tuple(sorted({category for _, _, category, _ in rows}))
    category = chosen.category if chosen.category in categories else ""
    by_kind = _by_kind([row for row in rows if not category or row[2] == category])
    counts = {kind: len(by_kind[kind]) for kind in KINDS}
    kind = chosen.kind if chosen.kind in KINDS else next((kind for kind in KINDS if counts[kind]), "new")
    rest = [key for key in by_kind[kind] if key > _cursor(chosen.after)]
    shown = [paper for _, paper in rest[:PAGE]]
    papers = Paper.objects.for_lists().with_reading_of(member).in_bulk({*shown, *beside})
    return Headlines(
        categories=categories,
        counts=counts,
        category=category,
        kind=kind,
        papers=[papers[pk] for pk in shown if pk in papers],
        first_number=counts[kind] - len(rest) + 1,
        more=f"{rest[PAGE - 1][0]}.{rest[PAGE - 1][1]}" if len(rest) > PAGE else None,
        others={pk: papers[pk] for pk in beside if pk in papers},
    )


def reading_list(member: Member) -> list[Reading]:
    """The newest of what the member keeps; one more than READING_LIST when there are more. One query."""
    return list(_kept(member)[: READING_LIST + 1])


def reading_page(member: Member, *, before: datetime | None) -> list[Reading]:
    """What the member keeps, newest first; one more than READING_PAGE when there are more. One query."""
    kept = _kept(member)
    return list((kept.filter(kept_at__lt=before) if before else kept)[: READING_PAGE + 1])


def _kept(member: Member) -> QuerySet[Reading]:
    kept = Reading.objects.filter(member=member, kept_at__isnull=False).select_related("paper")
    return kept.defer("paper__abstract", "paper__abstract_html", "paper__categories").order_by("-kept_at", "-pk")


def _by_kind(rows: list[tuple[int, str, str, int]]) -> dict[str, list[tuple[int, int]]]:
    """(position, paper) in order, each paper once: as new when any category announced it as new, and so on."""
    best: dict[int, tuple[int, int]] = {}
    for paper, kind, _, position in rows:
        key = (KINDS.index(_GROUP[kind]), position)
        if paper not in best or key < best[paper]:
            best[paper] = key
    found: dict[str, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
    for paper, (number, position) in best.items():
        found[KINDS[number]].append((position, paper))
    return {kind: sorted(keys) for kind, keys in found.items()}


def _cursor(text: str) -> tuple[int, int]:
    """(position, paper) of the last one shown; before everything for anything else."""
    position, _, paper = text.partition(".")
    if text.isascii() and position.isdigit() and paper.isdigit() and len(text) < 30:
        return int(position), int(paper)
    return (-1, -1)
