"""Papers as lists show them: light rows, the same for every reader (decision 0082)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext

from lists.arguments import Several
from lists.cache import TimedCache
from lists.statement import Statement
from members.audience import EVERYBODY
from papers.models import Paper

AUTHORS = 4  # as many as a byline looks at; some papers have thousands
AT_ONCE = 40  # more than one page shows


class Headline(NamedTuple):
    """A paper in a list. `authors` are the first AUTHORS ones."""

    pk: int
    arxiv_id: str
    version: int
    title: str
    title_html: str
    authors: tuple[str, ...]
    primary_category: str

    @property
    def byline(self) -> str:
        return byline(self.authors)

    @property
    def name(self) -> str:
        """The number as arXiv writes it, with the version of a paper that was replaced:
        “2506.08147v3”.
        """
        return f"{self.arxiv_id}v{self.version}" if self.version > 1 else self.arxiv_id

    @classmethod
    def of(cls, paper: Paper) -> "Headline":
        return cls(*(getattr(paper, name) for name in cls._fields))._cut()

    def _cut(self) -> "Headline":
        return self._replace(authors=tuple(self.authors[:AUTHORS]))


HEADLINES = Statement(
    Headline,
    lambda pks: Paper.objects.filter(pk__in=pks).values_list(*Headline._fields),
    pks=Several(int, AT_ONCE),
)
PAPERS = TimedCache[Headline](seconds=60, most=2_000)


def byline(authors: Sequence[str]) -> str:
    """The authors in a few words: “Ho, Jain and Abbeel”, “Hu and others”."""
    if len(authors) > 3:
        return gettext("%(first)s and others") % {"first": authors[0]}
    if len(authors) > 1:
        names = {"names": ", ".join(authors[:-1]), "last": authors[-1]}
        return gettext("%(names)s and %(last)s") % names
    return authors[0] if authors else ""


def headlines(pks: Iterable[int]) -> dict[int, Headline]:
    """The papers with these ids, at most AT_ONCE; those that are gone are left out. One
    query, or none when all are kept.
    """
    return PAPERS.get_each(EVERYBODY, pks, ask=_read)


def _read(pks: Sequence[int]) -> dict[int, Headline]:
    return {row.pk: row._cut() for row in HEADLINES(pks=pks)}
