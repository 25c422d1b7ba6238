"""One digest run under a plan of faults, and what came of it."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from chaos.places import ROOT, Postgres, Sqlite
from chaos.sink import FAULTS, Sink

# a minute after everybody's hour
SUNDAY = datetime(2026, 11, 22, 18, 1, tzinfo=UTC).timestamp()
SPEED = 60.0  # a second of a run is a minute of the workers' clock
HOUR, DAY = 3600.0, 86_400.0
KILL, KILL_ALL, FREEZE, DATABASE, POWER = (
    "kill -9",
    "kill -9 of all",
    "frozen worker",
    "database",
    "power cut",
)
AHEAD_HOUR, AHEAD_WEEK, BEHIND = (
    "clock +1 h and back",
    "clock +7 d and back",
    "clock -40 min",
)
SHOCKS = (KILL, KILL_ALL, FREEZE, DATABASE, POWER, AHEAD_HOUR, AHEAD_WEEK, BEHIND)
LONGEST_SECONDS = 25.0  # of a plan
# hours between two ticks after the faults
SETTLE_STEPS = (0.3, 0.3, 0.3, 1.1, 1.1, 2.2, 13, 1.1, 2.2, 1.1)
SETTLE_ROUNDS = 40
SETTLED_FOR = 26 * HOUR


@dataclass
class Result:
    """What one run came to. `lost`: no mail, and no row that says why.

    `doubled`: two that no rule allows.
    """

    number: int
    database: str
    members: int
    smtp: str
    shocks: list[str]
    arrived: int = 0
    lost: int = 0
    doubled: int = 0
    # a second one with the same Message-ID, sent by the rule for unheard
    # mails
    copies: int = 0
    unheard: int = 0  # neither arrived nor refused, and shown to the owner
    refused: int = 0  # given up in the server's words, and shown
    open: int = 0  # still waiting at the end
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.open)


def plan(number: int, database: str) -> tuple[str, list[str]]:
    """The faults of a run, always the same for its number: one of the
    server, and up to three shocks.
    """
    chance = random.Random(f"{number}-{database}")
    smtp = (*FAULTS, "")[number % (len(FAULTS) + 1)]
    shocks = [
        SHOCKS[number % len(SHOCKS)],
        *chance.sample(SHOCKS, chance.randint(0, 2)),
    ]
    return smtp, list(dict.fromkeys(shocks))


class Nursery:
    """The process that workers are forked from, and the file that
    is their clock.
    """

    def __init__(self, given: dict[str, str], folder: Path, log: IO[str]) -> None:
        self.clock = folder / "clock"
        self.set_clock(SUNDAY)
        self.workers: list[int] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "chaos.nursery"],
            cwd=ROOT,
            env={**given, "CHAOS_CLOCK": str(self.clock)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def ask(self, word: str) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def start_worker(self) -> None:
        self.workers.append(self.ask("worker")["pid"])

    def send(self, number: int, count: int | None = None) -> None:
        for pid in self.workers[:count]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if number == signal.SIGKILL:
            self.workers = self.workers[len(self.workers) if count is None else count :]

    def now(self) -> float:
        moment, since, speed = map(float, self.clock.read_text().split())
        return moment + (time.time() - since) * speed

    def set_clock(self, moment: float, speed: float = SPEED) -> None:
        draft = self.clock.with_suffix(".draft")
        draft.write_text(f"{moment} {time.time()} {speed}")
        draft.rename(self.clock)

    def end(self) -> None:
        self.send(signal.SIGKILL)
        self.process.kill()
        self.process.wait()


def run(number: int, place: Sqlite | Postgres, sink: Sink, *, members: int) -> Result:
    """Three workers, the faults of the plan while they work, then a calm
    server and a clock that goes on.
    """
    smtp, shocks = plan(number, place.name)
    result = Result(number, place.name, members, smtp, shocks)
    began = time.monotonic()
    sink.reset()
    given = place.begin()
    given["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
    with open(place.data / "log", "w") as log:
        nursery = Nursery(given, place.data, log)
        try:
            sink.fault = smtp
            _disturb(nursery, place, shocks, random.Random(number), sink, members)
            sink.fault = ""
            _settle(nursery)
            rows = json.loads(nursery.ask("rows")["said"] or "[]")
        finally:
            nursery.end()
    _count(result, rows, sink, early=AHEAD_WEEK in shocks)
    result.seconds = round(time.monotonic() - began, 1)
    return result


def _disturb(
    nursery: Nursery,
    place: Sqlite | Postgres,
    shocks: list[str],
    chance: random.Random,
    sink: Sink,
    members: int,
) -> None:
    for _ in range(chance.randint(1, 3)):
        nursery.start_worker()
    deadline = time.monotonic() + LONGEST_SECONDS
    # Spread over the run by mails, not by time: a slow machine meets the
    # same faults.
    moments = sorted(chance.randint(0, members * 2 // 3) for _ in shocks)
    for shock, moment in zip(shocks, moments, strict=True):
        while len(sink.kept) < moment and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.02)
        _shock(shock, nursery, place)
        while len(nursery.workers) < 2:
            nursery.start_worker()
    while len(sink.kept) < members * 2 // 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    nursery.send(signal.SIGKILL)


def _shock(shock: str, nursery: Nursery, place: Sqlite | Postgres) -> None:
    now = nursery.now()
    if shock == KILL:
        nursery.send(signal.SIGKILL, 1)
    elif shock == KILL_ALL:
        nursery.send(signal.SIGKILL)
    elif shock == FREEZE:
        nursery.send(signal.SIGSTOP, 1)
        time.sleep(1)
        nursery.send(signal.SIGCONT, 1)
    elif shock == DATABASE:
        place.disturb()
    elif shock == POWER:
        nursery.send(signal.SIGKILL)
        time.sleep(0.05)
        place.cut_power()
    elif shock == BEHIND:
        nursery.set_clock(now - 2400)
    else:
        ahead = HOUR if shock == AHEAD_HOUR else 7 * DAY
        nursery.set_clock(now + ahead)
        time.sleep(1.5)
        nursery.send(signal.SIGKILL, 1)  # what it had in hand was claimed in the future
        nursery.set_clock(nursery.now() - ahead)


def _settle(nursery: Nursery) -> None:
    """Tick, and move the clock on, until the ledger has not changed for
    more than a day.

    A mail whose hour has passed waits for the next morning, so an evening
    without a change says nothing.
    """
    time.sleep(0.3)
    before, changed_at = "", nursery.now()
    for step in range(SETTLE_ROUNDS):
        nursery.set_clock(
            nursery.now() + SETTLE_STEPS[step % len(SETTLE_STEPS)] * HOUR, speed=1
        )
        nursery.ask("tick")
        after = nursery.ask("rows")["said"]
        if after != before:
            before, changed_at = after, nursery.now()
        elif nursery.now() - changed_at > SETTLED_FOR:
            return


def _count(
    result: Result, rows: list[dict[str, Any]], sink: Sink, *, early: bool
) -> None:
    kept = Counter(sink.kept)
    arrived: dict[str, list[int]] = {}
    for (recipient, _message_id), times in kept.items():
        arrived.setdefault(recipient, []).append(times)
    by_member: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_member.setdefault(row["member__email"], []).append(row)
    for n in range(result.members):
        email = f"m{n}@example.org"
        mails, own = arrived.get(email, []), by_member.get(email, [])
        result.arrived += bool(mails)
        repeats = sum(row["repeats"] for row in own)
        copies = sum(mails) - len(mails)
        result.copies += min(copies, repeats)
        result.doubled += max(0, copies - repeats) + max(
            0, len(mails) - (2 if early else 1)
        )
        waiting = [
            row
            for row in own
            if not (row["sent_at"] or row["given_up_at"] or row["handed_over_at"])
        ]
        result.open += bool(waiting)
        if mails:
            continue
        shown = [row for row in own if row["handed_over_at"] and not row["sent_at"]]
        given_up = [row for row in own if row["given_up_at"] and row["error"]]
        result.unheard += bool(shown)
        result.refused += bool(given_up and not shown)
        if not (shown or given_up or waiting):
            result.lost += 1
            result.notes.append(f"{email}: {own}")


def as_line(result: Result) -> str:
    return json.dumps(asdict(result))
