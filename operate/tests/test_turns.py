"""Requests are worked on a few at once, in the order in which they came."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from operate.turns import Turns, by_turns

LONG = 30.0


def start(target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread


def wait_until(is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_who_came_first_goes_first() -> None:
    turns = Turns(1, patience=LONG)
    order: list[int] = []

    def visit(number: int) -> None:
        turn = turns.take()
        order.append(number)
        turns.give_back(turn)

    first = turns.take()
    threads = []
    for number in range(8):
        threads.append(start(partial(visit, number)))
        wait_until(lambda: len(turns._waiting) == len(threads))
    turns.give_back(first)
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
            turn = turns.take()
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.0001)
            with lock:
                inside -= 1
            turns.give_back(turn)

    for thread in [start(visit) for _each in range(8)]:
        thread.join(20)

    assert most == 3
    assert not turns._inside


def test_a_request_that_takes_long_keeps_nobody_waiting() -> None:
    turns = Turns(1, patience=0.2)
    long = turns.take()

    began = time.monotonic()
    for _each in range(5):
        turns.give_back(turns.take())

    # once, and not before each of the five
    assert 0.19 < time.monotonic() - began < 0.9
    turns.give_back(long)
    assert not turns._inside


def test_a_long_request_that_ends_lets_no_other_in_early() -> None:
    turns = Turns(1, patience=0.02)
    long = turns.take()
    second = turns.take()  # when the first no longer counts
    turns.patience = LONG
    came = threading.Event()

    def visit() -> None:
        turns.take()
        came.set()

    thread = start(visit)
    wait_until(lambda: len(turns._waiting) == 1)
    turns.give_back(long)

    assert not came.wait(0.1)
    turns.give_back(second)
    thread.join(10)
    assert came.is_set()


def test_a_request_that_fails_gives_its_turn_back() -> None:
    turns = Turns(1, patience=LONG)

    def fails(environ: dict[str, Any], start: Any) -> Any:
        raise LookupError

    for _each in range(2):
        with pytest.raises(LookupError):
            by_turns(fails, turns)({}, None)

    assert not turns._inside


def test_an_answer_is_sent_without_a_turn() -> None:
    turns = Turns(1, patience=LONG)

    def streams(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        yield b"first"
        yield b"second"

    answer = iter(by_turns(streams, turns)({}, None))

    assert next(answer) == b"first"
    assert not turns._inside
