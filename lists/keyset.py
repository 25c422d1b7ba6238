"""Pages of a list by keyset: an address names the last row shown, and the
next page begins after it.

A cursor that cannot be read is None, and the list then starts at
its beginning.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from config.values import number

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECONDS_MAX = 4_102_444_800_000_000  # the year 2100

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


@dataclass(frozen=True, slots=True)
class Cursor:
    """A row of a list that is ordered by a moment."""

    moment: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.moment - EPOCH) // timedelta(microseconds=1)}-{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        first, _, second = text.partition("-")
        microseconds, pk = number(first, most=MICROSECONDS_MAX), number(second)
        if microseconds is None or pk is None:
            return None
        return cls(EPOCH + timedelta(microseconds=microseconds), pk)


@dataclass(frozen=True, slots=True)
class NumberCursor:
    """A row of a list that is ordered by a number."""

    number: int
    pk: int

    def __str__(self) -> str:
        return f"{self.number}.{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "NumberCursor | None":
        first, _, second = text.partition(".")
        value, pk = number(first), number(second)
        if value is None or pk is None:
            return None
        return cls(value, pk)


@dataclass(frozen=True, slots=True)
class TitleCursor:
    """A row of a list that is ordered by title."""

    title: str
    pk: int

    def __str__(self) -> str:
        return f"{self.pk}:{self.title}"

    @classmethod
    def parse(cls, text: str) -> "TitleCursor | None":
        first, _, title = text.partition(":")
        pk = number(first)
        if pk is None:
            return None
        return cls(title, pk)


def before(rows: Rows, field: str, value: Any, pk: int) -> Rows:
    """The rows that follow in a list ordered by `field` and `pk`,
    both descending.
    """
    return _beyond(rows, field, value, pk, "lt")


def after(rows: Rows, field: str, value: Any, pk: int) -> Rows:
    """The rows that follow in a list ordered by `field` and `pk`."""
    return _beyond(rows, field, value, pk, "gt")


def _beyond(rows: Rows, field: str, value: Any, pk: int, lookup: str) -> Rows:
    follows = Q((f"{field}__{lookup}", value)) | Q(
        (field, value), (f"pk__{lookup}", pk)
    )
    # The last bound follows from the others. Without it no database uses
    # the index on `field`: it reads every row that is above the cursor.
    return rows.filter(follows, (f"{field}__{lookup}e", value))
