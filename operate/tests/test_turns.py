"""Requests are worked on a few at once, in the order in which they came."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from operate.turns import Turns, by_turns

LONG = 30.0


def start(target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread


def wait_until(is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_who_came_first_goes_first() -> None:
    turns = Turns(1, patience=LONG)
    order: list[int] = []

    def visit(number: int) -> None:
        turns.take()
        order.append(number)
        turns.give_back()

    turns.take()
    threads = []
    for number in range(8):
        threads.append(start(lambda number=number: visit(number)))  # type: ignore[misc]
        wait_until(lambda number=number: len(turns._waiting) == number + 1)  # type: ignore[misc]
    turns.give_back()
    for thread in threads:
        thread.join(10)

    assert order == list(range(8))


def test_no_more_than_the_number_run_at_once() -> None:
    turns = Turns(3, patience=LONG)
    inside, most = 0, 0
    lock = threading.Lock()

    def visit() -> None:
        nonlocal inside, most
        for _each in range(50):
            turns.take()
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.0001)
            with lock:
                inside -= 1
            turns.give_back()

    for thread in [start(visit) for _each in range(8)]:
        thread.join(20)

    assert most == 3
    assert turns._free == 3


def test_a_thread_that_waits_too_long_goes_in_beside_the_others() -> None:
    turns = Turns(1, patience=0.05)
    turns.take()

    began = time.monotonic()
    turns.take()

    assert 0.04 < time.monotonic() - began < 5
    assert turns._free == -1
    turns.give_back()
    turns.give_back()
    assert turns._free == 1


def test_after_one_without_patience_the_number_holds_again() -> None:
    turns = Turns(1, patience=0.02)
    turns.take()
    turns.take()  # two are inside now
    turns.patience = LONG
    came = threading.Event()

    def visit() -> None:
        turns.take()
        came.set()

    thread = start(visit)
    wait_until(lambda: len(turns._waiting) == 1)

    turns.give_back()
    assert not came.wait(0.1)
    turns.give_back()

    assert came.wait(10)
    thread.join(10)


def test_a_request_that_fails_gives_its_turn_back() -> None:
    turns = Turns(1, patience=LONG)

    def fails(environ: dict[str, Any], start: Any) -> Any:
        raise LookupError

    for _each in range(2):
        with pytest.raises(LookupError):
            by_turns(fails, turns)({}, None)

    assert turns._free == 1


def test_an_answer_is_sent_without_a_turn() -> None:
    turns = Turns(1, patience=LONG)

    def streams(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        yield b"first"
        yield b"second"

    answer = iter(by_turns(streams, turns)({}, None))

    assert next(answer) == b"first"
    assert turns._free == 1
