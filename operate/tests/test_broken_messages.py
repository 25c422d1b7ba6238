"""Broken messages against a real Valkey: each is set aside, and
the worker goes on.
"""

import json
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
from celery import Celery
from celery.contrib.testing.worker import start_worker

from config import private
from operate import broker, consumer, embedded


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Path]:
    path = private.socket_path(tmp_path)
    server = subprocess.Popen(
        embedded.valkey_command(tmp_path, path), stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    while not embedded.answers(path):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield path
    server.kill()
    server.wait(20)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What was set aside: reason, task, text."""
    rows: list[tuple[str, str, str]] = []

    def keep(reason: str, *, task: str = "", text: object = "") -> None:
        rows.append((reason, task, broker.readable(text)))

    monkeypatch.setattr(broker, "keep", keep)
    monkeypatch.setattr(consumer, "keep", keep)
    return rows


def make_app(path: Path) -> Celery:
    app = Celery(
        "broken", broker=f"redis+socket://{quote(str(path))}", set_as_current=False
    )
    app.conf.update(
        worker_consumer="operate.consumer:Consumer",
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        task_ignore_result=True,
        task_acks_late=True,
        broker_connection_retry_on_startup=True,
    )
    return app


def envelope(**changes: Any) -> bytes:
    message = {
        "body": b64encode(b'[[], {}, {"callbacks": null}]').decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {
            "task": "broken.work",
            "id": "1",
            "lang": "py",
            "argsrepr": "",
            "kwargsrepr": "",
        },
        "properties": {
            "correlation_id": "1",
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": "celery"},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": "1",
        },
    }
    return json.dumps(message | changes).encode()


def body(raw: bytes) -> dict[str, str]:
    return {"body": b64encode(raw).decode()}


BROKEN = {
    "bytes that are no text": b"\xff\xfe\x00 not a message",
    "no JSON": b"hello",
    "JSON, and no message": b"[1, 2, 3]",
    "nothing": b"",
    "a number": b"7",
    "no properties": json.dumps({"body": "x"}).encode(),
    "a body that is no base64": envelope(body="%%%"),
    "a body that is no JSON": envelope(**body(b"\xff\xfe")),
    "a body of another shape": envelope(**body(b'{"args": 5}')),
    "an unknown task": envelope(headers={"task": "from.tomorrow", "id": "2"}),
    "no task": envelope(headers={}),
    "headers that are none": envelope(headers=None),
    "a task that is a list": envelope(headers={"task": ["a"], "id": "3"}),
    "arguments that do not fit": envelope(**body(b'[[1, 2, 3], {"no": 1}, {}]')),
    "pickle": envelope(**{"content-type": "application/x-python-serialize"}),
}


@pytest.mark.filterwarnings("ignore")
def test_each_kind_of_broken_message_is_set_aside_and_the_worker_goes_on(
    queue: Path, kept: list[tuple[str, str, str]]
) -> None:
    app = make_app(queue)
    worked = threading.Semaphore(0)

    @app.task(name="broken.work")
    def work() -> None:
        worked.release()

    client = redis.Redis(unix_socket_path=str(queue))
    not_kept = []
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False):
        for name, raw in BROKEN.items():
            before = len(kept)
            client.lpush("celery", raw)
            work.delay()
            assert worked.acquire(timeout=120), f"the worker stopped at: {name}"
            deadline = time.monotonic() + 60
            while len(kept) == before and time.monotonic() < deadline:
                time.sleep(0.02)
            if len(kept) != before + 1:
                not_kept.append(name)

    assert not_kept == []
    assert client.hlen("unacked") == 0
    assert any(task == "from.tomorrow" for _reason, task, _text in kept)
    client.close()


def test_a_worker_that_takes_nothing_while_messages_wait_ends_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter(range(10_000))
    waiting = iter([0, 0, *[3] * 10_000])
    ended: list[int] = []
    monkeypatch.setattr(consumer.time, "monotonic", lambda: next(clock) * 10)
    monkeypatch.setattr(consumer.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(consumer, "messages_waiting", lambda app: next(waiting))

    consumer.end_when_hung(Celery("hung", set_as_current=False), exit=ended.append)

    assert ended == [70]
    assert next(waiting) == 3
