"""A number, a moment or a key in a text that somebody else wrote: an address, a
field read by hand. Knows no Django.

Python reads more than is meant here (other scripts' digits, spaces, signs,
underscores), fails for thousands of digits, and gives numbers and moments
that no column can hold. These functions give None for all of that, and
never raise.
"""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

BIGGEST = 2**63 - 1  # the largest number that a column holds
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
# so far from both ends of the calendar every time zone has the moment
A_DAY = timedelta(days=1)
FIRST, LAST = (
    datetime.min.replace(tzinfo=UTC) + A_DAY,
    datetime.max.replace(tzinfo=UTC) - A_DAY,
)


def number(text: str, *, most: int = BIGGEST) -> int | None:
    """The whole number that `text` writes in ASCII digits, from 0 to
    `most`; None for anything else.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(BIGGEST)):
        return None
    value = int(text)
    if value > most:
        return None
    return value


def moment(text: str) -> datetime | None:
    """The moment that `text` writes in ISO 8601 with its offset from UTC,
    in UTC; None for anything else.
    """
    try:
        value = datetime.fromisoformat(text)
        if value.tzinfo is None:
            return None
        value = value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if not FIRST <= value <= LAST:
        return None
    return value


def key(text: str) -> UUID | None:
    """The UUID that `text` writes in small letters and with hyphens, as browsers do; None
    for anything else.
    """
    return UUID(text) if KEY.fullmatch(text) else None
