"""The harvest: ask arXiv for the feeds that are due, outside of any transaction, and store what they say."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from papers import actions, arxiv
from papers.actions import Stored
from papers.fetch import FetchFailed, feed_url, fetch
from papers.models import Batch, Feed
from papers.timetable import EASTERN

NOTHING = Stored()
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """How one visit to one feed went. A feed that was read in part has both, what was stored and a failure."""

    category: str
    announced_on: date | None = None
    stored: Stored = NOTHING
    failure: str = ""
    changed: bool = True


@shared_task
def harvest(category: str | None = None) -> int:
    """Visit one feed now, or all that are due; returns how many visits went well.

    Renders some papers again, too, when the pipeline has changed since they were stored.
    """
    categories = [category] if category else due_categories(timezone.now())
    well = sum(not visit(each, now=timezone.now()).failure for each in categories)
    actions.render_again()
    return well


def due_categories(now: datetime) -> list[str]:
    """Those of the settings that were never visited or whose next visit has come."""
    waiting = set(Feed.objects.filter(next_try_at__gt=now).values_list("category", flat=True))
    return [category for category in settings.ARXIV_CATEGORIES if category not in waiting]


def visit(category: str, *, now: datetime) -> Visit:
    """Fetch, read and store one category's feed. What goes wrong is on the feed's row and in the log, never raised."""
    row = actions.follow_feed(category)
    try:
        visited = _visit(row, now=now)
    except FetchFailed as failed:
        visited = Visit(category, failure=_explained(failed, category))
        actions.mark_feed_failed(row, visited.failure, now=now, asked=failed.asked)
    except arxiv.FeedRefused as refused:
        visited = Visit(category, failure=refused.reason)
        actions.mark_feed_failed(row, visited.failure, now=now)
    except Exception as error:  # one feed that trips over a mistake of ours must not keep the others from being read
        log.exception("The feed of %s could not be stored.", category)
        visited = Visit(category, failure=f"it could not be stored ({type(error).__name__})")
        actions.mark_feed_failed(row, visited.failure, now=now)
    if visited.failure:
        log.warning("The feed of %s: %s. Next try at %s.", category, visited.failure, row.next_try_at)
    else:
        log.info("The feed of %s: %s", category, visited.stored)
    return visited


def _visit(row: Feed, *, now: datetime) -> Visit:
    answer = fetch(feed_url(row.category), etag=row.etag, last_modified=row.last_modified)
    if not answer.changed:
        newest = Batch.objects.filter(category=row.category).aggregate(day=Max("announced_on"))["day"]
        actions.mark_feed_ok(row, announced_on=newest, etag=row.etag, last_modified=row.last_modified, now=now)
        return Visit(row.category, newest, changed=False)
    feed = read(answer.body, name=row.category, now=now)
    if row.category not in feed.categories:
        raise arxiv.FeedRefused(row.category, f"it is the feed of {', '.join(feed.categories)[:200]}")
    stored = actions.store(feed, now=now)
    if feed.fault:
        actions.mark_feed_failed(row, feed.fault, now=now)
    else:
        actions.mark_feed_ok(
            row, announced_on=feed.announced_on, etag=answer.etag, last_modified=answer.last_modified, now=now
        )
    return Visit(row.category, feed.announced_on, stored, feed.fault)


def read(body: bytes, *, name: str, now: datetime) -> arxiv.Feed:
    """The feed in `body`, refused when it is from a day later than tomorrow. Raises arxiv.FeedRefused."""
    return arxiv.parse(body, name=name, not_after=now.astimezone(EASTERN).date() + timedelta(days=1))


def _explained(failed: FetchFailed, category: str) -> str:
    """The failure in words; where the body is arXiv's own error feed, with what it says."""
    try:
        arxiv.parse(failed.body, name=category)
    except arxiv.FeedRefused as refused:
        if "answers with an error" in refused.reason:
            return f"{failed}: {refused.reason}"
    return str(failed)
