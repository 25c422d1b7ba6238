"""The harvest: ask arXiv for the feeds that are due, outside of any transaction, and
store what they say.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from papers import actions, arxiv, relevance
from papers.actions import Stored
from papers.days import newest_days
from papers.fetch import FetchFailed, feed_url, fetch
from papers.models import Batch, Feed, StepPapers
from papers.timetable import EASTERN, LONGEST_WAIT

NOTHING = Stored()
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """How one visit to one feed went.

    A feed that was read in part has both, what was stored and a failure.
    """

    category: str
    announced_on: date | None = None
    stored: Stored = NOTHING
    failure: str = ""
    changed: bool = True
    repeated: str = ""  # that arXiv shows an earlier day again, in words
    note: str = ""  # what was wrong and could be repaired


def _clock(at: datetime | None) -> str:
    """For a line of the log, to the minute."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "the next round"


def visit_due(category: str | None = None) -> int:
    """Visit one feed now, or all that are due; returns how many visits went well.

    Then rank what came for every step, so that no page has to, and render some papers
    again when the pipeline has changed since they were stored.
    """
    categories = [category] if category else due_categories(timezone.now())
    visits = [visit(each, now=timezone.now()) for each in categories]
    rank_newest_day(visits)
    actions.render_again()
    return sum(not each.failure for each in visits)


def rank_newest_day(visits: Sequence[Visit] = ()) -> None:
    """Choose the newest day's papers for every step, unless that was done for its
    newest batch, and these visits brought nothing for it.
    """
    days = newest_days()
    if days is None:
        return
    has_come = any(each.stored.announcements for each in visits)
    if not has_come and StepPapers.objects.of(days.on, days.last_batch).exists():
        return
    ranked = relevance.ranked_for_every_step(days.on)
    actions.store_step_papers(days.on, days.last_batch, ranked)


def due_categories(now: datetime) -> list[str]:
    """Those of the settings that were never visited or whose next visit has come.

    A next visit further ahead than any that we plan was planned by a clock that was
    wrong, and has come.
    """
    waiting = set(
        Feed.objects.filter(
            next_try_at__gt=now, next_try_at__lte=now + LONGEST_WAIT
        ).values_list("category", flat=True)
    )
    return [
        category for category in settings.ARXIV_CATEGORIES if category not in waiting
    ]


def visit(category: str, *, now: datetime) -> Visit:
    """Fetch, read and store one category's feed.

    What goes wrong is on the feed's row and in the log, never raised.
    """
    row = actions.follow_feed(category)
    try:
        visited = _visit(row, now=now)
    except FetchFailed as failed:
        visited = Visit(category, failure=_explained(failed, category))
        actions.mark_feed_failed(row, visited.failure, now=now, asked=failed.asked)
    except arxiv.FeedRefused as refused:
        visited = Visit(category, failure=refused.reason)
        actions.mark_feed_failed(row, visited.failure, now=now)
    except Exception as error:
        # One feed that fails because of a bug must not keep the others
        # from being read.
        log.exception("The feed of %s could not be stored.", category)
        visited = Visit(
            category, failure=f"it could not be stored ({type(error).__name__})"
        )
        actions.mark_feed_failed(row, visited.failure, now=now)
    if visited.failure:
        log.warning(
            "The feed of %s: %s. Next try at %s.",
            category,
            visited.failure,
            _clock(row.next_try_at),
        )
    elif visited.repeated:
        log.warning(
            "The feed of %s: %s. Next visit at %s.",
            category,
            visited.repeated,
            _clock(row.next_try_at),
        )
    else:
        log.info("The feed of %s: %s", category, visited.stored)
    return visited


def _visit(row: Feed, *, now: datetime) -> Visit:
    answer = fetch(
        feed_url(row.category), etag=row.etag, last_modified=row.last_modified
    )
    if not answer.changed and row.repeated_on:
        actions.mark_feed_repeated(
            row,
            day=row.repeated_on,
            etag=row.etag,
            last_modified=row.last_modified,
            now=now,
        )
        return Visit(
            row.category,
            row.repeated_on,
            changed=False,
            repeated="arXiv still shows an earlier day",
        )
    if not answer.changed:
        newest = Batch.objects.filter(category=row.category).aggregate(
            day=Max("announced_on")
        )["day"]
        actions.mark_feed_ok(
            row,
            announced_on=newest,
            etag=row.etag,
            last_modified=row.last_modified,
            now=now,
        )
        return Visit(row.category, newest, changed=False)
    feed = read(answer.body, name=row.category, now=now)
    if row.category not in feed.categories:
        raise arxiv.FeedRefused(
            row.category, f"it is the feed of {', '.join(feed.categories)[:200]}"
        )
    stored = actions.store(feed, now=now)
    marks = {"etag": answer.etag, "last_modified": answer.last_modified}
    repeated = told_repeats(stored)
    if feed.fault:
        actions.mark_feed_failed(row, feed.fault, now=now)
    elif repeated:
        actions.mark_feed_repeated(row, day=feed.announced_on, now=now, **marks)
    else:
        actions.mark_feed_ok(
            row, announced_on=feed.announced_on, now=now, note=feed.note, **marks
        )
    return Visit(
        row.category,
        feed.announced_on,
        stored,
        feed.fault,
        repeated=repeated,
        note=feed.note,
    )


def told_repeats(stored: Stored) -> str:
    """What to say when most of a batch was announced on an earlier day; "" otherwise."""
    mostly = [each for each in stored.repeats if each.most]
    if not mostly:
        return ""
    counts = ", ".join(
        f"{len(each.papers)} of {each.of} in {each.category}" for each in mostly
    )
    return (
        f"arXiv shows papers of an earlier day again ({counts}); "
        "the day's own are asked for until they come"
    )


def read(body: bytes, *, name: str, now: datetime) -> arxiv.FeedDocument:
    """The feed in `body`, refused when it is from a day later than tomorrow.

    Raises arxiv.FeedRefused.
    """
    return arxiv.parse(
        body, name=name, not_after=now.astimezone(EASTERN).date() + timedelta(days=1)
    )


def _explained(failed: FetchFailed, category: str) -> str:
    """The failure in words; where the body is arXiv's own error feed, with what it says."""
    try:
        arxiv.parse(failed.body, name=category)
    except arxiv.FeedRefused as refused:
        if "answers with an error" in refused.reason:
            return f"{failed}: {refused.reason}"
    return str(failed)
