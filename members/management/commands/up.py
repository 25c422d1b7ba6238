"""`manage.py up`: the whole site on one machine, as children of this process."""

import errno
import os
import socket
import sys
import urllib.error
import urllib.request
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from config import embedded
from config.supervisor import AlreadyRunning, Part, Supervisor
from members.setup import first_run_lines


class Command(BaseCommand):
    help = "Prepare the data folder, then run broker, worker, beat and web until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            parts = [*self.broker(), self.worker(), self.web()]
        except LookupError as error:
            raise CommandError(str(error)) from error
        supervisor = Supervisor(parts, settings.DATA_DIR / "lock", log=self.stderr.write)
        try:
            code = supervisor.run(prepare=self.prepare, on_ready=self.say_where)
        except AlreadyRunning:
            raise CommandError(f"The site is running already with the data folder {settings.DATA_DIR}.") from None
        sys.exit(code)

    def prepare(self) -> None:
        if port_is_taken(settings.HOST, settings.PORT):
            raise CommandError(f"Port {settings.PORT} is taken by another program: choose one with make up PORT=...")
        self.stdout.write("Preparing the database and the pages ...")
        self.stdout.flush()
        call_command("prepare", stdout=StringIO())

    def broker(self) -> list[Part]:
        if settings.REDIS_URL.startswith("unix:"):
            path = settings.VALKEY_SOCKET
            return [Part("valkey", embedded.valkey_command(settings.DATA_DIR, path), lambda: embedded.answers(path))]
        return []

    def worker(self) -> Part:
        argv = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-B", "-l", "WARNING"]
        argv += ["--pool", "threads", "-c", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        # The embedded site may run as root in a container of its own; a page of warnings would hide its address.
        return Part("worker", argv, env={"PYTHONWARNINGS": "ignore:You're running the worker"})

    def web(self) -> Part:
        argv = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"{settings.HOST}:{settings.PORT}"]
        argv += ["-w", os.environ.get("WEB_CONCURRENCY", "1"), "-k", "gthread", "--threads", "8"]
        argv += ["--log-level", "warning", "--no-control-socket"]
        return Part("web", argv, self.web_answers)

    def web_answers(self) -> bool:
        host = "127.0.0.1" if settings.HOST == "0.0.0.0" else settings.HOST  # noqa: S104  (compared, not bound)
        request = urllib.request.Request(f"http://{host}:{settings.PORT}/health/", headers={"Host": settings.SITE_HOST})
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310  (our own http address)
                return True
        except (urllib.error.URLError, OSError):
            return False

    def say_where(self) -> None:
        self.stdout.write(f"Minibatch is running at {settings.SITE_URL} (Ctrl-C stops it).")
        for line in first_run_lines():
            self.stdout.write(line)
        if not settings.EMAIL_URL:
            self.stdout.write(
                f"Mail goes into {settings.OUTBOX_DIR}; the owner reads it at {settings.SITE_URL}/outbox/."
            )
        self.stdout.flush()


def port_is_taken(host: str, port: int) -> bool:
    """Whether another program listens there. Binds as the web server will, without listening."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False
