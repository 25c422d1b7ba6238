"""Settings of gunicorn, for `make up` and for the image of Docker.

The site is loaded once, before the web processes fork, so that they share
what is loaded. Whatever belongs to one process begins after the fork: its
connections and its threads (decision 0095).
"""

import signal
import threading
from typing import Any

from operate.connections import open_connections
from operate.supervisor import end_with

worker_class = "operate.webworker.TimedWorker"
threads = 16  # in each process; WEB_CONCURRENCY says how many of these
keepalive = 5  # seconds that a connection may say nothing, without a thread
preload_app = True
control_socket_disable = True


class CarriedOver(Exception):
    """Something was opened before the fork that each process needs for itself."""


def pre_fork(server: Any, worker: Any) -> None:
    """Refuse to share what only one process can use.

    Raises CarriedOver.
    """
    from django.db import connections

    if any(
        each.connection is not None for each in connections.all(initialized_only=True)
    ):
        raise CarriedOver(
            "Loading the site must not open a connection to the database."
        )
    if threading.active_count() > 1:
        raise CarriedOver("Loading the site must not start a thread.")


def post_fork(server: Any, worker: Any) -> None:
    """A worker whose master was killed would keep the port."""
    end_with(worker.ppid, signal.SIGKILL)
    from operate.storage import hold_database

    hold_database()


def child_exit(server: Any, worker: Any) -> None:
    """The connections of a process end with it."""
    open_connections.end(worker.age)
