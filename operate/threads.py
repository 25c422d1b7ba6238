"""Threads that call the site, the one that became free last first.

Each thread keeps what it has warmed up: its connection to the database, and
what the server has planned for it. With few threads, few connections are
open, and each is warm after a few requests (decision 0140).
"""

import threading
from collections.abc import Callable
from typing import Any


class SiteThread:
    """A thread that runs one call after the other."""

    def __init__(self) -> None:
        self._begin = threading.Lock()
        self._begin.acquire()
        self._done = threading.Lock()
        self._done.acquire()
        self._call: Callable[[], Any] | None = None
        self._answer: Any = None
        self._error: BaseException | None = None
        threading.Thread(target=self._run, daemon=True, name="site").start()

    def call(self, call: Callable[[], Any]) -> Any:
        """What `call` returns or raises, run in this thread."""
        self._call = call
        self._begin.release()
        self._done.acquire()
        answer, error = self._answer, self._error
        self._answer = self._error = None
        if error is None:
            return answer
        try:
            raise error
        finally:
            del error  # its traceback would keep this frame

    def _run(self) -> None:
        while True:
            self._begin.acquire()
            call, self._call = self._call, None
            assert call
            try:
                self._answer = call()
            except BaseException as error:
                self._error = error
            del call  # an idle thread keeps no request
            self._done.release()


class SiteThreads:
    """As many threads as calls that are made at once."""

    def __init__(self) -> None:
        self._free: list[SiteThread] = []

    def call(self, call: Callable[[], Any]) -> Any:
        """What `call` returns or raises, run in a thread that is kept."""
        try:
            thread = self._free.pop()
        except IndexError:
            thread = SiteThread()
        try:
            return thread.call(call)
        finally:
            self._free.append(thread)
