"""The papers that arXiv announced, and those that members keep."""

import itertools
import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property

from bench_site.group import SEED, Group, moment
from bench_site.loading import Row, load

CATEGORIES = ("cs.LG", "cs.CL", "cs.CV", "stat.ML")


class Papers:
    """Papers of so many weekdays, the oldest first."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.size = group.size

    def papers(self) -> None:
        size = self.size
        days = self.paper_days
        stored = moment(self.group.now - timedelta(hours=6))
        batches = {
            (category, day): 1 + number
            for number, (day, category) in enumerate(
                (day, category) for day in reversed(days) for category in CATEGORIES
            )
        }
        load(
            "papers.Batch",
            ("id", "category", "announced_on", "stored_at", "partial"),
            (
                (str(pk), category, str(day), stored, "0")
                for (category, day), pk in batches.items()
            ),
            len(batches),
        )
        pool = self.group.texts.paper_pool(SEED, min(size.papers, 2_000))
        columns = (
            *("id", "arxiv_id", "version", "title", "title_html", "abstract"),
            *("abstract_html", "pipeline_version", "authors", "categories"),
            *("primary_category", "announced_on", "stored_at"),
        )
        papers = [self.paper(n, days) for n in range(size.papers)]
        rows = (
            self.paper_row(n, day, names, pool[n % len(pool)], stored)
            for n, (day, names) in enumerate(papers)
        )
        load("papers.Paper", columns, rows, size.papers)
        announced: list[Row] = []
        for n, (day, names) in enumerate(papers):
            for number, name in enumerate(names):
                kind = "cross" if number else "new"
                batch = str(batches[name, day])
                announced.append((batch, str(n + 1), kind, "1", str(n)))
        load(
            "papers.Announcement",
            ("batch_id", "paper_id", "kind", "version", "position"),
            announced,
            len(announced),
        )

    def readings(self) -> None:
        size = self.size
        rows = (
            (
                str(n),
                str(1 + (n * 31 + number * 977) % size.papers),
                self.group.hour(number),
            )
            for n in range(1, size.members + 1)
            for number in range(size.readings)
        )
        many = size.members * size.readings
        load("papers.Reading", ("member_id", "paper_id", "kept_at"), rows, many)

    @cached_property
    def paper_days(self) -> list[date]:
        return weekdays(self.group.now.date(), self.size.paper_days)

    def paper(self, n: int, days: Sequence[date]) -> tuple[date, list[str]]:
        """Its day, the oldest paper first, and its categories,
        primary first.
        """
        day = days[-1 - n * len(days) // self.size.papers]
        count = 2 if n % 20 < 9 else 1
        return day, [CATEGORIES[(n + number) % 4] for number in range(count)]

    def paper_row(
        self, n: int, day: date, names: Sequence[str], words: dict[str, str], at: str
    ) -> Row:
        return (
            str(n + 1),
            arxiv_id(n, day),
            "1",
            words["title"],
            words["title_html"],
            words["abstract"],
            words["abstract_html"],
            words["pipeline_version"],
            words["authors"],
            json.dumps(names),
            names[0],
            str(day),
            at,
        )


def arxiv_id(n: int, day: date) -> str:
    return f"{day:%y%m}.{n:05d}"


def weekdays(last: date, count: int) -> list[date]:
    """So many days from Monday to Friday, the newest first."""
    days = (last - timedelta(days=number) for number in itertools.count())
    return list(itertools.islice((day for day in days if day.weekday() < 5), count))
