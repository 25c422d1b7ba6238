"""`python -m operate.beat`: Celery's beat, which sends the scheduled tasks.

It never loads Django, which halves its memory. It reads the schedule from the same
settings as the worker.
"""

import logging
import os
import signal
import threading
import time
from importlib import import_module
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler, Service
from celery.schedules import crontab

log = logging.getLogger("beat")

LOOP_SECONDS_MAX = 30
HUNG_SECONDS = 180
AT_ONCE = {"heartbeat"}  # sent at every start, so that the health page is right soon


class Memory(dict[str, Any]):
    """Replaces the file of the schedule if it cannot be written."""

    def sync(self) -> None:
        pass

    close = sync


class Schedule(PersistentScheduler):
    """Celery's scheduler, which also works with a full or read-only disk, and after the
    clock has gone back.
    """

    wall_clock = 0.0
    has_failed = False

    def setup_schedule(self) -> None:
        try:
            super().setup_schedule()
        except Exception as error:  # each kind of dbm has its own errors
            self._say(error)
            self._store = Memory(entries={})
            self.merge_inplace(self.app.conf.beat_schedule)
        self.wall_clock = time.time()
        self._forget_the_future()
        for name in AT_ONCE & self.schedule.keys():
            entry = self.schedule[name]
            entry.last_run_at = entry.last_run_at.replace(year=2000)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = time.time()
        if now < self.wall_clock - 1:
            log.warning("The clock went back by %.0f s.", self.wall_clock - now)
            self._forget_the_future()
        self.wall_clock = now
        return super().tick(*args, **kwargs)

    def sync(self) -> None:
        try:
            super().sync()
            self.has_failed = False
        except Exception as error:
            self._say(error)

    def close(self) -> None:
        try:
            super().close()
        except Exception as error:
            self._say(error)

    def _forget_the_future(self) -> None:
        """Reset tasks whose last run is in the future. They would not run again before the
        clock reaches that time.
        """
        for entry in self.schedule.values():
            now = entry.default_now()
            if entry.last_run_at > now:
                entry.last_run_at = now
        self._heap = None

    def _say(self, error: Exception) -> None:
        if not self.has_failed:
            log.warning(
                "The schedule's file cannot be written: %r. Beat goes on without it.",
                error,
            )
        self.has_failed = True


def make_app() -> Celery:
    """A Celery app with the project's settings and without Django."""
    settings = import_module(
        os.environ.pop("DJANGO_SETTINGS_MODULE", "config.settings")
    )
    app = Celery("minibatch-beat", set_as_current=True)
    app.config_from_object(settings, namespace="CELERY")
    app.conf.beat_schedule = {
        name: with_clock(entry) for name, entry in app.conf.beat_schedule.items()
    }
    return app


def with_clock(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the schedule whose time of the clock is Celery's."""
    when = entry["schedule"]
    if isinstance(when, dict):
        return {**entry, "schedule": crontab(**when)}
    return entry


def end_when_hung(service: Service) -> None:
    """End this process if the loop has hung for long, for example on a connection that
    does not answer. Its supervisor starts it again.
    """
    while True:
        time.sleep(5)
        if time.monotonic() - service._last_tick > HUNG_SECONDS:
            log.error(
                "Beat has not ticked for %d s and ends itself, to be started again.",
                HUNG_SECONDS,
            )
            os._exit(70)


def stop(*_: Any) -> None:
    raise SystemExit(0)


def main() -> None:
    logging.basicConfig(
        format="{asctime} {levelname} {name}: {message}",
        style="{",
        level=logging.WARNING,
    )
    app = make_app()
    service = Service(app, max_interval=LOOP_SECONDS_MAX, scheduler_cls=Schedule)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    service._last_tick = time.monotonic()
    threading.Thread(target=end_when_hung, args=[service], daemon=True).start()
    service.start()


if __name__ == "__main__":
    main()
