"""Workers of the bench: processes that do what a line says, and what that costs."""

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench import cpu
from bench.sites import BenchFailed, Site

BY = "bench-mail"


@dataclass(frozen=True, slots=True)
class Stage:
    """What one or more workers did at once."""

    count: int
    seconds: float
    app: float  # milliseconds of CPU in all
    db: float
    megabytes: float


class Worker:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.idle_megabytes = self.heard()["megabytes"]

    def tell(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()

    def heard(self) -> dict[str, float]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise BenchFailed("A worker has ended.")
        found: dict[str, float] = json.loads(line)
        return found


@contextmanager
def talking(argv: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that reads and prints lines; it ends when nothing
    more can come in.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        argv, stdin=pipe, stdout=pipe, text=True, **options
    ) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)


def together(site: Site, workers: Sequence[Worker], command: str) -> Stage:
    """The same command to all at once, until the last is done."""
    pids = [worker.process.pid for worker in workers]
    app, db = cpu.used(pids), site.database.used(site.copy, BY)
    begun = time.perf_counter()
    for worker in workers:
        worker.tell(command)
    found = [worker.heard() for worker in workers]
    seconds = time.perf_counter() - begun
    app_after, db_after = cpu.used(pids), site.database.used(site.copy, BY)
    return Stage(
        count=int(sum(each["count"] for each in found)),
        seconds=seconds,
        app=cpu.between(app, app_after) / 1_000_000,
        db=cpu.between(db, db_after) / 1_000_000,
        megabytes=max(each["megabytes"] for each in found),
    )
