"""Run the parts of the site (broker, web, worker, beat) as children of one process,
restart them, and stop them in order.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

SLOW_SECONDS = 60  # a part that is not ready after this time is logged
HUNG_SECONDS = 240  # and after this time it is restarted
STEADY_SECONDS = 60  # after this time the failures of a part are forgotten
WAIT_SECONDS_MAX = 60  # between two attempts
MANY_FAILURES = 5
WATCH_SECONDS = 60
FIRST_LOOK_SECONDS = 0.01
ORPHANS_SECONDS = 10  # in which the parts of a killed supervisor may end by themselves

# Loaded now, since nothing may be loaded between fork and exec.
_libc = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


class AlreadyRunning(Exception):
    """Another supervisor is running with this data folder."""


class PartFailed(Exception):
    """A part ended with an error before the site was up for the first time."""


def end_with(parent: int, number: signal.Signals = signal.SIGTERM) -> None:
    """Let this process get a signal when `parent`, its parent process, ends in any way.

    Does nothing on macOS.
    """
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it ended before the call
            os.kill(os.getpid(), number)


@dataclass
class Part:
    name: str
    argv: Sequence[str | os.PathLike[str]]
    # called until it returns True; must return within 2 s
    ready: Callable[[], bool] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    is_ready: bool = False
    is_slow: bool = False
    failures: int = 0  # in a row
    next_try: float = 0.0

    @property
    def group(self) -> int | None:
        """The process group of the part, which is started as the leader of its own."""
        if self.process is None:
            return None
        return self.process.pid


class Supervisor:
    """Runs parts until it gets a signal.

    A part that ends is restarted after a wait that doubles with each failure in a row.
    A part that ends with an error before the site was up for the first time stops
    everything, since the cause is a mistake in the settings.

    Children hold the lock of the data folder too. So a new supervisor starts only after
    the last child of a killed one has ended: two brokers would destroy the data.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        lock: Path,
        *,
        stop_seconds: float = 20,
        log: Callable[[str], object] = print,
        watch: Callable[[], str] | None = None,
    ) -> None:
        self.parts, self.lock_path, self.stop_seconds, self._log = (
            parts,
            lock,
            stop_seconds,
            log,
        )
        # called now and then: returns what is wrong with the site, or an empty text
        self.watch = watch
        self.stopping = threading.Event()
        self.is_signalled = False
        self.is_up = False
        self.lock: IO[str] | None = None

    def log(self, line: str) -> None:
        self._log(f"{datetime.now():%Y-%m-%d %H:%M:%S} {line}")  # noqa: DTZ005  (the host's own clock)

    def run(
        self,
        *,
        prepare: Callable[[], object] = lambda: None,
        on_ready: Callable[[], None] = lambda: None,
    ) -> int:
        """Lock, prepare, start, watch and stop the parts. Return the exit code.

        Raises AlreadyRunning, and what `prepare` raises.
        """
        self.lock = take_lock(self.lock_path, log=self.log)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.take_signal)
        try:
            prepare()
            self._run_parts(on_ready)
        except PartFailed as error:
            self.log(str(error))
            return 1
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self._stop_parts()
            self.lock.close()
        return 0

    def take_signal(self, *_: object) -> None:
        """Note that the site is to stop. A handler of signals sets no event: the main
        thread, which runs it, may hold the lock of that event, and would wait for itself.
        """
        self.is_signalled = True

    def _goes_on(self) -> bool:
        """Wait for the next look at the parts. False once the site is to stop."""
        time.sleep(self.pause)
        if self.is_signalled:
            self.stopping.set()
        return not self.stopping.is_set()

    @property
    def pause(self) -> float:
        """Seconds between two looks at the parts: short while somebody waits for the
        first start.
        """
        if self.is_up:
            return 0.2
        return FIRST_LOOK_SECONDS

    def _run_parts(self, on_ready: Callable[[], None]) -> None:
        while self._goes_on():
            for part in self.parts:
                self._look_after(part)
                if not part.is_ready and not self.is_up:
                    break  # at the first start each part waits for the previous one
            else:
                if not self.is_up:
                    self.is_up = True
                    on_ready()
                    threading.Thread(target=self._watch, daemon=True).start()

    def _look_after(self, part: Part) -> None:
        now = time.monotonic()
        if part.process is None:
            if now >= part.next_try:
                self._start(part)
            return
        code = ended(part.process)
        if code is not None:
            self._has_ended(part, code)
        elif not part.is_ready:
            self._ask_whether_ready(part, now - part.started)
        elif part.failures and now - part.started > STEADY_SECONDS:
            part.failures = 0

    def _ask_whether_ready(self, part: Part, waited: float) -> None:
        if part.ready is None or part.ready():
            part.is_ready, part.is_slow = True, False
            if part.failures and part.ready:
                self.log(f"{part.name} answers again")
        elif waited > HUNG_SECONDS:
            self.log(f"{part.name} has not answered for {waited:.0f} s; ending it")
            kill_group(part.group)
        elif waited > SLOW_SECONDS and not part.is_slow:
            part.is_slow = True
            self.log(
                f"{part.name} has not answered for {waited:.0f} s; still waiting for it"
            )

    def _has_ended(self, part: Part, code: int) -> None:
        """Plan the next start of a part that has ended.

        Raises PartFailed if it ended with an error at the first start, and was not killed.
        """
        part.process, part.is_ready, part.is_slow = None, False, False
        if code > 0 and not self.is_up:
            raise PartFailed(
                f"{part.name} cannot start (exit {code}): the reason is in the lines above."
            )
        part.failures += 1
        wait = min(2 ** (part.failures - 1), WAIT_SECONDS_MAX)
        part.next_try = time.monotonic() + wait
        self.log(f"{part.name} ended (exit {code}); starting it again in {wait} s")
        if part.failures % MANY_FAILURES == 0:
            self.log(
                f"{part.name} has ended {part.failures} times in a row. It will be tried again "
                f"until it runs; the reason is in the lines above."
            )

    def _start(self, part: Part) -> None:
        assert self.lock is not None
        parent = os.getpid()
        part.started = time.monotonic()
        part.process = subprocess.Popen(  # noqa: S603  (our own programs, no shell)
            [os.fspath(word) for word in part.argv],
            env={**os.environ, **part.env},
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches only the supervisor, which stops the parts in order.
            start_new_session=True,
            preexec_fn=lambda: end_with(parent),
            pass_fds=[self.lock.fileno()],
        )
        self._note_parts()

    def _note_parts(self) -> None:
        """Write the running parts to the lock file. A later start must end them if this
        supervisor is killed.
        """
        assert self.lock is not None
        commands = {
            part.process.pid: [os.fspath(word) for word in part.argv]
            for part in self.parts
            if part.process
        }
        with contextlib.suppress(OSError):  # a full disk must not stop the parts
            write_lock(self.lock, commands)

    def _stop_parts(self) -> None:
        running = [part for part in reversed(self.parts) if part.process]
        if running and self.stopping.is_set():
            self.log(f"stopping {', '.join(part.name for part in running)}")
        for part in running:
            self._stop(part)
        if running and self.stopping.is_set():
            self.log("stopped")

    def _stop(self, part: Part) -> None:
        assert part.process is not None
        with contextlib.suppress(ProcessLookupError):
            part.process.terminate()
        deadline = time.monotonic() + self.stop_seconds
        while ended(part.process) is None:
            if time.monotonic() > deadline:
                self.log(
                    f"{part.name} did not stop in {self.stop_seconds:.0f} s; killing it"
                )
                kill_group(part.group)
                part.process.wait()
                return
            time.sleep(0.02)

    def _watch(self) -> None:
        """Check the site's health, and log each change."""
        before = ""
        while self.watch and not self.stopping.wait(WATCH_SECONDS):
            if not all(part.is_ready for part in self.parts):
                continue  # it was logged already
            wrong = self.watch()
            if wrong != before:
                self.log(wrong or "everything is well again")
            before = wrong


def ended(process: subprocess.Popen[bytes]) -> int | None:
    """The exit code of a process that has ended, after killing its group; None if it is
    running.

    The group is killed before the process is reaped. As long as the zombie exists, no
    other process gets its id, so the right group is killed. gunicorn's worker must not
    keep the port of a killed master.
    """
    if process.returncode is not None:
        return process.returncode
    if hasattr(os, "waitid"):  # macOS has it from Python 3.13 on
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        if os.waitid(os.P_PID, process.pid, options) is None:
            return None
        kill_group(process.pid)
        return process.wait()
    code = process.poll()
    if code is not None:
        kill_group(process.pid)
    return code


def kill_group(group: int | None) -> None:
    if group is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


# The lock


def take_lock(
    path: Path,
    wait_seconds: float = 30,
    log: Callable[[str], object] = lambda line: None,
) -> IO[str]:
    """Lock the file for this process and its children.

    Raises AlreadyRunning if a running supervisor holds it. If only the parts of a killed
    supervisor hold it, they get ORPHANS_SECONDS to end by themselves and are then killed.
    """
    lock = open(path, "a+")  # noqa: SIM115  (held as long as the process lives)
    begun, has_said = time.monotonic(), False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            holder = read_lock(lock)
            waited = time.monotonic() - begun
            if _alive(holder["pid"]) or waited > wait_seconds:
                lock.close()
                raise AlreadyRunning from None
            if not has_said and waited > 1:
                log("waiting for the parts of the last start to end")
                has_said = True
            if waited > ORPHANS_SECONDS:
                for pid, argv in holder["parts"].items():
                    if _command(int(pid)) == argv:
                        kill_group(int(pid))
            time.sleep(0.1)
    write_lock(lock, {})
    return lock


def write_lock(lock: IO[str], parts: Mapping[int, Sequence[str]]) -> None:
    """Write who holds the lock: the process ids of the supervisor and the parts, and the
    commands of the parts.
    """
    text = json.dumps({"pid": os.getpid(), "parts": parts})
    lock.seek(0)
    lock.truncate()
    lock.write(text)
    lock.flush()


def read_lock(lock: IO[str]) -> dict[str, Any]:
    lock.seek(0)
    try:
        holder = json.loads(lock.read())
        return {"pid": int(holder["pid"]), "parts": dict(holder["parts"])}
    except (ValueError, KeyError, TypeError):  # just being written
        return {"pid": 0, "parts": {}}


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command(pid: int) -> list[str]:
    """The command line of a process; empty if it has ended."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
        except OSError:
            return []
    command = ["ps", "-o", "args=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    return done.stdout.split()
