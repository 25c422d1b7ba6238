"""Databases of the bench: built once and kept, and a copy for each run.

PostgreSQL is a server of the bench's own that forces every commit to the
disk, with the settings it comes with; the kept data of every schema are
databases of it. SQLite keeps files.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

from bench import cpu
from operate.testing_postgres import SUPERUSER, EmbeddedPostgres

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


class Database(Protocol):
    vendor: str
    version: str

    def has(self, name: str) -> bool: ...
    def url(self, name: str) -> str: ...
    def make(self, name: str) -> None: ...
    def rename(self, name: str, to: str) -> None: ...
    def copy(self, name: str, to: str) -> None: ...
    def drop(self, name: str) -> None: ...
    def used(self, name: str, by: str) -> dict[int, int]: ...
    def count(self, name: str, table: str) -> int: ...
    def stop(self) -> None: ...


class Postgres:
    vendor = "postgresql"

    def __init__(self, home: Path) -> None:
        self.server = EmbeddedPostgres(f"bench-{home}")
        self.server.start()
        self.host = self.server.home
        if self.setting("fsync") != "on":
            self.configure()
        self.version = self.setting("server_version")

    def configure(self) -> None:
        with self.connect("postgres") as connection:
            for name in DURABLE:
                connection.execute(f"ALTER SYSTEM SET {name} = on")
            connection.execute("ALTER SYSTEM SET shared_buffers = '128MB'")
            connection.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
            connection.execute("ALTER SYSTEM SET max_connections = 100")
            # the work of a query stays in its backend, so that all of it
            # is counted
            connection.execute("ALTER SYSTEM SET max_parallel_workers_per_gather = 0")
        self.server.stop()
        self.server.start()

    def setting(self, name: str) -> str:
        with self.connect("postgres") as connection:
            return str(connection.execute(f"SHOW {name}").fetchone()[0])  # type: ignore[index]

    def connect(self, name: str) -> Any:
        return psycopg.connect(
            host=str(self.host), user=SUPERUSER, dbname=name, autocommit=True
        )

    def sql(self, statement: str, *values: object) -> list[Any]:
        with self.connect("postgres") as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def has(self, name: str) -> bool:
        return bool(self.sql("SELECT 1 FROM pg_database WHERE datname = %s", name))

    def url(self, name: str) -> str:
        return f"postgres://{SUPERUSER}@/{self.host}/{name}"

    def make(self, name: str) -> None:
        self.drop(name)
        self.sql(f'CREATE DATABASE "{name}"')

    def rename(self, name: str, to: str) -> None:
        self.drop(to)
        self.sql(f'ALTER DATABASE "{name}" RENAME TO "{to}"')

    def copy(self, name: str, to: str) -> None:
        self.drop(to)
        self.sql(f'CREATE DATABASE "{to}" TEMPLATE "{name}" STRATEGY FILE_COPY')

    def drop(self, name: str) -> None:
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def used(self, name: str, by: str) -> dict[int, int]:
        """CPU of the backends that serve `by` in this database."""
        pids = self.watcher.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s"
            " AND application_name = %s",
            [name, by],
        )
        return cpu.used(pid for (pid,) in pids.fetchall())

    @property
    def watcher(self) -> Any:
        if not hasattr(self, "_watcher"):
            self._watcher = self.connect("postgres")
        return self._watcher

    def count(self, name: str, table: str) -> int:
        with self.connect(name) as connection:
            statement = f'SELECT count(*) FROM "{table}"'  # noqa: S608
            return int(connection.execute(statement).fetchone()[0])

    def stop(self) -> None:
        if hasattr(self, "_watcher"):
            self._watcher.close()
        self.server.stop()


class Sqlite:
    vendor = "sqlite"

    def __init__(self, home: Path) -> None:
        self.home = home / "sqlite"
        self.home.mkdir(parents=True, exist_ok=True)
        self.version = sqlite3.sqlite_version

    def path(self, name: str) -> Path:
        return self.home / f"{name}.sqlite3"

    def has(self, name: str) -> bool:
        return self.path(name).exists()

    def url(self, name: str) -> str:
        return f"sqlite:///{self.path(name)}"

    def make(self, name: str) -> None:
        self.drop(name)

    def rename(self, name: str, to: str) -> None:
        self.drop(to)
        self.settle(name)
        self.path(name).rename(self.path(to))

    def copy(self, name: str, to: str) -> None:
        self.drop(to)
        shutil.copyfile(self.path(name), self.path(to))

    def settle(self, name: str) -> None:
        """Everything into the one file, so that it can be copied."""
        with sqlite3.connect(self.path(name)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def drop(self, name: str) -> None:
        for end in ("", "-wal", "-shm"):
            Path(f"{self.path(name)}{end}").unlink(missing_ok=True)

    def used(self, name: str, by: str) -> dict[int, int]:
        """Nothing: SQLite works inside the site's own process."""
        return {}

    def count(self, name: str, table: str) -> int:
        with sqlite3.connect(self.path(name)) as connection:
            statement = f'SELECT count(*) FROM "{table}"'  # noqa: S608
            return int(connection.execute(statement).fetchone()[0])

    def stop(self) -> None:
        """Nothing runs."""


def open_database(vendor: str, home: Path) -> Database:
    if vendor == "sqlite":
        return Sqlite(home)
    if vendor != "postgresql":
        raise SystemExit(f"DB={vendor}: say DB=postgresql or DB=sqlite.")
    return Postgres(home)


@contextmanager
def kept_folder() -> Iterator[Path]:
    """The folder of all that is kept, for one run at a time: others wait."""
    named = os.environ.get("BENCH_DIR", "")
    home = Path(named or f"{tempfile.gettempdir()}/minibatch-bench-{os.getuid()}")
    home.mkdir(mode=0o755, parents=True, exist_ok=True)
    with open(home / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another run of the bench goes on; this one waits.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield home
