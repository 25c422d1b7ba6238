"""Requests are worked on by as few threads as are busy at once."""

import gc
import threading
import weakref
from functools import partial

import pytest

from operate.tests.test_turns import start
from operate.threads import SiteThreads


def test_calls_one_after_the_other_use_the_same_thread() -> None:
    threads = SiteThreads()

    idents = {threads.call(threading.get_ident) for _each in range(5)}

    assert len(idents) == 1
    assert threading.get_ident() not in idents


def test_calls_at_once_use_a_thread_each_and_the_last_one_is_used_again() -> None:
    threads = SiteThreads()
    both = threading.Barrier(3)
    idents: list[int] = []
    may_end = [threading.Event(), threading.Event()]

    def visit(number: int) -> None:
        idents.append(threading.get_ident())
        both.wait(10)
        may_end[number].wait(10)

    callers = [start(partial(threads.call, partial(visit, n))) for n in range(2)]
    both.wait(10)
    for event, caller in zip(may_end, callers, strict=True):
        event.set()
        caller.join(10)

    assert len(set(idents)) == 2
    assert len({threads.call(threading.get_ident) for _each in range(5)}) == 1


def test_an_error_is_raised_where_the_call_was_made() -> None:
    threads = SiteThreads()

    def fails() -> None:
        raise LookupError("nothing")

    for _each in range(2):
        with pytest.raises(LookupError, match="nothing"):
            threads.call(fails)
    assert threads.call(lambda: 3) == 3


class Answer:
    pass


def test_an_idle_thread_keeps_neither_request_nor_answer_nor_error() -> None:
    threads = SiteThreads()
    answer, request = Answer(), Answer()
    gone = [weakref.ref(answer), weakref.ref(request)]

    def fails(request: Answer) -> None:
        raise LookupError(request)

    threads.call(partial(lambda answer: answer, answer))
    with pytest.raises(LookupError):
        threads.call(partial(fails, request))
    threads.call(lambda: None)  # the thread is past its last call
    del answer, request
    gc.collect()

    assert [ref() for ref in gone] == [None, None]
