"""The worker's consumer. A message that it cannot use is set aside, and the others are
handled.
"""

import gc
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import Celery, signals
from celery.worker.consumer import Consumer as CeleryConsumer

from operate.broker import keep

log = logging.getLogger(__name__)

HUNG_SECONDS = 300


class Consumer(CeleryConsumer):
    """Celery's consumer, but a message that it cannot use is stored for the owner.

    Celery's own logs such a message and drops it.
    """

    def create_task_handler(self, *args: Any, **kwargs: Any) -> Callable[[Any], None]:
        handle = super().create_task_handler(*args, **kwargs)

        def on_task_received(message: Any) -> None:
            try:
                handle(message)
            except self.connection_errors:
                raise
            except Exception as error:
                self._set_aside(message, f"It cannot be read: {error!r}")
                message.ack_log_error(log, self.connection_errors)

        return on_task_received

    def on_unknown_message(self, body: Any, message: Any) -> None:
        self._set_aside(message, "It names no task.")
        super().on_unknown_message(body, message)

    def on_unknown_task(self, body: Any, message: Any, exc: Exception) -> None:
        self._set_aside(message, "There is no task of this name.")
        message.reject_log_error(log, self.connection_errors)

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:
        self._set_aside(message, f"It is no task message: {exc!r}")
        super().on_invalid_task(body, message, exc)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        self._set_aside(message, f"It cannot be decoded: {exc!r}")
        super().on_decode_error(message, exc)

    def _set_aside(self, message: Any, reason: str) -> None:
        headers = message.headers if isinstance(message.headers, dict) else {}
        keep(reason, task=str(headers.get("task", "")), text=message.body)


@signals.task_failure.connect
def keep_bad_arguments(
    sender: Any = None,
    args: Any = (),
    kwargs: Any = None,
    exception: Any = None,
    **_: Any,
) -> None:
    """Store a message that calls a task with arguments that it does not take."""
    if not isinstance(exception, TypeError) or sender is None:
        return
    try:
        sender.__header__(*args, **(kwargs or {}))
    except TypeError as error:
        keep(
            f"The arguments do not fit: {error}",
            task=sender.name,
            text=f"{args!r} {kwargs!r}",
        )


# New objects after which the garbage collector looks at the youngest. A run of mail
# makes millions and forgets them; looking after every 700 takes a thirtieth of its time.
NEW_OBJECTS = 20_000


@signals.worker_ready.connect
def load_before_the_first_task(**_: Any) -> None:
    # Imported late: this module is loaded before Django.
    from config import loaded

    loaded.load_addresses()
    loaded.freeze()
    gc.set_threshold(NEW_OBJECTS)


# A worker that hangs


class Pulse:
    """The time at which this process last began or finished a task."""

    at = time.monotonic()

    @classmethod
    def beat(cls, **_: Any) -> None:
        cls.at = time.monotonic()


signals.task_prerun.connect(Pulse.beat)
signals.task_postrun.connect(Pulse.beat)


@signals.worker_ready.connect
def watch_for_hanging(sender: Any = None, **_: Any) -> None:
    # Imported late: this module is loaded before Django.
    from operate.storage import hold_database

    hold_database()
    threading.Thread(target=end_when_hung, args=[sender.app], daemon=True).start()


def end_when_hung(
    app: Celery, every: float = 15, exit: Callable[[int], object] = os._exit
) -> None:
    """End this worker if messages have waited for long and it has not begun or finished
    a task.

    Its supervisor starts it again, and its unfinished tasks are delivered again.
    """
    Pulse.beat()
    while time.monotonic() - Pulse.at < HUNG_SECONDS:
        time.sleep(every)
        try:
            waiting = messages_waiting(app)
        except Exception:  # the broker does not answer, which is not the worker's fault
            waiting = 0
        if not waiting:
            Pulse.beat()
    log.error(
        "%s messages wait and no task began for %s s: the worker ends itself.",
        waiting,
        HUNG_SECONDS,
    )
    exit(70)


def messages_waiting(app: Celery) -> int:
    with app.connection_for_read() as connection, connection.channel() as channel:
        return int(
            channel.queue_declare(
                app.conf.task_default_queue, passive=True
            ).message_count
        )
