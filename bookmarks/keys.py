"""How a bookmark names a thing: its kind, and an id that stays the same."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from bookmarks.models import Bookmark
from config import values
from papers.arxiv import ARXIV_ID

Kind = Bookmark.Kind


class ThingKey(NamedTuple):
    kind: str
    key: str


def key_of(kind: str, text: str) -> ThingKey | None:
    """The key that a form names; None where nothing can have it."""
    if kind not in CHECKS:
        return None
    key = CHECKS[kind](text)
    return ThingKey(kind, key) if key else None


def _number(text: str) -> str | None:
    value = values.number(text)
    if value is None:
        return None
    return str(value)


def _arxiv_id(text: str) -> str | None:
    if re.fullmatch(ARXIV_ID, text, re.ASCII):
        return text
    return None


def _uuid(text: str) -> str | None:
    found = values.key(text)
    return str(found) if found else None


CHECKS: Mapping[str, Callable[[str], str | None]] = {
    Kind.POST: _number,
    Kind.COMMENT: _number,
    Kind.PAPER: _arxiv_id,
    Kind.RESOURCE: _number,
    Kind.ACTIVITY: _uuid,
}
