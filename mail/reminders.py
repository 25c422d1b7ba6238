"""What a reminder after a quiet time says: since when, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mail.digest import Next, following
from mail.due.reminders import Away
from progress import week


@dataclass(frozen=True, slots=True)
class Quiet:
    since: date  # on her calendar
    next: Next

    def as_content(self) -> dict[str, Any]:
        return {"since": self.since.isoformat(), "next": self.next.as_content()}

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Quiet":
        return cls(date.fromisoformat(content["since"]), Next(**content["next"]))


def compose(away: Sequence[Away], now: datetime) -> dict[int, Quiet]:
    """Member id to reminder; nothing for a member who has nothing left to do.

    Six queries for any number.
    """
    weeks = week.weeks([one.member for one in away], now)
    return {
        one.member.pk: Quiet(one.since_day, following(coming))
        for one in away
        if (coming := weeks[one.member.pk].next) is not None
    }
