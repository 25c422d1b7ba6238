"""What a category has announced before: arXiv sometimes shows the papers of an earlier
day under a new date.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from papers import arxiv
from papers.models import Announcement, Batch, Paper


@dataclass(frozen=True, slots=True)
class Repeats:
    """The entries of one category's batch that it announced, in the same way, on an earlier day."""

    category: str
    of: int  # entries of the batch in all
    papers: frozenset[arxiv.Entry] = field(default_factory=frozenset)

    @property
    def all(self) -> bool:
        """Whether the batch holds nothing else: arXiv shows an earlier day."""
        return bool(self.papers) and len(self.papers) == self.of

    @property
    def most(self) -> bool:
        return 2 * len(self.papers) > self.of


def announced_earlier(
    feed: arxiv.FeedDocument, papers: dict[str, Paper]
) -> dict[str, Repeats]:
    """For each category of the feed, which of its entries it announced on an earlier
    day. One query.

    A paper is new, or newly cross-listed, in a category once; each of its versions
    replaces the one before once.
    """
    earlier = Announcement.objects.filter(
        batch__category__in=feed.categories,
        batch__announced_on__lt=feed.announced_on,
        paper__in=papers.values(),
    )
    known: dict[str, set[tuple[int, str, int]]] = defaultdict(set)
    for category, paper, kind, version in earlier.values_list(
        "batch__category", "paper_id", "kind", "version"
    ):
        known[category].add(_mark(paper, kind, version))
    return {
        batch.category: Repeats(
            batch.category,
            len(batch.entries),
            frozenset(
                entry
                for entry, kind in batch.entries
                if _mark(papers[entry.arxiv_id].pk, kind.value, entry.version)
                in known[batch.category]
            ),
        )
        for batch in feed.batches()
    }


def remove_later_repeats(announced: Iterable[Announcement], *, day: date) -> None:
    """Take out of later batches what is announced in these rows of an earlier `day`;
    batches left empty go, too.

    So the order in which two days arrive makes no difference. Two queries, and two more
    when there was a repeat.
    """
    rows = list(announced)
    categories = dict(
        Batch.objects.filter(pk__in={row.batch_id for row in rows}).values_list(
            "pk", "category"
        )
    )
    marks = {
        (categories[row.batch_id], *_mark(row.paper_id, row.kind, row.version))
        for row in rows
    }
    later = Announcement.objects.filter(
        batch__category__in=categories.values(),
        batch__announced_on__gt=day,
        paper__in={row.paper_id for row in rows},
    )
    found = later.values_list("pk", "batch__category", "paper_id", "kind", "version")
    repeated = [
        pk
        for pk, category, paper, kind, version in found
        if (category, *_mark(paper, kind, version)) in marks
    ]
    if repeated:
        Announcement.objects.filter(pk__in=repeated).delete()
        Batch.objects.filter(
            Q(announced_on__gt=day),
            announcements=None,
            category__in=categories.values(),
        ).delete()


def _mark(paper: int, kind: str, version: int) -> tuple[int, str, int]:
    once = kind in (Announcement.Kind.NEW, Announcement.Kind.CROSS)
    return paper, kind, 0 if once else version
