"""Whether the papers of today are here: one state for each feed, and the days on which
none came.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import OuterRef, Subquery

from papers.models import Batch, Feed
from papers.timetable import EASTERN

LATE_FROM = 6  # hour of arXiv's own clock at which the day's papers are long there
LOOKED_BACK = timedelta(days=14)


class State(StrEnum):
    """How a feed is doing today, on arXiv's own clock."""

    OK = "ok"
    QUIET = "quiet"  # a weekend, or a feed without papers
    WAITING = "waiting"
    LATE = "late"
    REPEATED = "repeated"
    PARTIAL = "partial"
    FAILING = "failing"
    NEVER = "never"


# what readers hear of
TOLD = (State.FAILING, State.PARTIAL, State.REPEATED, State.LATE)


@dataclass(frozen=True, slots=True)
class Watched:
    """A feed, its state, its newest batch, and the weekdays of the last two weeks without one."""

    feed: Feed
    state: State
    batch_on: Day | None
    batch_partial: bool
    without: tuple[Day, ...]


def state_of(
    feed: Feed, *, batch_on: Day | None, batch_partial: bool, now: datetime
) -> State:
    """The state of a feed whose newest batch is of `batch_on`."""
    here = now.astimezone(EASTERN)
    today = here.date()
    if feed.checked_at is None:
        return State.NEVER
    if batch_on is not None and batch_on >= today and batch_partial:
        return State.PARTIAL
    if feed.failures:
        return State.FAILING
    if feed.repeated_on == today:
        return State.REPEATED
    if batch_on is not None and batch_on >= today:
        return State.OK
    if today.weekday() > 4 or feed.announced_on == today:
        return State.QUIET
    return State.LATE if here.hour >= LATE_FROM else State.WAITING


def watched(categories: Collection[str], *, now: datetime) -> list[Watched]:
    """Each of these feeds, in their order. Two queries."""
    newest = Batch.objects.filter(category=OuterRef("category")).order_by(
        "-announced_on"
    )
    feeds = Feed.objects.filter(category__in=categories).annotate(
        batch_on=Subquery(newest.values("announced_on")[:1]),
        batch_partial=Subquery(newest.values("partial")[:1]),
    )
    rows = {feed.category: feed for feed in feeds}
    today = now.astimezone(EASTERN).date()
    days: dict[str, set[Day]] = defaultdict(set)
    recent = Batch.objects.filter(
        category__in=categories, announced_on__gte=today - LOOKED_BACK
    )
    for category, announced_on in recent.values_list("category", "announced_on"):
        days[category].add(announced_on)
    found = []
    for category in categories:
        feed = rows.get(category) or Feed(category=category)
        batch_on = getattr(feed, "batch_on", None)
        partial = bool(getattr(feed, "batch_partial", False))
        state = state_of(feed, batch_on=batch_on, batch_partial=partial, now=now)
        found.append(
            Watched(
                feed, state, batch_on, partial, _without(days[category], today=today)
            )
        )
    return found


def told(feeds: Iterable[Watched]) -> list[tuple[State, list[str]]]:
    """What readers of today's papers should know: each state that keeps papers away,
    and the categories in it.
    """
    categories: dict[State, list[str]] = defaultdict(list)
    for each in feeds:
        categories[each.state].append(each.feed.category)
    return [(state, categories[state]) for state in TOLD if categories[state]]


def _without(days: Collection[Day], *, today: Day) -> tuple[Day, ...]:
    """The weekdays between the first batch and yesterday on which no batch came."""
    if not days:
        return ()
    first = min(days)
    between = (first + timedelta(days=n) for n in range(1, (today - first).days))
    return tuple(day for day in between if day.weekday() < 5 and day not in days)
