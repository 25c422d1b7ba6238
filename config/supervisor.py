"""Start the parts of the site as children of one process, in order, and stop them in the reverse order."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

READY_SECONDS = 60
DIED_AT_ONCE_SECONDS = 10


class AlreadyRunning(Exception):
    """Another supervisor has this data folder."""


@dataclass
class Part:
    name: str
    argv: Sequence[str | os.PathLike[str]]
    ready: Callable[[], bool] | None = None  # asked until it is true, before the next part starts
    env: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0


def _die_with_parent() -> None:  # runs in the child, between fork and exec
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: not left behind by kill -9 of the parent


class Supervisor:
    """Runs parts until a signal. Children hold the lock of the data folder too, so that a new supervisor starts
    only when the last child of a killed one has ended: two brokers on one folder would tear it."""

    def __init__(
        self, parts: Sequence[Part], lock: Path, *, stop_seconds: float = 20, log: Callable[[str], object] = print
    ) -> None:
        self.parts, self.lock_path, self.stop_seconds, self.log = parts, lock, stop_seconds, log
        self.stopping = threading.Event()
        self.lock: IO[str] | None = None

    def run(self, *, prepare: Callable[[], object] = lambda: None, on_ready: Callable[[], None] = lambda: None) -> int:
        """Lock, prepare, start, watch and stop the parts; return the exit code. Raises AlreadyRunning."""
        self.lock = take_lock(self.lock_path)
        prepare()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            for part in self.parts:
                self._start(part)
            on_ready()
            return self._watch()
        except RuntimeError as error:
            if self.stopping.is_set():
                return 0
            self.log(str(error))
            return 1
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            for part in reversed(self.parts):
                self._stop(part)
            self.lock.close()

    def _watch(self) -> int:
        while not self.stopping.wait(0.5):
            for part in self.parts:
                code = part.process.poll() if part.process else None
                if code is None:
                    continue
                if time.monotonic() - part.started < DIED_AT_ONCE_SECONDS:
                    self.log(f"{part.name} ended at once (exit {code}); stopping")
                    return 1
                self.log(f"{part.name} ended (exit {code}); starting it again")
                self._start(part)
        return 0

    def _start(self, part: Part) -> None:
        assert self.lock is not None
        part.started = time.monotonic()
        part.process = subprocess.Popen(  # noqa: S603  (our own programs, no shell)
            [os.fspath(word) for word in part.argv],
            env={**os.environ, **part.env},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops them in order
            preexec_fn=_die_with_parent,
            pass_fds=[self.lock.fileno()],
        )
        deadline = time.monotonic() + READY_SECONDS
        while part.ready and not part.ready():
            if part.process.poll() is not None or time.monotonic() > deadline or self.stopping.is_set():
                raise RuntimeError(f"{part.name} did not become ready")
            time.sleep(0.05)

    def _stop(self, part: Part) -> None:
        process = part.process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.log(f"{part.name} did not stop in {self.stop_seconds:.0f} s, killing it")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def take_lock(path: Path, wait_seconds: float = 30) -> IO[str]:
    """Lock the file. Held by a live supervisor it raises AlreadyRunning; held by orphans of a dead one, awaited."""
    lock = open(path, "a+")  # noqa: SIM115  (held as long as the process lives)
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            lock.seek(0)
            if _alive(lock.read()) or time.monotonic() > deadline:
                lock.close()
                raise AlreadyRunning from None
            time.sleep(0.1)
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
