"""What processes have used, as Linux counts it: CPU in
nanoseconds, memory in bytes.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def used(pids: Iterable[int]) -> dict[int, int]:
    """Nanoseconds on a CPU of each thread, by thread.

    Who has ended is left out.
    """
    found = {}
    for pid in pids:
        with suppress(OSError):
            for task in (PROC / str(pid) / "task").iterdir():
                with suppress(OSError, ValueError):
                    text = (task / "schedstat").read_text()
                    found[int(task.name)] = int(text.split()[0])
    return found


def between(before: dict[int, int], after: dict[int, int]) -> int:
    """Nanoseconds that were used meanwhile; a new thread counts
    from nothing.
    """
    return sum(now - before.get(task, 0) for task, now in after.items())


def faults(pids: Iterable[int]) -> int:
    """How often the processes touched memory that the system had
    to give them first.
    """
    count = 0
    for pid in pids:
        with suppress(OSError):
            text = (PROC / str(pid) / "stat").read_text()
            count += int(text.rpartition(")")[2].split()[7])
    return count


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        each = waiting.pop()
        found.append(each)
        waiting += children(each)
    return found


def children(pid: int) -> list[int]:
    numbers: list[int] = []
    with suppress(OSError):
        for task in (PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                numbers += map(int, (task / "children").read_text().split())
    return numbers


def memory(pids: Iterable[int]) -> dict[str, int]:
    """Rss and Pss of the processes together."""
    sums = {"Rss": 0, "Pss": 0}
    for pid in pids:
        with suppress(OSError):
            for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
                name, _, rest = line.partition(":")
                if name in sums:
                    sums[name] += int(rest.split()[0]) * 1024
    return sums
