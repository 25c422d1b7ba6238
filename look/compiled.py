"""Compiled templates, kept in the data folder as Python keeps its byte code.

Compiling all takes as long as loading the rest of the site. What is kept holds for
one source, one compiler and one language; else it is compiled and written again.
"""

import hashlib
import pickle
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

UNREADABLE = (OSError, EOFError, ValueError, pickle.UnpicklingError)


class CompiledTemplates(BytecodeCache):
    """Keeps a file for each template.

    A folder that cannot be written, or a file that was cut short, costs time only.
    """

    def __init__(self, folder: Path, compiler: str) -> None:
        self.folder = folder
        self.compiler = compiler  # a digest of whatever else decides what is compiled
        with suppress(OSError):
            folder.mkdir(exist_ok=True)

    def get_source_checksum(self, source: str) -> str:
        return hashlib.sha256(f"{self.compiler} {source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            with open(self.folder / bucket.key, "rb") as kept:
                bucket.load_bytecode(kept)
        except UNREADABLE:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write beside and rename, so that nobody reads half a file."""
        with (
            suppress(OSError),
            tempfile.TemporaryDirectory(dir=self.folder) as beside,
        ):
            draft = Path(beside) / bucket.key
            with open(draft, "wb") as file:
                bucket.write_bytecode(file)
            draft.replace(self.folder / bucket.key)


def compiler(kind: type) -> str:
    """A digest of our own code around Jinja, of the versions of all libraries, of the
    language and of the class of the environment. About 2 ms.
    """
    whole = hashlib.sha256(f"{kind.__qualname__} {settings.LANGUAGE_CODE}".encode())
    whole.update(f"{settings.USE_I18N}".encode())
    code = sorted((settings.BASE_DIR / "look").glob("*.py"))
    for path in (*code, settings.BASE_DIR / "requirements" / "base.txt"):
        whole.update(path.read_bytes())
    return whole.hexdigest()
