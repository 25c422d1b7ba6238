"""`manage.py up`: the whole site on one machine, as children of this process.

This process lives as long as the site and does not load Django: what needs
it, `prepare`, runs as a child and ends. That keeps 60 MB free.
"""

import errno
import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from importlib import import_module
from pathlib import Path
from types import ModuleType

from config import reach, started
from config.network import EVERYWHERE, THIS_MACHINE, in_address
from config.private import why_not_writable
from operate import embedded
from operate.supervisor import (
    FIRST_LOOK_SECONDS,
    AlreadyRunning,
    Part,
    Supervisor,
    end_with,
)

ROOT = Path(__file__).resolve().parent.parent
# a page long; it would hide the address
NO_ROOT_WARNING = "ignore:You're running the worker"
JSON = "application/json"


def main() -> int:
    """Prepare the data folder, then run broker, web, worker and
    beat until Ctrl-C.
    """
    if "MAKELEVEL" in os.environ:  # started by make: do not outlive it
        end_with(os.getppid())
    name = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        settings = import_module(name)  # plain: django.conf would load Django
    except OSError as error:
        return refuse(
            f"The data folder cannot be used: {error.filename}: {error.strerror or error}."
        )
    if sentence := why_not_writable(settings.DATA_DIR):
        return refuse(sentence)
    try:
        return Site(settings).run()
    except AlreadyRunning:
        return refuse(
            f"The site is running already with the data folder {settings.DATA_DIR}."
        )
    except (CannotStart, LookupError) as error:
        return refuse(str(error))
    except OSError as error:
        return refuse(
            f"The data folder {settings.DATA_DIR} cannot be used: {error.strerror or error}."
        )


def refuse(sentence: str) -> int:
    if sentence:
        print(sentence, file=sys.stderr, flush=True)
    return 1


class CannotStart(Exception):
    """The site cannot start.

    The text says why, unless it was said already.
    """


class Site:
    def __init__(self, settings: ModuleType) -> None:
        self.settings = settings
        self.first_run_lines = ""
        parts = [*self.broker(), self.web(), self.worker(), self.beat()]
        self.supervisor = Supervisor(
            parts,
            settings.DATA_DIR / "lock",
            log=self.say_aside,
            watch=self.what_is_wrong,
        )

    def run(self) -> int:
        return self.supervisor.run(prepare=self.prepare, on_ready=self.say_where)

    def prepare(self) -> None:
        """Migrate and so on, in a process of its own.

        Raises CannotStart.
        """
        host, port = self.settings.HOST, self.settings.PORT
        if sentence := why_not_listen(host, port):
            raise CannotStart(sentence)
        names = self.settings.env.ENVIRON.asked
        started.store(self.settings.DATA_DIR, names, os.environ)
        print("Preparing the database and the pages ...", flush=True)
        parent = os.getpid()
        process = subprocess.Popen(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: end_with(parent),
        )
        while process.poll() is None:
            if self.supervisor.stopping.wait(FIRST_LOOK_SECONDS):
                process.terminate()
                process.wait()
                return
        assert process.stdout is not None
        self.first_run_lines = process.stdout.read()
        if process.returncode:
            raise CannotStart(self.first_run_lines.strip())

    def broker(self) -> list[Part]:
        if self.settings.REDIS_URL.startswith("unix:"):
            path = self.settings.VALKEY_SOCKET
            command = embedded.valkey_command(self.settings.DATA_DIR, path)
            return [Part("valkey", command, lambda: embedded.answers(path))]
        return []

    def worker(self) -> Part:
        argv = [
            sys.executable,
            "-m",
            "celery",
            "-q",
            "-A",
            "config",
            "worker",
            "-l",
            "WARNING",
        ]
        argv += ["--pool", "threads", "-c", "6"]
        argv += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return Part("worker", argv, env={"PYTHONWARNINGS": NO_ROOT_WARNING})

    def beat(self) -> Part:
        return Part("beat", [sys.executable, "-m", "operate.beat"])

    def web(self) -> Part:
        host = self.settings.HOST
        address = f"{in_address(host)}:{self.settings.PORT}"
        argv = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", address]
        argv += ["-c", "python:operate.gunicorn", "--log-level", "warning"]
        argv += ["-w", str(self.settings.WEB_CONCURRENCY)]
        return Part("web", argv, self.web_answers)

    def ask_health(self, seconds: float) -> tuple[int, bytes]:
        """Status and body of the health page.

        Raises OSError when nobody answers.
        """
        host, port = self.settings.HOST, self.settings.PORT
        if host in EVERYWHERE:
            host = THIS_MACHINE[1]
        request = urllib.request.Request(
            f"http://{in_address(host)}:{port}/health/",
            headers={"Host": f"{THIS_MACHINE[0]}:{port}", "Accept": JSON},
        )
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def web_answers(self) -> bool:
        """Whether the web process answers at all.

        How the site is, is another question.
        """
        try:
            self.ask_health(seconds=2)
        except OSError:
            return False
        return True

    def what_is_wrong(self) -> str:
        try:
            status, body = self.ask_health(seconds=20)
            if status < 500:
                return ""
            problems = [problem["text"] for problem in json.loads(body)["problems"]]
        except OSError as error:
            return f"the site does not answer: {error}"
        except (ValueError, KeyError, TypeError):
            return "the site answers with an error; the reason is in the lines above"
        return " ".join(problems)

    def say_where(self) -> None:
        site = self.settings.SITE_URL
        print(f"Minibatch is running at {site} (Ctrl-C stops it).")
        addresses = [
            f"http://{name}:{self.settings.PORT}"
            for name in self.settings.NETWORK_NAMES
        ]
        if site in addresses:
            print("Other machines in your network can open it at")
            for each in addresses:
                print(f"  {each}")
            print(
                f"Links in mail start with {site}; SITE_URL=http://... chooses another address."
            )
        print(self.first_run_lines, end="")
        if not self.settings.EMAIL_URL:
            print(
                f"Mail goes into {self.settings.OUTBOX_DIR}; "
                f"the owner reads it at {self.settings.SITE_URL}/outbox/."
            )
        for say in (reach.why_mail_is_held, reach.why_links_are_weak):
            if sentence := say(self.settings.SITE_URL, self.settings.EMAIL_BACKEND):
                print(sentence)
        sys.stdout.flush()

    def say_aside(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


def why_not_listen(host: str, port: int) -> str:
    """A sentence for the host; empty where the web server can bind.

    Binds as it will, without listening.
    """
    family = socket.AF_INET
    if ":" in host:
        family = socket.AF_INET6
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"Port {port} is taken by another program: choose one with make up PORT=..."
        if error.errno == errno.EACCES:
            return f"Port {port} is for root only: choose one above 1023 with make up PORT=..."
        return (
            f"HOST={host} is no address of this machine. "
            "HOST=0.0.0.0 means every network that it is in."
        )
    return ""
