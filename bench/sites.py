"""A checkout of the site: its data, built once, and its servers as
of `make up`.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import cpu
from bench.databases import Database

ROOT = Path(__file__).resolve().parents[1]
INSIDE = ROOT / "bench" / "inside"
KEPT_FOR = 5 * 86_400  # seconds; then "this week" of the data is no longer this week
KEPT_MOST = 3  # of one size: this checkout, one beside it, and one to come back to
STARTS_WITHIN = 120
BUILDER = (
    *("build", "documents", "group", "loading", "members", "notifying", "papers"),
    *("polling", "reactions", "sizes", "studying", "talking", "texts"),
)
ENVIRONMENT = (
    *("DATABASE_URL", "TEST_DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL"),
    *("DEBUG", "HOST", "PORT", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE", "MAKELEVEL"),
    *("DATA_DIR", "SECRET_KEY", "PYTHONDONTWRITEBYTECODE", "WEB_CONCURRENCY"),
)


class BenchFailed(Exception):
    """The text says what is missing."""


@dataclass(slots=True)
class Site:
    """One checkout with a copy of its data, ready to be served."""

    root: Path
    name: str  # "this" or "beside"
    size: str
    database: Database
    home: Path
    port: int
    commit: str
    facts: dict[str, Any] = field(default_factory=dict)
    commands: dict[str, list[str]] = field(default_factory=dict)

    @property
    def python(self) -> str:
        own = self.root / ".venv" / "bin" / "python"
        return str(own if own.exists() else Path(sys.executable))

    @property
    def kept(self) -> str:
        """The name of its kept data: other schemas, texts or
        builders have others.
        """
        return f"kept-{self.size}-{fingerprint(self.root)}"

    @property
    def copy(self) -> str:
        return f"run-{self.name}"

    @property
    def data_dir(self) -> Path:
        return self.home / f"data-{self.name}"

    def environment(self, database: str, **more: str) -> dict[str, str]:
        given = {k: v for k, v in os.environ.items() if k not in ENVIRONMENT}
        return {
            **given,
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database.url(database),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PORT": str(self.port),
            "PYTHONPATH": f"{self.root}{os.pathsep}{INSIDE}",
            "BENCH_PAPERS": str(papers_file()),
            "PAGES_PER_MINUTE": "0",
            "ARXIV_RSS_URL": "http://127.0.0.1:9/",
            **more,
        }

    def run(self, *argv: str, database: str, quiet: bool = True, **more: str) -> str:
        """What a command of the checkout prints. Raises BenchFailed."""
        done = subprocess.run(
            [self.python, *argv],
            cwd=self.root,
            env=self.environment(database, **more),
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.PIPE if quiet else None,
            text=True,
        )
        if done.returncode:
            raise BenchFailed(f"{' '.join(argv)} in {self.root}:\n{done.stderr or ''}")
        return done.stdout or ""

    def prepare(self) -> None:
        """Build what is not kept, and take a copy for this run."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        stamp = self.home / f"{self.database.vendor}-{self.kept}"
        is_young = stamp.exists() and time.time() - stamp.stat().st_mtime < KEPT_FOR
        if not (is_young and self.database.has(self.kept)):
            print(
                f"Building the data of size {self.size} for {self.root} ...", flush=True
            )
            self.database.make("building")
            self.run(
                "-m", "bench_site.build", self.size, database="building", quiet=False
            )
            self.database.rename("building", self.kept)
            stamp.touch()
            self.forget_old()
        self.database.copy(self.kept, self.copy)
        self.run("manage.py", "prepare", database=self.copy)
        facts = self.run("-m", "bench_site.facts", self.size, database=self.copy)
        self.facts = json.loads(facts.splitlines()[-1])
        commands = self.run("-m", "bench_site.commands", database=self.copy)
        self.commands = json.loads(commands.splitlines()[-1])

    def forget_old(self) -> None:
        """Keep the newest data of this size and database only."""
        ours = self.home.glob(f"{self.database.vendor}-kept-{self.size}-*")
        newest_first = sorted(ours, key=lambda path: -path.stat().st_mtime)
        for stamp in newest_first[KEPT_MOST:]:
            self.database.drop(stamp.name.removeprefix(f"{self.database.vendor}-"))
            stamp.unlink()

    def drop(self) -> None:
        self.database.drop(self.copy)
        shutil.rmtree(self.data_dir, ignore_errors=True)

    @contextmanager
    def broker(self) -> Iterator[None]:
        with started(
            self.commands.get("valkey"), self.root, self.environment(self.copy)
        ):
            yield

    @contextmanager
    def served(
        self,
        *,
        settings: str = "config.settings",
        port: int = 0,
        path: str = "/health/",
    ) -> Iterator["Server"]:
        """The web server, with the command of `make up`, once it answers."""
        port = port or self.port
        by = f"bench-{self.name}-{settings}"[:60]
        environment = self.environment(
            self.copy,
            DJANGO_SETTINGS_MODULE=settings,
            PORT=str(port),
            PGAPPNAME=by,
        )
        argv = [
            word.replace(f":{self.port}", f":{port}") for word in self.commands["web"]
        ]
        with started(argv, self.root, environment) as process:
            assert process is not None
            server = Server(self, process, port, by)
            server.wait(path)
            yield server


@dataclass(slots=True)
class Server:
    site: Site
    process: subprocess.Popen[bytes]
    port: int
    by: str

    def wait(self, path: str) -> None:
        import http.client

        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise BenchFailed(f"The web server of {self.site.root} did not start.")
            with suppress(OSError, http.client.HTTPException):
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                line.request("GET", path)
                line.getresponse().read()
                line.close()
                return
            time.sleep(0.05)
        raise BenchFailed(f"The web server of {self.site.root} does not answer.")

    def pids(self) -> list[int]:
        return cpu.tree(self.process.pid)

    def memory(self) -> dict[str, int]:
        """Bytes of all web processes, the master included."""
        return cpu.memory(self.pids())

    def used(self) -> tuple[dict[int, int], dict[int, int]]:
        """CPU of the web processes, and of what they use of the database."""
        return cpu.used(self.pids()), self.site.database.used(self.site.copy, self.by)


@contextmanager
def started(
    argv: list[str] | None, root: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes] | None]:
    """Run a command as the leader of its own group, and end all of that
    group after.
    """
    if argv is None:
        yield None
        return
    process = subprocess.Popen(argv, cwd=root, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def papers_file() -> Path:
    """The papers of the demo, of which those of the bench are made."""
    found = sorted(ROOT.glob("[a-z]*/**/papers.jsonl.gz"))
    if not found:
        raise BenchFailed("The papers of the demo are not in this checkout.")
    return found[0]


def fingerprint(root: Path) -> str:
    """Of what the built data depend on: migrations, curricula, the
    text pipeline.
    """
    files = [
        *root.glob("*/migrations/*.py"),
        *root.glob("curriculum/builtin/*"),
        *(INSIDE / "bench_site" / f"{name}.py" for name in BUILDER),
    ]
    parts = [
        f"{path.relative_to(path.parents[2])}{digest(path)}" for path in sorted(files)
    ]
    for path in sorted(root.glob("[a-z]*/__init__.py")):
        parts += re.findall(r"PIPELINE_VERSION = \d+", path.read_text())
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:10]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def commit_of(root: Path) -> str:
    """The commit that is checked out; with a plus where files
    differ from it.
    """
    said = ["git", "-C", str(root), "describe", "--always", "--dirty=+", "--abbrev=9"]
    done = subprocess.run([*said, "--exclude=*"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"
