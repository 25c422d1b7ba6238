"""The outbox: a folder of .eml files, one for each message, in place of a mail server.

Pure: it knows files and messages, not Django. A file is written completely or not at
all. It is named after the Message-ID, so a message that is written twice is one file.
"""

import hashlib
import heapq
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,119}\.eml")
HEAD_BYTES = 32_768


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message in the list of the outbox."""

    name: str
    written_at: datetime
    to: str
    subject: str


def file_name(message_id: str) -> str:
    """A file name that is valid everywhere: the readable part of the Message-ID, and a
    hash of the whole.
    """
    readable = (
        re.sub(r"[^A-Za-z0-9._@-]+", "-", message_id.strip("<> ")).lstrip(".-_@")[:80]
        or "message"
    )
    return f"{readable}-{hashlib.sha256(message_id.encode()).hexdigest()[:16]}.eml"


def write(folder: Path, message_id: str, content: bytes) -> Path:
    """Write a message, sync it to the disk, and return its path. Only the user of the
    process can read it.

    An existing file is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / file_name(message_id)
    if path.exists():
        return path
    # mkstemp creates it with mode 0600
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(folder)
    return path


def _sync(folder: Path) -> None:
    """Sync the folder, or a power cut may lose the new name of a file that is written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def newest(folder: Path, limit: int) -> list[OutboxRow]:
    """The newest `limit` messages, the newest first."""
    files = heapq.nlargest(limit, _files(folder))
    return [_line(folder / name, moment) for moment, name in files]


def _files(folder: Path) -> Iterator[tuple[float, str]]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if NAME.fullmatch(entry.name):
                yield entry.stat().st_mtime, entry.name


def _line(path: Path, moment: float) -> OutboxRow:
    with path.open("rb") as file:
        head = BytesHeaderParser(policy=policy.default).parsebytes(
            file.read(HEAD_BYTES)
        )
    return OutboxRow(
        path.name,
        datetime.fromtimestamp(moment, UTC),
        str(head["to"] or ""),
        str(head["subject"] or ""),
    )


def read(folder: Path, name: str) -> EmailMessage | None:
    """The message with this file name; None for a name that `file_name` does not make,
    such as one that leads out of the folder.
    """
    path = folder / name
    if not NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        return None
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    # policy.default makes an EmailMessage; the annotation says Message
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    """The text of the "plain" or "html" part; empty if there is none."""
    body = message.get_body((kind,))
    if body is None:
        return ""
    content = body.get_content()
    return content if isinstance(content, str) else ""
