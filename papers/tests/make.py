"""Real rows for tests of papers and of what stands on them."""

from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from papers import arxiv
from papers.models import Announcement, Batch, Paper

FEEDS = Path(__file__).parent / "feeds"
NOW = datetime(2025, 6, 11, 9, 0, tzinfo=UTC)
_numbers = count(1)


def feed_bytes(name: str) -> bytes:
    return (FEEDS / name).read_bytes()


def feed(name: str) -> arxiv.FeedDocument:
    return arxiv.parse(feed_bytes(name), name=name)


def make_paper(
    *,
    arxiv_id: str = "",
    title: str = "A paper",
    abstract: str = "We show something.",
    authors: tuple[str, ...] = ("Ada Lovelace",),
    categories: tuple[str, ...] = ("cs.LG",),
    announced_on: date = date(2025, 6, 11),
    kind: str = "new",
    announced_in: tuple[str, ...] | None = None,
    version: int = 1,
) -> Paper:
    """A paper, announced in each of its categories on that day (or in
    those of `announced_in`).
    """
    number = next(_numbers)
    paper = Paper.objects.create(
        arxiv_id=arxiv_id or f"2506.{number:05}",
        version=version,
        title=title,
        title_html=title,
        abstract=abstract,
        abstract_html=abstract,
        authors=list(authors),
        categories=list(categories),
        primary_category=categories[0],
        announced_on=announced_on,
        stored_at=NOW,
    )
    paper.versions.create(number=version, announced_on=announced_on)
    for category in categories if announced_in is None else announced_in:
        batch, _ = Batch.objects.get_or_create(
            category=category, announced_on=announced_on, defaults={"stored_at": NOW}
        )
        here = (
            kind
            if category == categories[0]
            else {"new": "cross", "replace": "replace-cross"}.get(kind, kind)
        )
        Announcement.objects.create(
            batch=batch, paper=paper, kind=here, version=version, position=number
        )
    return paper
