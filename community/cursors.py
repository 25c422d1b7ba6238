"""Where a list goes on: the moment and the id of the last row shown, as a short text in an address."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PK_MAX = 2**63 - 1
MICROSECONDS_MAX = 4_102_444_800_000_000  # the year 2100


@dataclass(frozen=True, slots=True)
class Cursor:
    moment: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.moment - EPOCH) // timedelta(microseconds=1)}-{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The cursor, or None for anything that is not one: a list then starts at its beginning."""
        moment, _, pk = text.partition("-")
        if not (_is_number(moment, MICROSECONDS_MAX) and _is_number(pk, PK_MAX)):
            return None
        return cls(EPOCH + timedelta(microseconds=int(moment)), int(pk))


def _is_number(text: str, largest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20 and int(text) <= largest
