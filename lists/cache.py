"""Answers that a process keeps for a while, so that not every page
asks again.

    steps = TimedCache[dict[UUID, StepRef]](seconds=60, most=1)

    steps.get(EVERYBODY, ask=read_steps)
    visitors.get(audience_of(reader), curriculum.pk, ask=lambda: ask(curriculum))

The audience is a part of each key: an answer is only given to
those who may see the same as the one who asked. What an answer
depends on besides is the rest of the key. The answer is shared by
all threads and must not be changed.

Each store has its own bound, so that none can push out what another keeps.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import ClassVar, Generic, Protocol, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Store(Protocol):
    """What a process keeps."""

    def forget(self) -> None: ...


class TimedCache(Generic[Value]):
    stores: ClassVar[list[Store]] = []

    def __init__(self, *, seconds: float, most: int) -> None:
        """`most`: answers at most; then the oldest one goes."""
        self.seconds = seconds
        self.most = most
        self._answers: dict[Hashable, tuple[float, Value]] = {}
        self._lock = threading.Lock()
        self.stores.append(self)

    def get(
        self, audience: Hashable, *key: Hashable, ask: Callable[[], Value]
    ) -> Value:
        """The answer that is kept, or else a new one.

        None is an answer too.
        """
        whole_key = (audience, *key)
        answer = self._answers.get(whole_key)
        now = time.monotonic()
        if answer is None or answer[0] <= now:
            # Asked without the lock: two threads may ask the same, none
            # waits.
            answer = (now + self.seconds, ask())
            self._put(whole_key, answer)
        return answer[1]

    def get_each(
        self,
        audience: Hashable,
        keys: Iterable[Key],
        *,
        ask: Callable[[list[Key]], Mapping[Key, Value]],
    ) -> dict[Key, Value]:
        """The answer for each of `keys`; those that are not kept are asked for at once.

        A key for which there is no answer is left out, and asked for again next time.
        """
        now = time.monotonic()
        found: dict[Key, Value] = {}
        missing = []
        for key in keys:
            answer = self._answers.get((audience, key))
            if answer is None or answer[0] <= now:
                missing.append(key)
            else:
                found[key] = answer[1]
        fresh = ask(missing) if missing else {}
        for key, value in fresh.items():
            self._put((audience, key), (now + self.seconds, value))
        return {**found, **fresh}

    def forget(self) -> None:
        with self._lock:
            self._answers.clear()

    def _put(self, key: Hashable, answer: tuple[float, Value]) -> None:
        with self._lock:
            self._answers.pop(key, None)
            while len(self._answers) >= self.most:
                self._answers.pop(next(iter(self._answers)))
            self._answers[key] = answer

    def __len__(self) -> int:
        return len(self._answers)


def forget_all() -> None:
    for store in TimedCache.stores:
        store.forget()
