"""Workers to be killed, forked from a warm process that opens no database
itself: `python -m chaos.nursery`.

Reads lines: "worker" starts a worker that ticks without end,
"tick" one that ticks once, "rows" one that answers with the ledger
as JSON. The answer is the process id and, for the last two, what
they say when they end.

The clock is a file named by CHAOS_CLOCK: a moment in seconds, the real
moment it belongs to, and how many times as fast it goes. Whoever changes
the file changes the clock of all workers.
"""

import json
import os
import signal
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

PAUSE = 0.2  # seconds between two ticks of a worker


def clock() -> datetime:
    moment, since, speed = map(
        float, Path(os.environ["CHAOS_CLOCK"]).read_text().split()
    )
    return datetime.fromtimestamp(moment + (time.time() - since) * speed, UTC)


def tick() -> None:
    """What the scheduled tasks do, one after the other."""
    from mail import actions

    actions.write_due_digests(clock())
    actions.send_waiting(clock)


def work() -> None:
    """Tick without end; as a Celery worker does, go on after a
    tick that failed.
    """
    from django.db import connection

    while True:
        try:
            tick()
        except Exception:
            traceback.print_exc()
            connection.close()
        time.sleep(PAUSE)


def rows() -> str:
    from mail.models import Delivery

    columns = (
        "member__email",
        "key",
        "sent_at",
        "given_up_at",
        "handed_over_at",
        "missed_at",
        "repeats",
        "error",
    )
    found = Delivery.objects.filter(kind=Delivery.Kind.DIGEST).values(*columns)
    return json.dumps(list(found), default=str)


def tick_once() -> str:
    tick()
    return "done"


def main() -> None:
    import django

    django.setup()
    from mail import actions  # noqa: F401  (warm)

    # nobody waits for those that are killed
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    answers = {"tick": tick_once, "rows": rows}
    for line in sys.stdin:
        word = line.strip()
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            os.setsid()
            _child(answers.get(word), write)
        os.close(write)
        said = ""
        if word in answers:
            with os.fdopen(read) as pipe:
                said = pipe.read()
        else:
            os.close(read)
        print(json.dumps({"pid": pid, "said": said}), flush=True)


def _child(answer: object, write: int) -> None:
    try:
        if callable(answer):
            with os.fdopen(write, "w") as pipe:
                pipe.write(str(answer()))
        else:
            work()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
