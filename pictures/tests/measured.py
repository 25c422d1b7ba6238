"""A process that tries to read one picture under limits, and says what it cost.

`python -m pictures.tests.measured BYTES SECONDS < picture`
"""

import json
import resource
import sys

from pictures.encoding import encoded
from pictures.refusals import FileRefused


def peak() -> int:
    """The most memory that this process has held, in bytes."""
    with open("/proc/self/status") as status:
        [line] = [line for line in status if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def main(most_bytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        encoded(sys.stdin.buffer.read())
        outcome = "taken"
    except FileRefused as refusal:
        outcome = str(refusal)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "outcome": outcome,
        "bytes": peak(),
        "seconds": spent.ru_utime + spent.ru_stime,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
