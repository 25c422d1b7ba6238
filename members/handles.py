"""Handles: names without spaces by which members are mentioned, as in `@ada`.

Knows no Django.
"""

import re
import secrets
from collections.abc import Iterator

from text.typed import folded

LONGEST = 30  # characters of a handle that is made from a name
TAKEN_MOST = 9  # so many handles with a number are tried in order
NOT_IN_HANDLES = re.compile(r"\W+")
NAMELESS = "member"


def handle_from(name: str) -> str:
    """The name in small letters without accents, with a hyphen for what is no letter.

    Letters of every script stay.
    """
    words = NOT_IN_HANDLES.sub("-", folded(name)).strip("-_")
    return words[:LONGEST].strip("-_") or NAMELESS


def candidates(handle: str) -> Iterator[str]:
    """The handle itself, then with a number behind it: first in order, then any."""
    yield handle
    for number in range(2, TAKEN_MOST + 1):
        yield f"{handle}-{number}"
    while True:
        yield f"{handle}-{secrets.randbelow(900_000) + 100_000}"
