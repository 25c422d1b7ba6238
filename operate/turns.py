"""An order in which requests are worked on.

Threads that all compute take the interpreter from each other in no order: of
sixteen at once, some wait ten times as long as others (decision 0095).
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from operate.threads import SiteThreads

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Turn:
    """The turn of one request, and when it began."""

    def __init__(self) -> None:
        self.began_at = 0.0
        self.has_come = threading.Lock()
        self.has_come.acquire()


class Turns:
    """Lets `number` requests in at once, in the order in which they came.

    A request that has been inside for `patience` seconds no longer counts: it may be
    waiting itself, for a lock of the database for example.
    """

    def __init__(self, number: int, patience: float) -> None:
        self.number = number
        self.patience = patience
        self._waiting: deque[Turn] = deque()
        self._inside: dict[Turn, None] = {}  # those that count, the oldest first
        self._lock = threading.Lock()

    def take(self) -> Turn:
        turn = Turn()
        with self._lock:
            self._waiting.append(turn)
            self._let_in()
        while not turn.has_come.acquire(timeout=self.patience):
            with self._lock:
                self._let_in()
        return turn

    def give_back(self, turn: Turn) -> None:
        with self._lock:
            self._inside.pop(turn, None)
            self._let_in()

    def _let_in(self) -> None:
        now = time.monotonic()
        for turn in list(self._inside):
            if now - turn.began_at < self.patience:
                break
            del self._inside[turn]
        while self._waiting and len(self._inside) < self.number:
            turn = self._waiting.popleft()
            turn.began_at = now
            self._inside[turn] = None
            turn.has_come.release()


def by_turns(application: Application, turns: Turns) -> Application:
    """The same WSGI application, with a turn and a thread of the site for each call.

    What it returns is sent without them: a visitor who reads slowly keeps nobody
    waiting.
    """
    threads = SiteThreads()

    def ordered(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        turn = turns.take()
        try:
            answer: Iterable[bytes] = threads.call(partial(application, environ, start))
            return answer
        finally:
            turns.give_back(turn)

    return ordered
