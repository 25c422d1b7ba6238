"""Limits of how much a member may write in an hour, and detection of double presses."""

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
# a time further in the future than this was written by a wrong clock
CLOCKS_DIFFER = timedelta(minutes=5)


class Written(NamedTuple):
    """What a member wrote within the last hour: the number of texts, the key of an equal
    text of the last minute, and the time of the oldest text.
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
    """The statement that counts a member's recent texts.

    `texts` gives all texts of a member, `moment` is the field with the time of writing,
    and `same` makes the condition for an equal text from arguments of these `kinds`.
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
    """Whether a member may write one more text now. Checked before the text is rendered,
    which is expensive, and again under the lock. Check any other limit before `render`
    too.

    `now` is the time of the request. A request that waited for the lock finds rows that
    are later than its `now`. They count up to CLOCKS_DIFFER; rows further ahead do not,
    so a clock that was wrong locks nobody out.
    """

    statement: Statement[Written]  # of `written_lately`
    author: Member
    words: Mapping[str, Any]  # arguments of `same`
    at_most: int
    refusal: str
    now: datetime

    def may_write(self) -> int | None:
        """The key of an equal text of the last minute, or None if one more text may be
        written. Raises PostLimitReached.
        """
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
    """Seconds until the oldest text of the last hour is an hour old."""
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
    """Lock the author's row, so that the second of two presses of a button waits and
    finds what the first one wrote. Raises DoesNotExist if the member was deleted.
    """
    if _LOCK.first(pk=author.pk) is None:
        raise Member.DoesNotExist
