"""Pictures made again in a process of their own, one after the other."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from pictures import refusals
from pictures.encoding import Encoded, Form
from pictures.refusals import FileRefused

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 20  # by the clock: the machine may be busy
# In each process of the site: one takes up to 250 MB, and each that waits occupies a
# thread that could answer others.
AT_ONCE = BoundedSemaphore(1)
WITH_WAITING = BoundedSemaphore(4)


def remade(data: bytes) -> Encoded:
    """The picture as it is stored. Raises FileRefused."""
    with _turn():
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pictures.child"],
                cwd=ROOT,
                env={},
                input=data,
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            # it reached a limit, or a decoder ended it
            raise FileRefused(refusals.UNREADABLE) from None
    heading, _, body = done.stdout.partition(b"\n")
    told = json.loads(heading)
    if "refused" in told:
        raise FileRefused(told["refused"])
    forms, place = [], 0
    for width, height, length in told["sizes"]:
        forms.append(Form(width, height, body[place : place + length]))
        place += length
    return Encoded(told["media_type"], forms[0], forms[1] if forms[1:] else None)


@contextmanager
def _turn() -> Iterator[None]:
    """Raises FileRefused where too many wait, or none of them ends in time."""
    if not WITH_WAITING.acquire(blocking=False):
        raise FileRefused(refusals.BUSY)
    try:
        if not AT_ONCE.acquire(timeout=SECONDS):
            raise FileRefused(refusals.BUSY)
        try:
            yield
        finally:
            AT_ONCE.release()
    finally:
        WITH_WAITING.release()
