"""The databases of the runs: each run begins with a fresh copy of one that
holds the members.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from operate.testing_postgres import SUPERUSER, EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[1]
MAKE = """
import django; django.setup()
from datetime import datetime, UTC
from django.core.management import call_command
call_command("migrate", verbosity=0)
from members.tests.make import make_group, make_member
make_group()
then = datetime(2026, 1, 1, tzinfo=UTC)
for n in range({members}):
    address = f"m{{n}}@example.org"
    make_member(name=f"Member {{n}}", email=address, joined_at=then, onboarded_at=then)
"""


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """What a process of a run sees: the site's own settings, on a data
    folder of the run.
    """
    ours = ("DATABASE_URL", "TEST_DATABASE_URL", "EMAIL_URL", "REDIS_URL", "SITE_URL")
    given = {name: value for name, value in os.environ.items() if name not in ours}
    return {
        **given,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": "x" * 50,
        "SITE_URL": "https://chaos.example.org",
        "LOG_LEVEL": "CRITICAL",
        **more,
    }


def fill(given: dict[str, str], members: int) -> None:
    subprocess.run(
        [sys.executable, "-c", MAKE.format(members=members)],
        cwd=ROOT,
        env=given,
        check=True,
        timeout=600,
    )


class Sqlite:
    """A file in the data folder of the run, and beside it what the disk
    would hold after a power cut.
    """

    name = "sqlite"

    def __init__(self, home: Path, members: int) -> None:
        self.home = home
        self.template = home / f"template-{members}"
        self.shim = home / "powercut.so"
        if not (self.template / "filled").exists():
            shutil.rmtree(self.template, ignore_errors=True)
            self.template.mkdir(parents=True)
            fill(environment(self.template), members)
            (self.template / "filled").touch()
        source = Path(__file__).with_name("powercut.c")
        try:
            subprocess.run(
                ["cc", "-shared", "-fPIC", "-O2", "-o", self.shim, source, "-ldl"],
                check=True,
            )
        except FileNotFoundError:
            raise SystemExit(
                "Power cuts need a C compiler. On Debian and Ubuntu: apt-get install gcc"
            ) from None

    def begin(self) -> dict[str, str]:
        self.data, self.disk = self.home / "data", self.home / "disk"
        for folder in (self.data, self.disk):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        shutil.copy(self.template / "minibatch.sqlite3", self.data)
        shutil.copy(self.template / "minibatch.sqlite3", self.disk)
        watched = {"CHAOS_FILES": str(self.data), "CHAOS_DISK": str(self.disk)}
        return environment(self.data, LD_PRELOAD=str(self.shim), **watched)

    def cut_power(self) -> None:
        """Put back what was forced to the disk.

        The workers are dead already.
        """
        for path in self.data.glob("minibatch.sqlite3*"):
            path.unlink()
        for path in self.disk.glob("minibatch.sqlite3*"):
            if path.suffix in (".sqlite3", ".sqlite3-wal"):
                shutil.copy(path, self.data)

    def disturb(self) -> None:
        """SQLite has no server to disturb."""

    def end(self) -> None:
        """Nothing runs."""


class Postgres:
    """A database of a server of its own, which forces every commit
    to the disk.
    """

    name = "postgres"

    def __init__(self, home: Path, members: int) -> None:
        self.home = home
        self.server = EmbeddedPostgres(f"chaos-{home}-{members}")
        self.server.start()
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._sql(f"ALTER SYSTEM SET {setting} = on")
        self._sql("SELECT pg_reload_conf()")
        if not self._sql("SELECT 1 FROM pg_database WHERE datname = 'filled'"):
            self._sql("DROP DATABASE IF EXISTS filling")
            self._sql("CREATE DATABASE filling")
            fill(
                environment(home / "filling", DATABASE_URL=self._url("filling")),
                members,
            )
            self._sql("ALTER DATABASE filling RENAME TO filled")

    def begin(self) -> dict[str, str]:
        self.data = self.home / "data"
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir()
        self._sql("DROP DATABASE IF EXISTS run WITH (FORCE)")
        self._sql("CREATE DATABASE run TEMPLATE filled")
        return environment(self.data, DATABASE_URL=self._url("run"))

    def cut_power(self) -> None:
        """Stop without a last checkpoint, and go on with a copy of the
        folder as it lies on the disk.
        """
        self.server._run(
            "pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", self.server.data
        )
        copy = self.server.home / "data.copy"
        subprocess.run(["cp", "-a", str(self.server.data), str(copy)], check=True)
        shutil.rmtree(self.server.data)
        copy.rename(self.server.data)
        (self.server.data / "postmaster.pid").unlink(missing_ok=True)
        self.server.start()

    def disturb(self) -> None:
        """Kill one backend the hard way, which makes the server end all
        and recover.
        """
        pids = self._sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = 'run'"
        ).split()
        if pids:
            os.kill(int(pids[0]), signal.SIGKILL)

    def end(self) -> None:
        self.server.stop()

    def _url(self, database: str) -> str:
        return f"postgres://{SUPERUSER}@/{self.server.home}/{database}"

    def _sql(self, statement: str) -> str:
        argv = [
            self.server.bin / "psql",
            "-h",
            self.server.home,
            "-U",
            SUPERUSER,
            "-d",
            "postgres",
            "-qtAc",
            statement,
        ]
        for attempt in range(20):
            done = subprocess.run(argv, capture_output=True, text=True)
            if done.returncode == 0:
                return done.stdout.strip()
            if attempt < 19:  # it recovers
                subprocess.run(["sleep", "0.5"], check=True)
        raise RuntimeError(done.stderr)
