"""Which of the things on a page a member has saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bookmarks.keys import Kind, ThingKey
from bookmarks.models import Bookmark
from lists.arguments import Several
from lists.statement import Statement
from members.models import Member

MOST = 128  # more than any page shows
ON_PAGES = (Kind.POST, Kind.COMMENT, Kind.PAPER)
FEW = 24  # enough for a page of the feed


class SavedRow(NamedTuple):
    kind: str
    key: str
    remind_on: date | None
    opened_on: date | None


@dataclass(frozen=True, slots=True)
class Saved:
    keys: frozenset[ThingKey] = frozenset()
    days: Mapping[ThingKey, date] = field(
        default_factory=dict
    )  # of what was not opened

    @classmethod
    def of(cls, rows: Iterable[SavedRow]) -> "Saved":
        rows = list(rows)
        keys = frozenset(ThingKey(row.kind, row.key) for row in rows)
        days = {
            ThingKey(row.kind, row.key): row.remind_on
            for row in rows
            if row.remind_on and not row.opened_on
        }
        return cls(keys, days)

    def is_due(self, key: ThingKey, today: date) -> bool:
        return key in self.days and self.days[key] <= today

    def post(self, pk: int) -> bool:
        return ThingKey(Kind.POST, str(pk)) in self.keys

    def comment(self, pk: int) -> bool:
        return ThingKey(Kind.COMMENT, str(pk)) in self.keys

    def paper(self, arxiv_id: str) -> bool:
        return ThingKey(Kind.PAPER, arxiv_id) in self.keys


def _statement(most: int) -> Statement[SavedRow]:
    """Things of these keys: a few more than those asked for, where a post and a comment
    have the same id. So one list of keys is enough.
    """
    return Statement(
        SavedRow,
        lambda member, keys: (
            Bookmark.objects.of(member)
            .open()
            .filter(kind__in=ON_PAGES, key__in=keys)
            .values_list(*SavedRow._fields)
        ),
        member=Member,
        keys=Several(str, most),
    )


_FEW, _MANY = _statement(FEW), _statement(MOST)
_ONE = Statement(
    SavedRow,
    lambda member, kind, key: (
        Bookmark.objects.of(member)
        .open()
        .filter(kind=kind, key=key)
        .values_list(*SavedRow._fields)
    ),
    member=Member,
    kind=str,
    key=str,
)


def on_page(
    member: Member,
    *,
    posts: Iterable[int] = (),
    comments: Iterable[int] = (),
    paper: str = "",
) -> Saved:
    """What `member` saved of the things on a page. One query, none for an empty page."""
    named = {*map(str, posts), *map(str, comments), paper}
    keys = sorted(named - {""})[:MOST]
    if not keys:
        return Saved()
    if len(keys) <= FEW:
        return Saved.of(_FEW(member=member, keys=keys))
    return Saved.of(_MANY(member=member, keys=keys))


def saved_one(member: Member, key: ThingKey) -> Saved:
    """Whether `member` saved this thing. One query."""
    return Saved.of(_ONE(member=member, kind=str(key.kind), key=key.key))


def is_saved(member: Member, kind: str, key: object) -> bool:
    """One query."""
    return bool(saved_one(member, ThingKey(kind, str(key))).keys)
