"""A member's reading list, and the member's marks on the papers of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from lists import keyset
from lists.keyset import Cursor
from lists.statement import Statement
from members.models import Member
from papers.models import Reading
from papers.rows import byline

BESIDE, PAGE = 8, 50  # rows of the reading list beside a page, and on its own page


class KeptPaper(NamedTuple):
    """A paper on a member's reading list."""

    pk: int
    kept_at: datetime
    paper_arxiv_id: str
    paper_title: str
    paper_title_html: str
    paper_authors: Sequence[str]
    paper_primary_category: str

    @property
    def byline(self) -> str:
        return byline(self.paper_authors)


class Title(NamedTuple):
    """A paper on the reading list, in few words."""

    kept_at: datetime
    paper_arxiv_id: str
    paper_title_html: str


class PaperMark(NamedTuple):
    paper_id: int
    hidden_at: datetime | None


@dataclass(frozen=True, slots=True)
class Marks:
    """The papers of a day that a member has kept, and those that were hidden."""

    kept: frozenset[int]
    hidden: frozenset[int]


def _reading_list(member: Member) -> QuerySet[Reading]:
    kept = Reading.objects.filter(member=member, kept_at__isnull=False)
    return kept.order_by("-kept_at", "-pk")


def _page(
    member: Member, moment: datetime | None = None, pk: int = 0
) -> QuerySet[Reading, tuple[object, ...]]:
    kept = _reading_list(member)
    if moment:
        kept = keyset.before(kept, "kept_at", moment, pk)
    return kept.values_list(
        "pk",
        "kept_at",
        "paper__arxiv_id",
        "paper__title",
        "paper__title_html",
        "paper__authors",
        "paper__primary_category",
    )[: PAGE + 1]


TITLES = Statement(
    Title,
    lambda member: _reading_list(member).values_list(
        "kept_at", "paper__arxiv_id", "paper__title_html"
    )[: BESIDE + 1],
    member=Member,
)
NEWEST = Statement(KeptPaper, _page, member=Member)
OLDER = Statement(KeptPaper, _page, member=Member, moment=datetime, pk=int)
MARKS = Statement(
    PaperMark,
    lambda member, day: Reading.objects.filter(
        Q(kept_at__isnull=False) | Q(hidden_at__isnull=False),
        member=member,
        paper__announcements__batch__announced_on=day,
    ).values_list("paper_id", "hidden_at"),
    member=Member,
    day=date,
)


def reading_list(member: Member) -> list[Title]:
    """The newest of what the member keeps; one more than BESIDE when there are more.
    One query.
    """
    return TITLES(member=member)


def reading_page(member: Member, *, before: Cursor | None) -> list[KeptPaper]:
    """What the member keeps, newest first; one more than PAGE when there are more. One
    query.
    """
    if before is None:
        return NEWEST(member=member)
    return OLDER(member=member, moment=before.moment, pk=before.pk)


def marks(member: Member, day: date) -> Marks:
    """What the member has made of the papers that were announced on that day. One query."""
    rows = MARKS(member=member, day=day)
    hidden = frozenset(row.paper_id for row in rows if row.hidden_at)
    return Marks(frozenset(row.paper_id for row in rows) - hidden, hidden)
