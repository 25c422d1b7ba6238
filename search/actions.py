"""What a search leaves behind. By statements: each search asks them."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from lists.change import Change, Removal
from lists.insertion import Insertion
from lists.statement import Statement
from members.models import Member
from search.models import RecentSearch

KEPT = 10


class _Typed(NamedTuple):
    typed: str


def _newest(member: Member, column: str):  # type: ignore[no-untyped-def]
    rows = RecentSearch.objects.filter(member=member).order_by("-searched_at", "-pk")
    return rows.values_list(column)[:KEPT]


_RECENT = Statement(_Typed, lambda member: _newest(member, "typed"), member=Member)
_SEARCHED_AGAIN = Change(
    lambda member, typed, now: (
        RecentSearch.objects.filter(member=member, typed=typed),
        {"searched_at": now},
    ),
    member=Member,
    typed=str,
    now=datetime,
)
_STORE = Insertion(RecentSearch, ignore_conflicts=True)
_FORGET_OLDER = Removal(
    lambda member: RecentSearch.objects.filter(member=member).exclude(
        pk__in=_newest(member, "pk")
    ),
    member=Member,
)


@transaction.atomic
def remember(member: Member, typed: str, *, now: datetime) -> None:
    """Keep what the member searched for, once; older ones than the last ten go."""
    if not _SEARCHED_AGAIN(member=member, typed=typed, now=now):
        _STORE(RecentSearch(member=member, typed=typed, searched_at=now))
        _FORGET_OLDER(member=member)


def recent_searches(member: Member) -> list[str]:
    """What the member searched for, the newest first. One query."""
    return [row.typed for row in _RECENT(member=member)]


def forget_searches(member: Member) -> None:
    RecentSearch.objects.filter(member=member).delete()
