"""The content of a reminder after a quiet time: since when, and the next activity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mail.digest import Next, following
from mail.due.reminders import Away
from progress import week


@dataclass(frozen=True, slots=True)
class Quiet:
    since: date  # in the member's time zone
    next: Next
    is_last: bool = False

    def as_content(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "next": self.next.as_content(),
            "is_last": self.is_last,
        }

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Quiet":
        since = date.fromisoformat(content["since"])
        # What was written before there were three says that it is the only one.
        is_last = content.get("is_last", True)
        return cls(since, Next(**content["next"]), is_last)


def compose(away: Sequence[Away], now: datetime) -> dict[int, Quiet]:
    """Compose the reminders, by member id. Members with nothing left to do are left out.

    Six queries for any number of members.
    """
    weeks = week.weeks([one.member for one in away], now)
    return {
        one.member.pk: Quiet(one.since_day, following(coming), one.is_last)
        for one in away
        if (coming := weeks[one.member.pk].next) is not None
    }
