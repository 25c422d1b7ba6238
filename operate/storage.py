"""A full or read-only disk: how to recognise its errors, and what may be left out then."""

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

log = logging.getLogger(__name__)

FULL = "full"
READ_ONLY = "read-only"
_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
}
_SQLITE = {
    "database or disk is full": FULL,
    "readonly database": READ_ONLY,
    "unable to open database file": READ_ONLY,
    "disk I/O error": FULL,  # what SQLite says when a write is cut short
}
_SQLSTATE = {"53100": FULL, "25006": READ_ONLY}


def trouble(error: BaseException | None) -> str:
    """FULL or READ_ONLY if the error, or one that caused it, says so; else an empty text."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if found := _of(error):
            return found
        error = error.__cause__ or error.__context__
    return ""


def _of(error: BaseException) -> str:
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0, "")
    if state := _SQLSTATE.get(str(getattr(error, "sqlstate", ""))):
        return state
    if isinstance(error, DatabaseError):
        return next(
            (found for words, found in _SQLITE.items() if words in str(error)), ""
        )
    return ""


@contextmanager
def best_effort() -> Iterator[None]:
    """A context for writes that are not what the request asks for, such as noting a visit.
    If the disk is full or read-only, they are left out, and the page is shown.
    """
    try:
        yield
    except DatabaseError as error:
        if not trouble(error):
            raise
        log.warning("Not noted: %s", error)


def sentence(trouble: str, error: BaseException) -> str:
    """A sentence for the host when the site cannot start."""
    folder = settings.DATA_DIR
    if trouble == FULL:
        return (
            f"The disk is full: make room for the data folder {folder} and start again."
        )
    return (
        f"The data folder {folder} cannot be written ({error}): give this account the right to, "
        "or choose another folder with DATA_DIR."
    )


_held: list[sqlite3.Connection] = []


def hold_database() -> None:
    """Keep one connection to SQLite open as long as this process runs.

    When the last connection closes, SQLite removes its write-ahead log, and the next
    one must create it again. On a full disk that fails, and with it every page.
    """
    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite" and not _held and Path(name).is_file():
        held = sqlite3.connect(name, check_same_thread=False)
        held.execute("SELECT 1 FROM sqlite_master").fetchone()
        _held.append(held)
