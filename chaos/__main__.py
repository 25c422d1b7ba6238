"""`python -m chaos`: run what is missing of the plan, print the table, fail when
something was lost or doubled.

Runs are numbered and their faults follow from the number, so that the work can be done
in pieces: each finished run is a line of the state file, and the next call goes on
after it.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
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
    chosen = parser.parse_args()
    home = (
        Path(tempfile.mkdtemp(prefix="minibatch-chaos-"))
        if chosen.short
        else chosen.state.parent
    )
    home.mkdir(parents=True, exist_ok=True)
    members = SHORT_MEMBERS if chosen.short else chosen.members
    alone: Sequence[int] = ()
    if chosen.short:
        alone = SHORT
    elif chosen.only is not None:
        alone = [chosen.only]
    results = [] if alone else _read(chosen.state, members)
    done = {(result.database, result.number) for result in results}
    numbers = alone or range(chosen.runs)
    until = time.monotonic() + chosen.minutes * 60 if chosen.minutes else float("inf")
    sink = Sink()
    sink.start()
    for kind in (Sqlite, Postgres):
        if chosen.database not in (kind.name, "both"):
            continue
        missing = [number for number in numbers if (kind.name, number) not in done]
        if not missing or time.monotonic() > until:
            continue
        folder = home / kind.name
        folder.mkdir(exist_ok=True)
        place = kind(folder, members)
        try:
            for number in missing:
                if time.monotonic() > until:
                    break
                result = run(number, place, sink, members=members)
                results.append(result)
                print(_told(result), flush=True)
                if not alone:
                    with chosen.state.open("a") as state:
                        state.write(as_line(result) + "\n")
        finally:
            place.end()
    print(_table(results))
    return int(not all(result.good for result in results))


def _read(state: Path, members: int) -> list[Result]:
    if not state.exists():
        return []
    results = [Result(**json.loads(line)) for line in state.read_text().splitlines()]
    return [result for result in results if result.members == members]


def _told(result: Result) -> str:
    faults = ", ".join(filter(None, [result.smtp, *result.shocks]))
    counts = f"arrived {result.arrived}, lost {result.lost}, doubled {result.doubled}, unheard {result.unheard}"
    return f"{result.database} {result.number}: {faults}: {counts}, {result.seconds} s"


def _table(results: list[Result]) -> str:
    """Sums by fault and database. A run with several faults counts in the line of each."""
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
