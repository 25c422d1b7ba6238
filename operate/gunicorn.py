"""Settings of gunicorn where the supervisor runs it."""

import signal
from typing import Any

from operate.supervisor import end_with

keepalive = 5  # seconds that a connection may say nothing, without a thread


def post_fork(server: Any, worker: Any) -> None:
    """A worker whose master was killed would keep the port, even while it
    still loads the site.
    """
    end_with(worker.ppid, signal.SIGKILL)
