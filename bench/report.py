"""What a run has found, as Markdown."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bench.clock import Tick
from bench.crowd import Crowd
from bench.databases import Database
from bench.measuring import Case, Figures, Floor
from bench.ratios import middle, spread
from bench.searching import GOAL, TIMES, Searched
from bench.sites import ROOT, Site
from bench.tables import Cell, put_section, table

MEGA = 1_000_000
PAGE = ROOT / "docs" / "performance.md"
HEADING = """# Performance

Tables of the newest runs of `make bench SAVE=1` and `make bench-digest SAVE=1`. The
floor is one indexed query and a template of 20 rows without any middleware, served by
the command of `make up`. All times are CPU, of the web processes and of the database.
"faults" are page faults of the web processes in one request.
"""


@dataclass(slots=True)
class Report:
    size: str
    database: Database
    sites: Sequence[Site]
    floor: Floor | None = None
    cases: list[Case] = field(default_factory=list)
    ticks: dict[str, list[Tick]] = field(default_factory=dict)
    searches: dict[str, tuple[list[Searched], float]] = field(default_factory=dict)
    crowds: dict[str, Crowd] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    memory: dict[str, tuple[dict[str, int], dict[str, int]]] = field(
        default_factory=dict
    )

    def text(self) -> str:
        parts = [title("Pages", self.database, self.size, self.sites)]
        if self.floor:
            parts += [self.floor_line(), *(self.pages(site) for site in self.sites)]
        if len(self.sites) > 1 and self.cases:
            parts.append(self.beside())
        for site in self.sites:
            if site.name in self.searches:
                parts.append(self.searched(site))
        parts += [self.clock(site) for site in self.sites if site.name in self.ticks]
        if self.crowds:
            parts.append(self.crowded())
        if self.starts or self.memory:
            parts.append(self.processes())
        return "\n\n".join(parts) + "\n" if len(parts) > 1 else ""

    def telling(self) -> str:
        """What it costs to tell many, which is kept in a section of its own."""
        parts = [text for text in self.told.values() if text]
        head = title("Telling many", self.database, self.size, self.sites)
        return "\n\n".join([head, *parts]) + "\n" if parts else ""

    def floor_line(self) -> str:
        assert self.floor is not None
        both = [app + db for app, db in zip(self.floor.app, self.floor.db, strict=True)]
        found = spread(both)
        app, db = middle(self.floor.app), middle(self.floor.db)
        return (
            f"Floor: {found.middle:.2f} ms ({found}), of which "
            f"application {app:.2f}, database {db:.2f}."
        )

    def pages(self, site: Site) -> str:
        head = [
            *("page", "app ms", "db ms", "ms", "× floor", "middle half"),
            *("goal", "queries", "faults", "KB", "KB sent"),
        ]
        rows = [
            self.page(case, case.figures[site.name])
            for case in self.cases
            if site.name in case.figures
        ]
        return f"### {site.commit}\n\n{table(head, rows)}"

    def page(self, case: Case, figures: Figures) -> list[Cell]:
        ratio = figures.ratio
        assert figures.answer is not None
        return [
            case.name,
            f"{middle(figures.app):.1f}",
            f"{middle(figures.db):.1f}",
            f"{figures.milliseconds:.1f}",
            ratio.middle,
            str(ratio),
            f"{case.goal:.1f}",
            figures.queries,
            f"{middle(figures.faults):.0f}",
            f"{len(figures.answer.body) / 1000:.1f}",
            f"{len(figures.answer.sent) / 1000:.1f}",
        ]

    def beside(self) -> str:
        first, second = self.sites
        commits = [f"{site.commit} × floor" for site in self.sites]
        head = ["page", *commits, "ratio", "middle half"]
        rows: list[list[Cell]] = []
        for case in self.cases:
            if len(case.figures) == 2:
                this, other = case.figures[first.name], case.figures[second.name]
                pairs = zip(this.both, other.both, strict=True)
                ratio = spread([mine / theirs for mine, theirs in pairs])
                found = [this.ratio.middle, other.ratio.middle, ratio.middle]
                rows.append([case.name, *found, str(ratio)])
        return f"### {first.commit} beside {second.commit}\n\n{table(head, rows)}"

    def searched(self, site: Site) -> str:
        found, floor = self.searches[site.name]
        head = [
            *("search", "app p50 ms", "p50 ms", "p95 ms"),
            *("p50 × floor", "p95 × floor", "waited p50 ms", "waited p95 ms"),
        ]
        rows: list[list[Cell]] = [[*each.row(floor)] for each in found]
        note = f"Each {TIMES} times; goal: p95 at most {GOAL:.0f} × floor ({floor:.2f} ms)."
        return f"### Searches, {site.commit}\n\n{note}\n\n{table(head, rows)}"

    def clock(self, site: Site) -> str:
        found = self.ticks[site.name]
        rows: list[list[Cell]] = [
            [tick.task, tick.app, tick.db, tick.app + tick.db] for tick in found
        ]
        sums = [sum(tick.app for tick in found), sum(tick.db for tick in found)]
        rows.append(["all", *sums, sum(sums)])
        head = ("task, nobody due", "app ms", "db ms", "ms")
        return f"### One tick of the clock, {site.commit}\n\n{table(head, rows)}"

    def crowded(self) -> str:
        head = [
            *("50 readers, 10 writers", "pages/s", "writes/s"),
            *("p50 ms", "p95 ms", "p99 ms", "errors"),
        ]
        rows: list[list[Cell]] = [
            [site.commit, *self.crowds[site.name].row()]
            for site in self.sites
            if site.name in self.crowds
        ]
        wrong = [text for found in self.crowds.values() for text in found.errors[:3]]
        return "\n".join([table(head, rows), *wrong])

    def processes(self) -> str:
        head = ("processes", "second start s", "web MB", "after the pages MB", "Pss MB")
        rows: list[list[Cell]] = []
        for site in self.sites:
            idle, after = self.memory.get(site.name, ({}, {}))
            sizes = [idle.get("Rss", 0), after.get("Rss", 0), after.get("Pss", 0)]
            start = self.starts.get(site.name)
            rows.append([site.commit, start, *(round(size / MEGA) for size in sizes)])
        return table(head, rows)


def title(what: str, database: Database, size: str, sites: Sequence[Site]) -> str:
    names = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
    version = f"{names[database.vendor]} {database.version}"
    commits = " beside ".join(site.commit for site in sites)
    when = datetime.now(UTC).date()
    run = f"Commit {commits}, {when}, Python {platform.python_version()}."
    return f"## {what}, {version}, {size} data\n\n{run}"


def save(name: str, text: str) -> None:
    """Keep the tables in docs/performance.md, in place of those of
    the last run.
    """
    document = PAGE.read_text() if PAGE.exists() else HEADING
    PAGE.write_text(put_section(document, name, text))
