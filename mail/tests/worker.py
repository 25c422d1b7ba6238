"""Workers to be killed.

The parent process is warm, so that each worker is there at once; it opens
no database itself.

    python -m mail.tests.worker

reads lines: a moment (ISO 8601) starts a worker that writes what is due
and sends it, as the tasks do, and answers with its process id; "wait"
answers with the exit codes of those that are still to be waited for. The
settings come from the environment, as they do for the site's own worker.
"""

import os
import sys
import traceback
from datetime import datetime


def work(now: datetime) -> None:
    from django.utils import timezone

    from mail import actions

    offset = now - timezone.now()

    def clock() -> datetime:
        return timezone.now() + offset

    actions.write_due_digests(clock())
    actions.send_waiting(clock)


def child(now: datetime) -> int:
    try:
        work(now)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    import django

    django.setup()
    from mail import actions  # noqa: F401  (warm)

    started = []
    for line in sys.stdin:
        if line.strip() == "wait":
            answer = " ".join(str(os.waitpid(pid, 0)[1]) for pid in started)
            started.clear()
        else:
            pid = os.fork()
            if pid == 0:
                os._exit(child(datetime.fromisoformat(line.strip())))
            started.append(pid)
            answer = str(pid)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
