"""`make bench-digest`: the weekly digest, composed, written and sent to a local server.

    make bench-digest                       3,000 mails on PostgreSQL, small data
    make bench-digest SIZE=large MAILS=3000 with 100,000 members beside them
    make bench-digest DB=sqlite SAVE=1

Every commit is forced to the disk. The mail server is a process of its
own; what it took must be what was written, none lost and none twice. CPU
is that of the workers and of the backends of the database that serve them.
Written by one worker; sent by one, and on a fresh copy of the same data by
two at once.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import report
from bench.databases import kept_folder, open_database
from bench.sites import ROOT, BenchFailed, Site, commit_of, free_port
from bench.tables import Cell, table
from bench.workers import BY, Stage, Worker, talking, together

SITE_URL = "https://study.example.org"


@dataclass(frozen=True, slots=True)
class Result:
    workers: int
    written: Stage
    sent: Stage
    idle_megabytes: float
    bytes_each: float

    def row(self) -> list[Cell]:
        mails = self.sent.count
        app = (self.written.app + self.sent.app) / mails
        db = (self.written.db + self.sent.db) / mails
        seconds = self.written.seconds + self.sent.seconds
        memory = (self.idle_megabytes, self.written.megabytes, self.sent.megabytes)
        return [
            f"{self.workers}",
            mails,
            f"{self.written.count / self.written.seconds:.0f}",
            f"{mails / self.sent.seconds:.0f}",
            f"{mails / seconds:.0f}",
            app,
            db,
            app + db,
            f"{self.bytes_each / 1000:.1f}",
            " / ".join(f"{each:.0f}" for each in memory),
        ]


HEAD = (
    *("workers", "mails", "written/s", "sent/s", "together/s", "app ms", "db ms"),
    *("CPU ms a mail", "KB", "MB idle / written / sent"),
)


class Sink:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.port = int(process.stdout.readline())

    def taken(self) -> tuple[int, int]:
        """Mails and bytes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        mails, size = self.process.stdout.readline().split()
        return int(mails), int(size)


def run(site: Site, count: int, mails: int) -> Result:
    """Digests of so many members, sent by `count` workers.

    Raises BenchFailed.
    """
    site.prepare()
    day = coming_sunday(datetime.now(UTC))
    with ExitStack() as stack:
        stack.enter_context(site.broker())
        argv = [sys.executable, "-m", "bench.sink"]
        sink = Sink(stack.enter_context(talking(argv, cwd=ROOT)))
        environment = site.environment(
            site.copy,
            EMAIL_URL=f"smtp://127.0.0.1:{sink.port}",
            SITE_URL=SITE_URL,
            PGAPPNAME=BY,
            LOG_LEVEL="WARNING",
        )
        argv = [site.python, "-m", "bench_site.letters"]
        workers = [
            Worker(stack.enter_context(talking(argv, cwd=site.root, env=environment)))
            for _each in range(count)
        ]
        for settle in (f"only {mails}", f"write {datetime.now(UTC).date()}"):
            workers[0].tell(settle)
            workers[0].heard()
        written = together(site, workers[:1], f"write {day}")
        sent = together(site, workers, f"send {day}")
        taken, size = sink.taken()
    if not taken == sent.count == written.count or not taken:
        raise BenchFailed(f"{written.count} due, {sent.count} sent, {taken} taken.")
    return Result(count, written, sent, workers[0].idle_megabytes, size / taken)


def coming_sunday(now: datetime) -> str:
    """The first Sunday whose evening is still to come everywhere."""
    day = now.date() + timedelta(days=(6 - now.weekday()) % 7)
    return str(day if now.weekday() != 6 else day + timedelta(days=7))


def text_of(site: Site, results: Sequence[Result]) -> str:
    title = report.title("Digest", site.database, site.size, [site])
    one, *others = results
    rate = one.sent.count / one.sent.seconds
    lines = [title, table(HEAD, [result.row() for result in results])]
    for other in others:
        times = other.sent.count / other.sent.seconds / rate
        lines.append(f"{other.workers} workers send {times:.2f} × as many a second.")
    return "\n\n".join(lines) + "\n"


def main() -> int:
    with kept_folder() as home:
        run_all(home)
    return 0


def run_all(home: Path) -> None:
    given = os.environ.get
    database = open_database(given("DB", "") or "postgresql", home)
    mails = int(given("MAILS", "") or 3000)
    size = given("SIZE", "") or "small"
    try:
        name = (ROOT, "this", size, database, home, free_port(), commit_of(ROOT))
        site = Site(*name)
        text = text_of(site, [run(site, count, mails) for count in (1, 2)])
        print(text)
        if given("SAVE"):
            report.save(f"digest, {database.vendor}", text)
        site.drop()
    finally:
        database.stop()


if __name__ == "__main__":
    sys.exit(main())
