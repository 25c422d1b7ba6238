"""How much a member may write in an hour, and that pressing twice writes once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet

from community.actions.refusals import PostLimitReached
from lists.statement import Statement
from members.models import Member

AN_HOUR = timedelta(hours=1)
DOUBLE_WITHIN = timedelta(seconds=60)
# a time that is further in the future was written by a clock that was wrong
CLOCKS_DIFFER = timedelta(minutes=5)


class Written(NamedTuple):
    """What a member wrote within an hour: how many, the key of the same text if it was
    written a moment ago, and when the oldest was.
    """

    number: int
    same: int | None
    oldest: datetime


def written_lately(
    texts: Callable[[Member], QuerySet[Any]],
    moment: str,
    same: Callable[..., Q],
    **kinds: type,
) -> Statement[Written]:
    """`texts` are those of a member, `moment` the field that says when one was written;
    `same` says from arguments of these `kinds` which ones are the same text.
    """

    def build(
        author: Member,
        begin: datetime,
        end: datetime,
        moment_ago: datetime,
        soon: datetime,
        **words: Any,
    ) -> QuerySet[Any, Any]:
        within = texts(author).filter(_between(moment, begin, end)).order_by()
        recent = same(**words) & _between(moment, moment_ago, soon)
        counted = within.values("author").annotate(
            number=Count("pk"), same=Max("pk", filter=recent), oldest=Min(moment)
        )
        return counted.values_list(*Written._fields)

    moments = dict.fromkeys(("begin", "end", "moment_ago", "soon"), datetime)
    return Statement(Written, build, author=Member, **moments, **kinds)


@dataclass(frozen=True, slots=True)
class WriteLimit:
    """Whether a member may write one more text now. Asked before a text is rendered,
    which costs, and again under the lock: whatever else a member may have too much of
    belongs in front of `render` as well.

    `now` is the moment when the request came in. Who waits for the lock finds rows that
    are later than that: they count, as far as clocks can differ. Rows further ahead do
    not, so that a clock that was wrong keeps nobody out.
    """

    statement: Statement[Written]  # of `written_lately`
    author: Member
    words: Mapping[str, Any]  # what makes the same text
    at_most: int
    refusal: str
    now: datetime

    def may_write(self) -> int | None:
        """The key of the same text, if it was written a moment ago. Raises PostLimitReached."""
        written = self.statement.first(
            author=self.author,
            begin=self.now - AN_HOUR,
            end=self.now + CLOCKS_DIFFER,
            moment_ago=self.now - DOUBLE_WITHIN,
            soon=self.now + DOUBLE_WITHIN,
            **self.words,
        )
        written = written or Written(0, None, self.now)
        if not written.same and written.number >= self.at_most:
            raise PostLimitReached(
                self.refusal % {"n": self.at_most},
                wait=_until_one_fits(written.oldest, self.now),
            )
        return written.same


def _between(moment: str, begin: datetime, end: datetime) -> Q:
    return Q(**{f"{moment}__gt": begin, f"{moment}__lte": end})


def _until_one_fits(oldest: datetime, now: datetime) -> float:
    """Seconds until the oldest of the last hour is an hour old."""
    return (oldest + AN_HOUR - now).total_seconds()


class Locked(NamedTuple):
    pk: int


_LOCK = Statement(
    Locked,
    lambda pk: (
        Member.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk")
    ),
    pk=int,
)


def lock_author(author: Member) -> None:
    """Two presses of one button at once wait for each other here, so that the second
    finds what the first wrote. Raises DoesNotExist for a member who is gone.
    """
    if _LOCK.first(pk=author.pk) is None:
        raise Member.DoesNotExist
