"""`make bench`: what pages and deeds of the site cost, as ratios to what Django costs.

    make bench                     PostgreSQL, small data
    make bench DB=sqlite           SQLite
    make bench PARTS=search        one part: pages, search, ticks, crowd, start, telling
    make bench SIZE=large          the size of the goals; built once, then kept
    make bench BESIDE=/path        another checkout too, in the same run
    make bench SAVE=1              put the tables into docs/performance.md

The site and the floor (`inside/bench_site/floor.py`) are served by the
command of `make up` and asked over HTTP by turns. CPU is that of all web
processes and of the backends of the database that serve them, in
milliseconds a request. A ratio is taken beside the floor in each round;
shown are the median and where the middle half lies.
"""

import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import report
from bench.asking import Browser, Line
from bench.clock import ticks
from bench.counting import count_queries
from bench.crowd import crowd
from bench.databases import Database, kept_folder, open_database
from bench.measuring import Case, Floor, Visitors, measure
from bench.searching import searches
from bench.sites import ROOT, Server, Site, commit_of, free_port
from bench.starting import second_start
from bench.telling import telling

PARTS = ("pages", "search", "ticks", "crowd", "start", "telling")
FLOOR = "bench_site.floor_settings"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the environment asks for."""

    vendor: str
    size: str
    beside: Path | None
    rounds: int
    times: int
    seconds: int
    parts: tuple[str, ...]

    @classmethod
    def from_environment(cls) -> "Wanted":
        given = os.environ.get
        beside = given("BESIDE", "")
        return cls(
            vendor=given("DB", "") or "postgresql",
            size=given("SIZE", "") or "small",
            beside=Path(beside).resolve() if beside else None,
            rounds=int(given("ROUNDS", "") or 7),
            times=int(given("TIMES", "") or 6),
            seconds=int(given("SECONDS", "") or 15),
            parts=tuple((given("PARTS", "") or ",".join(PARTS)).split(",")),
        )


def main() -> int:
    wanted = Wanted.from_environment()
    with kept_folder() as home:
        run_all(wanted, home)
    return 0


def run_all(wanted: Wanted, home: Path) -> None:
    database = open_database(wanted.vendor, home)
    try:
        with ExitStack() as stack:
            run = prepare(wanted, database, home, stack)
            measured = report.Report(wanted.size, database, run.sites)
            if "pages" in wanted.parts:
                pages(run, wanted, measured)
            if "search" in wanted.parts:
                assert run.floor is not None
                for visitors in run.visitors:
                    name = visitors.server.site.name
                    measured.searches[name] = searches(visitors, run.floor)
            if "crowd" in wanted.parts:
                for server in run.servers:
                    measured.crowds[server.site.name] = crowd(server, wanted.seconds)
            stack.close()
            for site in run.sites:
                after_pages(site, wanted, measured)
            show("pages", measured.text(), wanted)
            show("telling", measured.telling(), wanted)
            for site in run.sites:
                site.drop()
    finally:
        database.stop()


def show(name: str, text: str, wanted: Wanted) -> None:
    """Print what was measured; with SAVE=1 it is kept too."""
    print(text)
    if text and os.environ.get("SAVE"):
        report.save(f"{name}, {wanted.vendor}", text)


@dataclass(slots=True)
class Run:
    sites: list[Site]
    servers: list[Server]
    floor: Floor | None = None
    visitors: list[Visitors] = field(default_factory=list)


def prepare(wanted: Wanted, database: Database, home: Path, stack: ExitStack) -> Run:
    """Every site built, copied and served, and the floor on the
    copy of this one.
    """
    roots = {"this": ROOT}
    if wanted.beside:
        roots["beside"] = wanted.beside
    sites = [
        Site(root, name, wanted.size, database, home, free_port(), commit_of(root))
        for name, root in roots.items()
    ]
    servers = []
    for site in sites:
        site.prepare()
        stack.enter_context(site.broker())
        servers.append(stack.enter_context(site.served()))
    floor_server = stack.enter_context(
        sites[0].served(settings=FLOOR, port=free_port(), path="/floor/")
    )
    reader = Browser(Line(floor_server.port))
    floor = Floor(floor_server, lambda: reader.get("/floor/"))
    return Run(sites, servers, floor, [Visitors.of(server) for server in servers])


def pages(run: Run, wanted: Wanted, measured: report.Report) -> None:
    assert run.floor is not None
    idle = {server.site.name: server.memory() for server in run.servers}
    page_cases = cases(run, "pages")
    measure(page_cases, run.floor, wanted.rounds, wanted.times)
    before = counts(run)
    deed_cases = cases(run, "deeds")
    measure(deed_cases, run.floor, wanted.rounds, wanted.times)
    check(run, before, 3 + wanted.rounds * wanted.times)
    measured.cases = [*page_cases, *deed_cases]
    measured.floor = run.floor
    for server in run.servers:
        measured.memory[server.site.name] = (idle[server.site.name], server.memory())


def cases(run: Run, what: str) -> list[Case]:
    """Each page or deed with how it is asked for on each site that has it."""
    found: dict[str, Case] = {}
    for visitors in run.visitors:
        for each in visitors.server.site.facts[what]:
            case = found.setdefault(each["name"], Case(each["name"], each["goal"], {}))
            ask = visitors.get(each) if what == "pages" else visitors.send(each)
            case.asks[visitors.server.site.name] = (visitors.server, ask)
    return list(found.values())


def counts(run: Run) -> dict[tuple[str, str], int]:
    """How many rows there are in the tables that deeds write to,
    by site and table.
    """
    return {
        (site.name, deed["table"]): site.database.count(site.copy, deed["table"])
        for site in run.sites
        for deed in site.facts["deeds"]
        if deed["table"]
    }


def check(run: Run, before: dict[tuple[str, str], int], asked: int) -> None:
    """Every comment and post that was sent is there: no form was refused."""
    for key, now in counts(run).items():
        if now - before[key] != asked:
            site, table = key
            raise SystemExit(
                f"{site}: {asked} sent, {now - before[key]} new in {table}."
            )


def after_pages(site: Site, wanted: Wanted, measured: report.Report) -> None:
    """What needs the site for itself."""
    if "pages" in wanted.parts:
        with site.broker():
            count_queries(site, measured.cases)
    if "ticks" in wanted.parts:
        with site.broker():
            measured.ticks[site.name] = ticks(site)
    if "start" in wanted.parts:
        measured.starts[site.name] = second_start(site)
    if "telling" in wanted.parts:  # the last one: it takes the data anew
        measured.told[site.name] = telling(site)


if __name__ == "__main__":
    sys.exit(main())
