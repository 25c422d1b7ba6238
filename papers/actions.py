"""Every change to papers: what the harvest stores, how its visits went, and what a
member keeps or hides.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.db import transaction
from django.db.models import F

from documents import actions as documents
from members.models import Member
from papers import arxiv, timetable
from papers.indexed import paper_document
from papers.models import (
    Announcement,
    Batch,
    Feed,
    Paper,
    PaperVersion,
    Reading,
    StepPapers,
)
from papers.ranking import Ranked
from papers.repeats import Repeats, announced_earlier, remove_later_repeats
from text import PIPELINE_VERSION, render_inline

# An entry of a feed with its position there.
Placed: TypeAlias = tuple[int, tuple[arxiv.Entry, arxiv.AnnounceType]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What one feed brought that was not here before."""

    papers: int = 0
    versions: int = 0
    announcements: int = 0
    # one for each category that showed papers of an earlier day again
    repeats: tuple[Repeats, ...] = ()


def store(feed: arxiv.FeedDocument, *, now: datetime) -> Stored:
    """Keep what a feed announces; the same feed again changes nothing. A fixed number
    of queries.

    A paper that several categories announce is one paper; a replacement of a paper that
    was never stored makes it; a version older than the stored one never changes the text.
    An empty feed (a weekend's) leaves no batch, and what a category announced on an
    earlier day is not announced again: a feed of nothing else leaves no batch either.
    """
    known = {paper.arxiv_id: paper.version for paper in _papers(feed.entries)}
    # Formulas are turned into MathML before the transaction, so that it holds the write
    # lock for a moment only.
    fresh = {
        entry.arxiv_id: _fields(entry)
        for entry in feed.entries
        if entry.version > known.get(entry.arxiv_id, 0)
    }
    return _store(feed, fresh, now=now)


@transaction.atomic
def _store(
    feed: arxiv.FeedDocument, fresh: dict[str, dict[str, Any]], *, now: datetime
) -> Stored:
    # Rows are written in the order of their keys, so that two harvests that meet wait
    # for each other in one direction.
    before = {paper.arxiv_id for paper in _papers(feed.entries)}
    Paper.objects.bulk_create(
        [
            Paper(**fresh[arxiv_id], announced_on=feed.announced_on, stored_at=now)
            for arxiv_id in sorted(fresh.keys() - before)
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    papers = {paper.arxiv_id: paper for paper in _papers(feed.entries)}
    _replace_texts(papers, fresh)
    earlier = [
        paper.pk for paper in papers.values() if paper.announced_on > feed.announced_on
    ]
    Paper.objects.filter(pk__in=earlier).update(announced_on=feed.announced_on)
    documents.store_all(
        paper_document(Paper(pk=papers[arxiv_id].pk, **fields))
        for arxiv_id, fields in sorted(fresh.items())
        if papers[arxiv_id].version <= fields["version"]
    )
    repeats = announced_earlier(feed, papers)
    return Stored(
        papers=len(papers.keys() - before),
        versions=_store_versions(feed, papers),
        announcements=_announce(feed, papers, repeats, now=now),
        repeats=tuple(each for each in repeats.values() if each.papers),
    )


def _papers(entries: Iterable[arxiv.Entry]) -> list[Paper]:
    return list(
        Paper.objects.filter(arxiv_id__in=[entry.arxiv_id for entry in entries]).only(
            "arxiv_id", "version", "announced_on"
        )
    )


def _fields(entry: arxiv.Entry) -> dict[str, Any]:
    return {
        "arxiv_id": entry.arxiv_id,
        "version": entry.version,
        "title": entry.title,
        "title_html": render_inline(entry.title, names=True),
        "abstract": entry.abstract,
        "abstract_html": render_inline(entry.abstract, links=True),
        "pipeline_version": PIPELINE_VERSION,
        "authors": list(entry.authors),
        "categories": list(entry.categories),
        "primary_category": entry.primary_category,
        "licence": entry.licence,
    }


def _replace_texts(papers: dict[str, Paper], fresh: dict[str, dict[str, Any]]) -> None:
    """Bring each stored paper to the newest version of its text.

    One query for each paper that has a newer one.
    """
    for arxiv_id, fields in sorted(fresh.items()):
        if papers[arxiv_id].version < fields["version"]:
            # The condition is asked again in the database: another harvest may have
            # stored a newer one meanwhile.
            Paper.objects.filter(
                pk=papers[arxiv_id].pk, version__lt=fields["version"]
            ).update(**fields)


def _store_versions(feed: arxiv.FeedDocument, papers: dict[str, Paper]) -> int:
    wanted = {(papers[entry.arxiv_id].pk, entry.version) for entry in feed.entries}
    known = {
        (paper, number): (pk, announced_on)
        for pk, paper, number, announced_on in PaperVersion.objects.filter(
            paper__in=papers.values()
        ).values_list("pk", "paper_id", "number", "announced_on")
    }
    later = [
        known[version][0]
        for version in wanted & known.keys()
        if known[version][1] > feed.announced_on
    ]
    PaperVersion.objects.filter(pk__in=later).update(announced_on=feed.announced_on)
    new = sorted(wanted - known.keys())
    PaperVersion.objects.bulk_create(
        [
            PaperVersion(paper_id=paper, number=number, announced_on=feed.announced_on)
            for paper, number in new
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(new)


def _announce(
    feed: arxiv.FeedDocument,
    papers: dict[str, Paper],
    repeats: dict[str, Repeats],
    *,
    now: datetime,
) -> int:
    announced = {
        batch.category: fresh
        for batch in feed.batches()
        if (
            fresh := [
                one
                for one in enumerate(batch.entries)
                if one[1][0] not in repeats[batch.category].papers
            ]
        )
    }
    of_day = Batch.objects.filter(
        announced_on=feed.announced_on, category__in=announced
    )
    Batch.objects.bulk_create(
        [
            Batch(
                category=each,
                announced_on=feed.announced_on,
                stored_at=now,
                partial=bool(feed.fault),
            )
            for each in announced
        ],
        ignore_conflicts=True,
    )
    if not feed.fault:
        of_day.filter(partial=True).update(partial=False)
    batches = {batch.category: batch.pk for batch in of_day}
    known = set(
        Announcement.objects.filter(batch__in=batches.values()).values_list(
            "batch_id", "paper_id"
        )
    )
    new = [
        each
        for each in _announcements(announced, batches, papers)
        if (each.batch_id, each.paper_id) not in known
    ]
    Announcement.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    remove_later_repeats(new, day=feed.announced_on)
    return len(new)


def _announcements(
    announced: Mapping[str, Iterable[Placed]],
    batches: Mapping[str, int],
    papers: Mapping[str, Paper],
) -> Iterator[Announcement]:
    for category, fresh in announced.items():
        for position, (entry, kind) in fresh:
            yield Announcement(
                batch_id=batches[category],
                paper=papers[entry.arxiv_id],
                kind=kind.value,
                version=entry.version,
                position=position,
            )


def render_again(*, limit: int = 500) -> int:
    """Render papers whose HTML an older pipeline made, newest first; returns how many were."""
    stale = Paper.objects.filter(pipeline_version__lt=PIPELINE_VERSION)
    papers = list(stale.order_by("-id")[:limit])
    for paper in papers:
        paper.title_html = render_inline(paper.title, names=True)
        paper.abstract_html = render_inline(paper.abstract, links=True)
        paper.pipeline_version = PIPELINE_VERSION
    Paper.objects.bulk_update(
        papers, ["title_html", "abstract_html", "pipeline_version"], batch_size=100
    )
    return len(papers)


def store_step_papers(
    announced_on: date, last_batch: int, ranked: Mapping[UUID, Sequence[Ranked]]
) -> None:
    """Keep which papers of the day fit which step, in place of an earlier choice."""
    rows = [
        StepPapers(
            step_key=key,
            announced_on=announced_on,
            last_batch=last_batch,
            chosen=[[one.paper_id, list(one.terms)] for one in found],
        )
        for key, found in ranked.items()
    ]
    StepPapers.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["announced_on", "step_key"],
        update_fields=["last_batch", "chosen"],
    )


# How the visits to arXiv went


def follow_feed(category: str) -> Feed:
    """The row of one category, made at its first visit."""
    return Feed.objects.get_or_create(category=category)[0]


def mark_feed_ok(
    feed: Feed,
    *,
    announced_on: date | None,
    etag: str,
    last_modified: str,
    now: datetime,
    note: str = "",
) -> None:
    """The feed was read whole, or has not changed; `announced_on` is the day it is
    from, if known.

    `note` says what was wrong with it and could be repaired.
    """
    feed.etag, feed.last_modified = etag[:200], last_modified[:80]
    feed.checked_at = feed.ok_at = now
    feed.failures, feed.repeated_on, feed.note = 0, None, _clipped(note)
    feed.announced_on = announced_on
    feed.next_try_at = timetable.next_visit(now, announced_on)
    feed.save()


def mark_feed_repeated(
    feed: Feed, *, day: date, etag: str, last_modified: str, now: datetime
) -> None:
    """The feed shows, under the date `day`, what it announced before: the day's own
    batch has yet to come.
    """
    feed.etag, feed.last_modified = etag[:200], last_modified[:80]
    feed.checked_at = now
    feed.failures, feed.repeated_on, feed.note = 0, day, ""
    feed.next_try_at = now + timetable.LATE_AGAIN
    feed.save()


def mark_feed_failed(
    feed: Feed, reason: str, *, now: datetime, asked: timedelta | None = None
) -> None:
    """The feed could not be fetched or read (whole); `asked` is how long the server asks
    us to wait.

    What it was and when stays on the row after the next success, for the owner to see.
    """
    Feed.objects.filter(pk=feed.pk).update(failures=F("failures") + 1)
    feed.refresh_from_db(fields=["failures"])
    # ask for the whole feed next time, not for what changed
    feed.etag = feed.last_modified = ""
    feed.checked_at = feed.failed_at = now
    feed.failure = _clipped(reason)
    feed.next_try_at = timetable.next_try(now, feed.failures, asked)
    feed.save(
        update_fields=[
            "etag",
            "last_modified",
            "checked_at",
            "failed_at",
            "failure",
            "next_try_at",
        ]
    )


def _clipped(text: str) -> str:
    return text if len(text) <= 500 else f"{text[:499]}…"


# What a member keeps or hides


def keep_paper(paper: Paper, *, member: Member, now: datetime) -> Reading:
    """Put it on the member's reading list; a hidden one comes back."""
    reading, _ = Reading.objects.get_or_create(paper=paper, member=member)
    if reading.kept_at is None:
        reading.kept_at, reading.hidden_at = now, None
        reading.save(update_fields=["kept_at", "hidden_at"])
    return reading


def hide_paper(paper: Paper, *, member: Member, now: datetime) -> Reading:
    """Hide the paper from the member's headlines, and take it off the reading list."""
    reading, _ = Reading.objects.get_or_create(paper=paper, member=member)
    if reading.hidden_at is None:
        reading.hidden_at, reading.kept_at = now, None
        reading.save(update_fields=["kept_at", "hidden_at"])
    return reading


def unkeep_paper(paper: Paper, *, member: Member) -> None:
    Reading.objects.filter(paper=paper, member=member).update(kept_at=None)


def unhide_paper(paper: Paper, *, member: Member) -> None:
    Reading.objects.filter(paper=paper, member=member).update(hidden_at=None)
