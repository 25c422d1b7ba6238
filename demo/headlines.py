"""Announcements of papers: real ones from the file beside this, moved onto
the weekdays of the last four weeks.

The papers are of May and June 2025. Only their announcement days are
invented, so that the group's pages have a today and a yesterday; titles,
authors, abstracts, categories and identifiers are arXiv's.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from demo import source
from demo.source import DemoPaper
from members.models import Member
from papers import actions, arxiv
from papers.arxiv import AnnounceType
from papers.models import Paper

CATEGORIES = ("cs.LG", "cs.CL", "cs.CV", "stat.ML")
WEEKDAYS = 20
KEPT_BY_OWNER = 8
KEPT = (0, 0, 0, 1, 1, 2, 3, 5)


def weekdays(until: datetime) -> list[date]:
    """The last twenty days, oldest first, on which arXiv announces."""
    days: list[date] = []
    day = until.date()
    while len(days) < WEEKDAYS:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def announce(
    days: list[date],
    wanted: Mapping[str, date],
    rng: Random,
    *,
    limit: int | None,
    until: datetime,
) -> int:
    """Store a feed for each day, `wanted` papers on the days asked for;
    the number of papers.
    """
    lines = list(source.papers())
    rng.shuffle(lines)
    lines.sort(key=lambda line: line.id not in wanted)
    lines = lines[:limit]
    by_day: dict[date, list[arxiv.Entry]] = defaultdict(list)
    for number, line in enumerate(lines):
        on = wanted.get(line.id) or days[number % len(days)]
        by_day[on].append(_entry(line, _kind(line)))
        later = [day for day in days if day > on + timedelta(days=4)]
        if line.version > 1 and later:
            by_day[rng.choice(later)].append(_entry(line, AnnounceType.REPLACE))
    for day in days:
        at = min(datetime.combine(day, time(5, 10), tzinfo=until.tzinfo), until)
        actions.store(
            arxiv.FeedDocument("rss", CATEGORIES, day, tuple(by_day[day])), now=at
        )
    for category in CATEGORIES:
        feed = actions.follow_feed(category)
        actions.mark_feed_ok(
            feed, announced_on=days[-1], etag="", last_modified="", now=until
        )
    return len(lines)


def _kind(line: DemoPaper) -> AnnounceType:
    """New where its first category is one of ours, else
    cross-listed into it.
    """
    if line.categories[0] in CATEGORIES:
        return AnnounceType.NEW
    return AnnounceType.CROSS


def _entry(line: DemoPaper, kind: AnnounceType) -> arxiv.Entry:
    version = 1
    if kind is AnnounceType.REPLACE:
        version = line.version
    return arxiv.Entry(
        arxiv_id=line.id,
        version=version,
        title=line.title,
        abstract=line.abstract,
        authors=line.authors,
        categories=line.categories,
        announce_type=kind,
        licence="",
    )


def keep_some(
    members: Sequence[Member],
    discussed: Collection[str],
    rng: Random,
    *,
    until: datetime,
) -> None:
    """Let members keep papers; the first of them, the owner, keeps eight,
    those that the group discusses among them.
    """
    papers = list(
        Paper.objects.filter(announced_on__lt=until.date())
        .only("arxiv_id", "announced_on")
        .order_by("pk")
    )
    for number, member in enumerate(members):
        rng.shuffle(papers)
        if number == 0:
            wanted = sorted(papers, key=lambda paper: paper.arxiv_id not in discussed)
            count = KEPT_BY_OWNER
        else:
            wanted = papers
            count = rng.choice(KEPT)
        for paper in wanted[:count]:
            earliest = datetime.combine(
                paper.announced_on, time(6), tzinfo=until.tzinfo
            )
            earliest = max(earliest, member.onboarded_at or member.joined_at)
            if earliest < until:
                actions.keep_paper(
                    paper,
                    member=member,
                    now=earliest + rng.random() ** 3 * (until - earliest),
                )
