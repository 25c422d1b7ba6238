"""`python -m chaos`: run what is missing of the plan, print the table, fail when
something was lost or doubled.

Runs are numbered and their faults follow from the number, so that the work
can be done in pieces: each finished run is a line of the state file, and
the next call goes on after it.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from chaos.places import Postgres, Sqlite
from chaos.run import Result, as_line, run
from chaos.sink import Sink

# the line dies before and after the dot, a power cut, clocks, kills
SHORT, SHORT_MEMBERS = (6, 8, 12), 40
COLUMNS = (
    "runs",
    "members",
    "arrived",
    "lost",
    "doubled",
    "copies",
    "unheard",
    "refused",
    "open",
)


def main() -> int:
    chosen = _arguments().parse_args()
    if chosen.short:
        numbers: Sequence[int] = SHORT
        members = SHORT_MEMBERS
        home = Path(tempfile.mkdtemp(prefix="minibatch-chaos-"))
        state = None
    elif chosen.only is not None:
        numbers = [chosen.only]
        members, home, state = chosen.members, chosen.state.parent, None
    else:
        numbers = range(chosen.runs)
        members, home, state = chosen.members, chosen.state.parent, chosen.state
    home.mkdir(parents=True, exist_ok=True)
    until = float("inf")
    if chosen.minutes:
        until = time.monotonic() + chosen.minutes * 60
    known = _read(state, members)

    def run_missing(kind: type[Sqlite] | type[Postgres]) -> list[Result]:
        done = {each.number for each in known if each.database == kind.name}
        missing = [number for number in numbers if number not in done]
        sink = Sink()
        sink.start()
        return Runs(kind, home / kind.name, members, sink, until).run(missing, state)

    kinds = [
        kind for kind in (Sqlite, Postgres) if chosen.database in (kind.name, "both")
    ]
    # A run mostly waits for its clock, so both databases have theirs at once.
    with ThreadPoolExecutor() as pool:
        results = [*known, *chain.from_iterable(pool.map(run_missing, kinds))]
    print(_table(results))
    return int(not all(result.good for result in results))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100, help="on each database (100)")
    parser.add_argument("--members", type=int, default=300)
    parser.add_argument(
        "--database", choices=["sqlite", "postgres", "both"], default="both"
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=0,
        help="stop after about that long; 0 for no limit",
    )
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(tempfile.gettempdir()) / "minibatch-chaos" / "state.jsonl",
    )
    parser.add_argument(
        "--short",
        action="store_true",
        help="three telling runs of 40 members, for every change",
    )
    parser.add_argument(
        "--only", type=int, help="this run alone, without the state file"
    )
    return parser


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs on one database."""

    database: type[Sqlite] | type[Postgres]
    folder: Path
    members: int
    sink: Sink
    until: float  # of the monotonic clock

    def run(self, numbers: Sequence[int], state: Path | None) -> list[Result]:
        """Each result is a line of the state file as soon as it is there."""
        results: list[Result] = []
        if not numbers or time.monotonic() > self.until:
            return results
        self.folder.mkdir(exist_ok=True)
        place = self.database(self.folder, self.members)
        try:
            for number in numbers:
                if time.monotonic() > self.until:
                    break
                result = run(number, place, self.sink, members=self.members)
                results.append(result)
                print(_told(result), flush=True)
                if state is not None:
                    with state.open("a") as lines:
                        lines.write(as_line(result) + "\n")
        finally:
            place.end()
        return results


def _read(state: Path | None, members: int) -> list[Result]:
    if state is None or not state.exists():
        return []
    results = [Result(**json.loads(line)) for line in state.read_text().splitlines()]
    return [result for result in results if result.members == members]


def _told(result: Result) -> str:
    faults = ", ".join(filter(None, [result.smtp, *result.shocks]))
    counts = f"arrived {result.arrived}, lost {result.lost}"
    counts += f", doubled {result.doubled}, unheard {result.unheard}"
    return f"{result.database} {result.number}: {faults}: {counts}, {result.seconds} s"


def _table(results: list[Result]) -> str:
    """Sums by fault and database.

    A run with several faults counts in the line of each.
    """
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(COLUMNS))
    for result in results:
        counts = [1, result.members, result.arrived, result.lost, result.doubled]
        counts += [result.copies, result.unheard, result.refused, result.open]
        for fault in (
            "all",
            result.database,
            result.smtp or "calm server",
            *result.shocks,
        ):
            sums[fault] = [a + b for a, b in zip(sums[fault], counts, strict=True)]
    lines = [" | ".join(["fault", *COLUMNS])]
    lines += [
        " | ".join([fault, *map(str, counts)]) for fault, counts in sorted(sums.items())
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
