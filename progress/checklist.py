"""What a step page lists: a fold per route and one for every route, with a row per
activity and what was made of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

from django.utils.translation import gettext as _

from curriculum.models import Activity as ActivityRow
from curriculum.models import Resource
from curriculum.outline import Activity
from progress.counting import RouteTally, StepTally
from progress.facts import RecordRow
from progress.models import Record

ICONS = {
    "book": "book-open",
    "course": "monitor-play",
    "lectures": "graduation-cap",
    "library": "file-text",
}


@dataclass(frozen=True, slots=True)
class StepPage:
    """The page of a step, and for whom it is."""

    curriculum_slug: str
    step_slug: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """All that the row of an activity shows: rows that are equal look the same."""

    id: str  # has the key of the activity in it
    page: StepPage
    activity: Activity = field(hash=False)
    mark: str = ""
    is_flagged: bool = False
    confidence: int | None = None
    skip_reason: str = ""
    route_title: str = ""
    is_new: bool = False  # added since the member finished the step
    # in the answer to a press
    is_focused: bool = False  # the link to its menu
    is_swapped: bool = False  # in place of the one on the page

    @property
    def confidence_words(self) -> str:
        """How sure the member is; empty if the member did not say."""
        if self.confidence is None:
            return ""
        return str(Record.Confidence(self.confidence).label)

    @property
    def do(self) -> str:
        return str(ActivityRow.Do(self.activity.do).label)

    @property
    def undo_words(self) -> str:
        """What the button says that takes the mark back."""
        return {
            "done": _("Mark as not done"),
            "skipped": _("Not skipped after all"),
            "started": _("Not started after all"),
        }[self.mark]

    @property
    def is_archived(self) -> bool:
        source = self.activity.source
        return source is not None and bool(source.archived_on or source.archived_why)

    @property
    def kind(self) -> str:
        source = self.activity.source
        return str(Resource.Kind(source.kind).label) if source and source.kind else ""

    @property
    def cost(self) -> str:
        source = self.activity.source
        if source is None or source.cost in ("", Resource.Cost.UNKNOWN):
            return ""
        return source.price_note or str(Resource.Cost(source.cost).label).lower()

    @property
    def source_line(self) -> str:
        """The resource and the part of it, as far as the titles of the activity and of
        its route do not say so.
        """
        source = self.activity.source
        if source is None:
            return ""
        parts = [source.title, source.section_title or source.locator]
        return ", ".join(
            part
            for part in parts
            if part and part not in (self.activity.title, self.route_title)
        )


@dataclass(frozen=True, slots=True)
class Fold:
    id: str
    route: RouteTally | None  # None holds what is on every route
    rows: tuple[ChecklistRow, ...]
    done: int
    counted: int

    @property
    def is_open(self) -> bool:
        return self.route is None or self.route.is_active

    @property
    def icon(self) -> str:
        return ICONS.get(self.route.route.kind, "route") if self.route else "footprints"

    @property
    def minutes_left(self) -> int:
        """Of the route's core activities: what using it would still take."""
        left = (
            row.activity for row in self.rows if row.mark not in ("done", "skipped")
        )
        return sum(activity.minutes for activity in left if activity.core)


def folds(
    tally: StepTally, records: Mapping[UUID, RecordRow], page: StepPage
) -> list[Fold]:
    """Active routes first, then the others, then what is on every route; ids are unique
    on the page.
    """
    seen: dict[UUID, int] = {}
    new = {activity.key for activity in tally.new}
    routes = sorted(tally.routes, key=lambda route: not route.is_active)
    lists = [(route.route.slug, route, route.route.activities) for route in routes]
    found = []
    for slug, route, activities in [
        *lists,
        ("every-route", None, tally.step.activities),
    ]:
        title = route.route.title if route else ""
        rows = tuple(
            _row(activity, page, records, seen, title, new) for activity in activities
        )
        if rows:
            counted = [
                row for row in rows if row.activity.core and row.mark != "skipped"
            ]
            done = sum(row.mark == "done" for row in counted)
            found.append(Fold(f"fold-{slug}", route, rows, done, len(counted)))
    return found


def every_row(folds: Iterable[Fold]) -> list[ChecklistRow]:
    return list(chain.from_iterable(fold.rows for fold in folds))


def _row(
    activity: Activity,
    page: StepPage,
    records: Mapping[UUID, RecordRow],
    seen: dict[UUID, int],
    title: str,
    new: Collection[UUID],
) -> ChecklistRow:
    seen[activity.key] = nth = seen.get(activity.key, 0) + 1
    suffix = "" if nth == 1 else f"-{nth}"
    row_id = f"activity-{activity.key}{suffix}"
    is_new = activity.key in new
    record = records.get(activity.key)
    if record is None:
        return ChecklistRow(row_id, page, activity, route_title=title, is_new=is_new)
    return ChecklistRow(
        row_id,
        page,
        activity,
        mark=record.mark,
        is_flagged=record.revisit_at is not None,
        confidence=record.confidence,
        skip_reason=record.skip_reason,
        route_title=title,
        is_new=is_new,
    )
