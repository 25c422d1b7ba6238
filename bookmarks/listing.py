"""A page of what a member saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, DateField, Q, TextChoices, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookmarks import things
from bookmarks.keys import Kind, ThingKey
from bookmarks.models import Bookmark, BookmarkQuerySet
from bookmarks.things import Thing
from lists import keyset
from lists.keyset import Cursor, NumberCursor
from members.models import Member

PAGE = 30
NO_DAY = date.max  # what has no day comes last


class Choice(TextChoices):
    """What the list can be limited to, in the order of the page."""

    ALL = "", gettext_lazy("All")
    DATED = "dated", gettext_lazy("With a date")
    TALK = "talk", gettext_lazy("Posts and answers")
    PAPERS = "papers", gettext_lazy("Papers")
    RESOURCES = "resources", gettext_lazy("Resources")
    ACTIVITIES = "activities", gettext_lazy("Activities")
    DONE = "done", gettext_lazy("Done")


LIMITS = {
    Choice.DATED: Q(remind_on__isnull=False),
    Choice.TALK: Q(kind__in=[Kind.POST, Kind.COMMENT]),
    Choice.PAPERS: Q(kind=Kind.PAPER),
    Choice.RESOURCES: Q(kind=Kind.RESOURCE),
    Choice.ACTIVITIES: Q(kind=Kind.ACTIVITY),
}


@dataclass(frozen=True, slots=True)
class SavedThing:
    """A bookmark with what it names; None where that is gone or hidden."""

    bookmark: Bookmark
    thing: Thing | None

    @property
    def name(self) -> str:
        return self.thing.title if self.thing else _("what is no longer here")


@dataclass(frozen=True, slots=True)
class PartOfList:
    """The things below one heading."""

    title: str
    things: list[SavedThing]


@dataclass(frozen=True, slots=True)
class Listing:
    parts: list[PartOfList]
    next: str  # the cursor of the next page; empty on the last


def counts(member: Member) -> dict[Choice, int]:
    """How many are on the list, have a day, and are done. One query."""
    is_open = Q(done_at=None)
    mine = Bookmark.objects.of(member).filter(removed_at=None)
    numbers = mine.aggregate(
        ALL=Count("pk", filter=is_open),
        DATED=Count("pk", filter=is_open & LIMITS[Choice.DATED]),
        DONE=Count("pk", filter=~is_open),
    )
    return {Choice[name]: number for name, number in numbers.items()}


def listing(
    member: Member, *, choice: Choice, after: str, today: date, size: int = PAGE
) -> Listing:
    """A page of the list, after a cursor. `today` is the member's day.

    One query, and one for each kind of thing on the page but activities.
    """
    mine = Bookmark.objects.of(member)
    if choice is Choice.DONE:
        rows = _done(mine, after)
    else:
        rows = _open(mine, choice, after)
    found = list(rows[: size + 1])
    shown = with_things(member, found[:size])
    cursor = ""
    if len(found) > size:
        cursor = _cursor(found[size - 1], choice)
    return Listing(_parts(shown, choice, today), cursor)


def with_things(member: Member, rows: Sequence[Bookmark]) -> list[SavedThing]:
    keys = [ThingKey(row.kind, row.key) for row in rows]
    seen = things.for_member(member, keys)
    return [SavedThing(row, seen.get(key)) for row, key in zip(rows, keys, strict=True)]


def _open(mine: BookmarkQuerySet, choice: Choice, after: str) -> BookmarkQuerySet:
    """The earliest day first, of one day the newest first."""
    day = Coalesce("remind_on", Value(NO_DAY, DateField()))
    rows = mine.open().filter(LIMITS.get(choice, Q())).annotate(day=day)
    cursor = NumberCursor.parse(after)
    if cursor:
        last = date.fromordinal(min(max(cursor.number, 1), NO_DAY.toordinal()))
        later = Q(day__gt=last) | Q(day=last, pk__lt=cursor.pk)
        rows = rows.filter(later)
    return rows.order_by("day", "-pk")


def _done(mine: BookmarkQuerySet, after: str) -> BookmarkQuerySet:
    rows, cursor = mine.done(), Cursor.parse(after)
    if cursor:
        rows = keyset.before(rows, "done_at", cursor.moment, cursor.pk)
    return rows.order_by("-done_at", "-pk")


def _cursor(last: Bookmark, choice: Choice) -> str:
    if choice is Choice.DONE and last.done_at:
        return str(Cursor(last.done_at, last.pk))
    return str(NumberCursor((last.remind_on or NO_DAY).toordinal(), last.pk))


def _parts(
    shown: Iterable[SavedThing], choice: Choice, today: date
) -> list[PartOfList]:
    def title(each: SavedThing) -> str:
        return _title(each.bookmark, choice, today)

    return [PartOfList(name, list(group)) for name, group in groupby(shown, key=title)]


def _title(bookmark: Bookmark, choice: Choice, today: date) -> str:
    if choice is Choice.DONE:
        return _("Done")
    if bookmark.remind_on is None:
        return _("Without a date")
    return _("Today") if bookmark.remind_on <= today else _("Later")
