"""An order in which requests are worked on.

Threads that all compute take the interpreter from each other in no order: of
sixteen at once, some wait ten times as long as others (decision 0095).
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Turns:
    """Lets `number` threads in at once, in the order in which they came.

    Nobody waits longer than `patience` seconds: those inside may be waiting
    themselves, for a lock of the database for example.
    """

    def __init__(self, number: int, patience: float) -> None:
        self.patience = patience
        self._free = number  # below zero when some lost their patience
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def take(self) -> None:
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=self.patience):
            return
        with self._lock, suppress(ValueError):  # the turn came in this moment
            self._waiting.remove(turn)
            self._free -= 1

    def give_back(self) -> None:
        with self._lock:
            self._free += 1
            if self._free > 0 and self._waiting:
                self._free -= 1
                self._waiting.popleft().release()


def by_turns(application: Application, turns: Turns) -> Application:
    """The same WSGI application, with a turn for each call.

    What it returns is sent without a turn: a visitor who reads slowly keeps nobody
    waiting.
    """

    def ordered(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        turns.take()
        try:
            return application(environ, start)
        finally:
            turns.give_back()

    return ordered
