"""The whole site as its host runs it: `manage.py up` on a folder of its
own, and what it printed.
"""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Container
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEMO, NO_PORT = "demo.txt", 1  # what the demo printed, with an address that is replaced
# seconds; what takes one minute alone takes many beside others
LONG = 900
CODE = r"^([A-Z0-9]{4}-[A-Z0-9]{4})\r?$"  # a line of a mail


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    # what is made once for all processes of a run of the tests; conftest.py names it
    shared: Path

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{
                k: v
                for k, v in os.environ.items()
                if not k.startswith("DJANGO_") and k != "DATABASE_URL"
            },
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "MAIL_TICK_SECONDS": "3",
            **environment,
        }
        self.process: subprocess.Popen[str] | None = None
        # sign-in links, where a demo group made them
        self.links: dict[str, str] = {}

    def prepare(self) -> None:
        """Fill the folder as a first start does: database, built-in curricula, static
        files. The work is done once in a run of the tests, then copied.

        Without this, `start` does it, as on a host's machine.
        """
        self._copy("prepared", lambda folder: Site(folder).manage("prepare"))

    def prepare_demo(self) -> str:
        """Fill the folder with the demo's group of twelve, made once in a run of the
        tests; gives back what `manage.py demo` printed, with the address of this site.
        `links` are the sign-in links that it printed, by first name.
        """

        def fill(folder: Path) -> None:
            demo = Site(folder, PORT=str(NO_PORT))
            demo.prepare()
            (folder / DEMO).write_text(demo.manage("demo", "--members", "12"))

        self._copy("demo", fill)
        printed = (self.folder / DEMO).read_text()
        printed = printed.replace(f"http://127.0.0.1:{NO_PORT}", self.url)
        found = re.findall(r"^  \w+ +(\w+) .* (http\S+)$", printed, re.MULTILINE)
        self.links = dict(found)
        return printed

    def _copy(self, name: str, fill: Callable[[Path], object]) -> None:
        """Copy what `fill` makes; it makes it where no process of this run has yet."""
        made = self.shared / name
        with open(self.shared / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                draft = self.shared / f"{name}.new"
                shutil.rmtree(draft, ignore_errors=True)
                draft.mkdir(mode=0o700)
                fill(draft)
                draft.rename(made)
        shutil.copytree(made, self.folder, dirs_exist_ok=True)

    def start(self) -> None:
        """Start and wait for the line that says where the site is."""
        with open(self.folder / "log", "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                text=True,
            )
        self._says("Minibatch is running")
        time.sleep(0.2)  # the lines after the address

    def _says(self, pattern: str) -> re.Match[str]:
        """The first place of the pattern in the log, once it is there."""
        assert self.process
        deadline = time.monotonic() + LONG
        while not (found := re.search(pattern, self.log())):
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)
        return found

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(180)

    def manage(self, *words: str, text: str | None = None) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=LONG,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "-v", "0", "-c", code)

    def set_up_address(self) -> str:
        return self._says(rf"{self.url}/set-up/\?token=\S+(?=\s)")[0]

    def mails(self, to: str) -> list[EmailMessage]:
        """What lies in the outbox for `to`, oldest first."""
        # a name says nothing of the time
        files = sorted(
            (self.folder / "outbox").glob("*.eml"),
            key=lambda path: path.stat().st_mtime_ns,
        )
        read = [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in files
        ]
        return [mail for mail in read if to in str(mail["To"])]  # type: ignore[misc]

    def code(
        self,
        to: str,
        subject: str,
        *,
        besides: Container[str] = (),
        seconds: float = 90,
    ) -> str:
        """The code in the newest mail for `to` whose subject holds `subject`; waits for
        one that is not among those typed before.
        """
        deadline = time.monotonic() + seconds
        while True:
            body = self.mail(to, subject, seconds=seconds).get_body(("plain",))
            assert body
            words = body.get_content()
            code = re.search(CODE, words, re.MULTILINE)
            assert code, words
            if code[1] not in besides:
                return code[1]
            assert time.monotonic() < deadline, f"No other code came:\n{words}"
            time.sleep(0.2)

    def mail(self, to: str, subject: str = "", *, seconds: float = 90) -> EmailMessage:
        """The newest mail for `to` whose subject holds `subject`;
        waits for it.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError):
                found = [
                    mail for mail in self.mails(to) if subject in str(mail["Subject"])
                ]
                if found:
                    return found[-1]
            time.sleep(0.2)
        raise AssertionError(
            f"No mail “{subject}” for {to} came in {seconds:.0f} s.\n{self.log()[-3000:]}"
        )
