"""A run that lasts longer than a tick: the ticks after it write what is
due and pile up nowhere.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from mail import actions, tasks

THREADS = 6  # of a worker, as it is started


@pytest.fixture
def long_run(monkeypatch):
    """A run that lasts until it is let go.

    Counts who sends, and who wrote.
    """
    seen = SimpleNamespace(
        sending=0, wrote=[], go=threading.Event(), all_in=threading.Event()
    )

    def send_waiting():
        seen.sending += 1
        if seen.sending == tasks.SENDERS:
            seen.all_in.set()
        assert seen.go.wait(20)
        return SimpleNamespace(sent=1)

    monkeypatch.setattr(actions, "send_waiting", send_waiting)
    monkeypatch.setattr(
        actions, "write_digests", lambda now: seen.wrote.append("digests")
    )
    monkeypatch.setattr(
        actions, "write_due_reminders", lambda now: seen.wrote.append("reminders")
    )
    yield seen
    seen.go.set()


def test_ticks_during_a_long_run_write_and_end_at_once(long_run):
    ticks = [tasks.send_due_digests, tasks.send_due_reminders, tasks.send_waiting]
    with ThreadPoolExecutor(THREADS) as pool:
        running = [pool.submit(ticks[n]) for n in range(tasks.SENDERS)]
        assert long_run.all_in.wait(20)

        # each ends, or this does
        later = [pool.submit(tick).result(20) for _ in range(5) for tick in ticks]

        assert later == [0] * 15
        assert long_run.sending == tasks.SENDERS < THREADS
        assert long_run.wrote.count("digests") == 6
        long_run.go.set()
        assert [run.result(20) for run in running] == [1] * tasks.SENDERS
    assert tasks.send_waiting() == 1  # and the next one sends again


def test_two_ticks_do_not_write_the_same_at_once(long_run, monkeypatch):
    long_run.go.set()
    begun, go = threading.Event(), threading.Event()

    def slowly(now):
        long_run.wrote.append("digests")
        begun.set()
        assert go.wait(20)

    monkeypatch.setattr(actions, "write_digests", slowly)
    with ThreadPoolExecutor(THREADS) as pool:
        first = pool.submit(tasks.send_due_digests)
        assert begun.wait(20)
        # what waits is sent all the same
        assert pool.submit(tasks.send_due_digests).result(20) == 1
        assert long_run.wrote == ["digests"]
        go.set()
        first.result(20)


@pytest.mark.parametrize(
    "task", ["send_due_digests", "send_due_reminders", "send_waiting"]
)
def test_a_tick_that_fails_holds_up_no_later_one(long_run, monkeypatch, task):
    long_run.go.set()
    for name in ("send_waiting", "write_digests", "write_due_reminders"):
        monkeypatch.setattr(actions, name, lambda *args: 1 / 0)
    for _ in range(tasks.SENDERS + 2):
        with pytest.raises(ZeroDivisionError):
            getattr(tasks, task)()
