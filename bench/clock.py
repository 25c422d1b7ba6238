"""One tick of every task of the clock while nobody is due: its CPU
at this size.
"""

import subprocess
from dataclasses import dataclass

from bench import cpu
from bench.ratios import middle
from bench.sites import BenchFailed, Site

ROUNDS = 3
BY = "bench-ticks"


@dataclass(frozen=True, slots=True)
class Tick:
    task: str
    app: float  # milliseconds
    db: float


def ticks(site: Site) -> list[Tick]:
    """Each task is run once to settle, and then measured."""
    environment = site.environment(
        site.copy, EMAIL_URL="dummymail://", PGAPPNAME=BY, LOG_LEVEL="CRITICAL"
    )
    with subprocess.Popen(
        [site.python, "-m", "bench_site.ticks"],
        cwd=site.root,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            names = said(process).split()
            return [tick(site, process, name) for name in names]
        finally:
            assert process.stdin is not None
            process.stdin.close()


def tick(site: Site, process: subprocess.Popen[str], name: str) -> Tick:
    figures = [once(site, process, name) for _each in range(ROUNDS + 1)][1:]
    return Tick(
        name,
        middle([app for app, _db in figures]),
        middle([db for _app, db in figures]),
    )


def once(site: Site, process: subprocess.Popen[str], name: str) -> tuple[float, float]:
    database = site.database.used(site.copy, BY)
    web = cpu.used([process.pid])
    assert process.stdin is not None
    process.stdin.write(f"{name}\n")
    process.stdin.flush()
    said(process)
    web_after = cpu.used([process.pid])
    database_after = site.database.used(site.copy, BY)
    app = cpu.between(web, web_after) / 1_000_000
    return app, cpu.between(database, database_after) / 1_000_000


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise BenchFailed("The process that runs the tasks has ended.")
    return line
