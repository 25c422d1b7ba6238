"""How much a member may write in an hour, and that pressing twice writes once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from community.actions.refusals import TooMany
from members.models import Member

AN_HOUR = timedelta(hours=1)
DOUBLE_WITHIN = timedelta(seconds=60)
# a time that is further in the future was written by a clock that was wrong
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class WriteLimit:
    """Whether a member may write one more text now. Asked before a text is rendered,
    which costs, and again under the lock: whatever else a member may have too much of
    belongs in front of `render` as well.

    `now` is the moment when the request came in. Who waits for the lock finds rows that
    are later than that: they count, as far as clocks can differ. Rows further ahead do
    not, so that a clock that was wrong keeps nobody out.
    """

    by_author: QuerySet[Any]
    moment: str  # the field that says when a text was written
    same: Q
    at_most: int
    refusal: str
    now: datetime

    def may_write(self) -> int | None:
        """The key of the same text, if it was written a moment ago. Raises TooMany."""
        within_an_hour = self._between(self.now - AN_HOUR, self.now + CLOCKS_DIFFER)
        recent = self._between(self.now - DOUBLE_WITHIN, self.now + DOUBLE_WITHIN)
        written = self.by_author.filter(within_an_hour).aggregate(
            count=Count("pk"),
            same=Max("pk", filter=self.same & recent),
            oldest=Min(self.moment),
        )
        if not written["same"] and written["count"] >= self.at_most:
            raise TooMany(
                self.refusal % {"n": self.at_most},
                wait=_until_one_fits(written["oldest"], self.now),
            )
        return written["same"]

    def _between(self, begin: datetime, end: datetime) -> Q:
        return Q(**{f"{self.moment}__gt": begin, f"{self.moment}__lte": end})


def _until_one_fits(oldest: datetime | None, now: datetime) -> float:
    """Seconds until the oldest of the last hour is an hour old."""
    return ((oldest or now) + AN_HOUR - now).total_seconds()


def lock_author(author: Member) -> None:
    """Two presses of one button at once wait for each other here, so that the second
    finds what the first wrote.
    """
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)
