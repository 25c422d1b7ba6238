"""Connections that send slowly, or nothing, take no thread of the
site for long; the others are spread over the web processes.

The server is the one of `up`.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, unquote

import pytest
from django.conf import settings

from bench import cpu
from config.middleware import bytes_at_most
from operate.gunicorn import threads as THREADS
from operate.up import ROOT, Site
from operate.webworker import size_to_read

PROCESSES = 2
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    PORT = int(probe.getsockname()[1])
UPLOADS = b"/pictures/add/"
PATH = b"/robots.txt"  # asks nothing of the database


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The process that the others fork from."""
    folder: Path = tmp_path_factory.mktemp("data")
    argv = Site(settings).web().argv
    argv[argv.index("-b") + 1] = f"127.0.0.1:{PORT}"
    argv[argv.index("-w") + 1] = str(PROCESSES)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(folder),
        "PORT": str(PORT),
        "REQUEST_IDLE_SECONDS": "2",
        "REQUEST_SECONDS": "4",
    }
    subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    with (
        open(folder / "log", "w") as log,
        subprocess.Popen(argv, cwd=ROOT, env=environment, stderr=log) as process,
    ):
        deadline = time.monotonic() + 120  # a loaded machine
        while not answers(PORT):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.1)
        yield process.pid
        process.terminate()
        process.wait(30)
        assert "Traceback" not in (folder / "log").read_text()


@pytest.fixture
def port(master: int) -> int:
    return PORT


def answers(port: int) -> bool:
    try:
        return ask(port, head(b"GET")).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def head(method: bytes, *others: bytes) -> bytes:
    lines = [
        method + b" " + PATH + b" HTTP/1.1",
        b"Host: 127.0.0.1:%d" % PORT,
        b"Connection: close",
        *others,
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def connected(port: int, text: bytes) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), timeout=60)
    one.sendall(text)
    return one


def received(one: socket.socket) -> bytes:
    text = b""
    with one:
        while piece := one.recv(65_536):
            text += piece
    return text


def ask(port: int, text: bytes) -> bytes:
    return received(connected(port, text))


SLOW = {
    "three bytes of a body": head(b"POST", b"Content-Length: 2000000") + b"a=1",
    "three bytes of too large a body": head(b"POST", b"Content-Length: 9000000")
    + b"a=1",
    "three bytes of a picture": head(b"POST", b"Content-Length: 9000000").replace(
        PATH, UPLOADS
    )
    + b"a=1",
    "half a header": head(b"GET")[:-9],
    "three bytes": b"GET",
}


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_others_are_answered_while_connections_send_nothing_more(
    port: int, sent: bytes
) -> None:
    slow = [connected(port, sent) for _ in range(THREADS + 4)]

    began = time.monotonic()
    other = ask(port, head(b"GET"))
    waited = time.monotonic() - began

    assert other.startswith(b"HTTP/1.1 200")
    assert waited < 30
    assert {received(each)[:12] for each in slow} <= {b"HTTP/1.1 408", b"HTTP/1.1 413"}


def test_connections_without_a_byte_take_no_thread(port: int) -> None:
    silent = [connected(port, b"") for _ in range(THREADS * 3)]

    began = time.monotonic()
    other = ask(port, head(b"GET"))

    assert other.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < 2
    for each in silent:
        each.close()


def test_a_body_that_trickles_is_ended_in_all(port: int) -> None:
    one = connected(port, head(b"POST", b"Content-Length: 2000000"))
    began = time.monotonic()
    one.settimeout(0.5)
    answer = b""
    while not answer and time.monotonic() - began < 60:
        one.sendall(b"x")
        try:
            answer = one.recv(100)
        except TimeoutError:
            continue

    assert answer.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began >= 3
    one.close()


@pytest.mark.parametrize("expect", [[], [b"Expect: 100-continue"]])
def test_a_body_that_pauses_and_comes_is_read(port: int, expect: list[bytes]) -> None:
    body = b"x" * 300_000
    one = connected(port, head(b"POST", b"Content-Length: 300000", *expect))
    one.sendall(body[:100_000])
    time.sleep(0.3)
    one.sendall(body[100_000:])

    answer = received(one).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")

    assert answer.startswith((b"HTTP/1.1 403", b"HTTP/1.1 405"))


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        (UPLOADS, 9_000_000, b"403"),
        (UPLOADS, 14_000_000, b"413"),
        (PATH, 9_000_000, b"413"),
    ],
)
def test_a_large_body_is_read_where_pictures_are_taken(
    port: int, path: bytes, size: int, status: bytes
) -> None:
    asked = head(b"POST", b"Content-Length: %d" % size).replace(PATH, path)

    for _more_than_at_once in range(3):
        answer = ask(port, asked + b"x" * size)
        assert answer.startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize(
    ("path", "size"),
    [
        (UPLOADS.decode(), 9_000_000),
        (UPLOADS.decode().replace("s", "%73"), 9_000_000),
        ("/posts/\u0663/edit/", 0),
        (quote("/posts/\u0663/edit/"), 0),
    ],
)
def test_the_size_of_a_body_is_that_of_the_path_as_the_site_reads_it(
    path: str, size: int
) -> None:
    asked = SimpleNamespace(path=path, headers=[("CONTENT-LENGTH", "9000000")])

    assert size_to_read(asked) == size
    assert (bytes_at_most(unquote(path)) >= 9_000_000) == bool(size)


def test_a_second_request_on_one_connection_is_answered(port: int) -> None:
    keep = head(b"POST", b"Content-Length: 3").replace(b"close", b"keep-alive") + b"a=1"

    answer = ask(port, keep + head(b"GET"))

    assert answer.count(b"HTTP/1.1 ") == 2


def opened(pid: int) -> list[str]:
    """What the open files of a process are."""
    names = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        with suppress(FileNotFoundError):
            names.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    return names


def sockets(pid: int) -> int:
    return sum(name.startswith("socket:") for name in opened(pid))


def at_rest(master: int) -> dict[int, int]:
    """The sockets of each process, once those of earlier tests are closed."""

    def now() -> dict[int, int]:
        return {pid: sockets(pid) for pid in cpu.children(master)}

    before, after = {}, now()
    while before != after:
        time.sleep(0.2)
        before, after = after, now()
    return after


@linux
def test_each_process_opens_the_database_for_itself(port: int, master: int) -> None:
    def held(pid: int) -> bool:
        return any(name.endswith("minibatch.sqlite3") for name in opened(pid))

    assert not held(master)
    assert [held(pid) for pid in cpu.children(master)] == [True] * PROCESSES


@linux
def test_connections_are_spread_over_the_processes(port: int, master: int) -> None:
    before = at_rest(master)
    keep = head(b"GET").replace(b"close", b"keep-alive")

    kept = [connected(port, keep) for _ in range(20)]
    for each in kept:
        assert each.recv(100).startswith(b"HTTP/1.1 200")
    taken = sorted(sockets(pid) - number for pid, number in before.items())

    for each in kept:
        each.close()
    assert sum(taken) == 20
    assert taken[0] >= 7


@linux
def test_a_process_that_was_killed_is_replaced_and_takes_connections(
    port: int, master: int
) -> None:
    killed = cpu.children(master)[0]
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 120
    while killed in (now := cpu.children(master)) or len(now) < PROCESSES:
        assert time.monotonic() < deadline
        time.sleep(0.05)

    keep = head(b"GET").replace(b"close", b"keep-alive")
    kept = [connected(port, keep) for _ in range(10)]
    for each in kept:
        assert each.recv(100).startswith(b"HTTP/1.1 200")
    for each in kept:
        each.close()
