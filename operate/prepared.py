"""What the last start has prepared in the database, so that the next start can skip it
(decision 0083).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from operate.models import Prepared

CURRICULA = "built-in curricula"
# The files that an import of the built-in curricula reads, and the code that it runs.
CODE = ("curriculum", "fields", "lists", "text")


def digest() -> str:
    """A digest of the built-in curricula, the code that imports them, and the versions of
    the packages that it uses. Takes about 10 ms.
    """
    whole = hashlib.sha256()
    for path in sorted(_files()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(settings.BASE_DIR)} {content}\n".encode())
    return whole.hexdigest()


def _files() -> Iterator[Path]:
    for name in CODE:
        folder = settings.BASE_DIR / name
        yield from (path for path in folder.rglob("*.py") if "tests" not in path.parts)
    yield from (settings.BASE_DIR / "curriculum" / "builtin").iterdir()
    yield settings.BASE_DIR / "requirements" / "base.txt"


def is_prepared(now: str) -> bool:
    """Whether the database was prepared from files with the digest `now`. One query."""
    return Prepared.objects.filter(what=CURRICULA, digest=now).exists()
