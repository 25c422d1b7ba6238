"""Resources as the list of the library shows them, and the filters above it: values
that say all that their cards show (decision 0080).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from curriculum import search
from curriculum.models import Resource, ResourceQuerySet, Section

MATCHES = 3  # sections shown below a resource that was found by them


class Successor(NamedTuple):
    slug: str
    title: str


class Match(NamedTuple):
    """A section by which a resource was found."""

    locator: str
    title: str


class ShelfRow(NamedTuple):
    """One resource of the list, read with the names of a Resource."""

    pk: int
    slug: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    kind: str
    cost: str
    level: str
    url: str
    note: str
    archived_on: Any
    archived_why: str
    unverified: str
    successor__slug: str | None
    successor__title: str | None
    matches: tuple[Match, ...] = ()
    more_matches: int = 0

    @property
    def successor(self) -> Successor | None:
        if self.successor__slug is None:
            return None
        return Successor(self.successor__slug, self.successor__title or "")

    def get_kind_display(self) -> str:
        return _label(Resource.Kind.choices, self.kind)

    def get_cost_display(self) -> str:
        return _label(Resource.Cost.choices, self.cost)

    def get_level_display(self) -> str:
        return _label(Resource.Level.choices, self.level)


COLUMNS = ShelfRow._fields[: ShelfRow._fields.index("matches")]


def shelf(resources: ResourceQuerySet) -> list[ShelfRow]:
    """One query."""
    rows = (ShelfRow(*row) for row in resources.values_list(*COLUMNS))
    return [row._replace(authors=tuple(map(str, row.authors))) for row in rows]


def with_matches(page: Sequence[ShelfRow], typed: str) -> list[ShelfRow]:
    """Each with its sections whose titles hold words that its own title lacks. Two
    queries, and one for the words of the library where the process has older ones.
    """
    vocabulary = Resource.objects.vocabulary()
    spellings = [search.spellings(word, vocabulary) for word in search.words_of(typed)]
    sections = Section.objects.filter(resource__in=[row.pk for row in page])
    by_resource: dict[int, list[Match]] = {}
    in_order = sections.order_by("position", "pk")
    for pk, *match in in_order.values_list("resource_id", "locator", "title"):
        by_resource.setdefault(pk, []).append(Match(*match))
    return [_with_matches(row, by_resource, spellings) for row in page]


def _with_matches(
    row: ShelfRow,
    by_resource: Mapping[int, Sequence[Match]],
    spellings: Sequence[Sequence[str]],
) -> ShelfRow:
    title = search.folded(row.title)
    sought = list(chain.from_iterable(_missing(title, spellings)))
    matches = tuple(
        match
        for match in by_resource.get(row.pk, ())
        if any(word in search.folded(match.title) for word in sought)
    )
    more = max(0, len(matches) - MATCHES)
    return row._replace(matches=matches[:MATCHES], more_matches=more)


def _missing(title: str, spellings: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The words that are not in the title, in each of their spellings."""
    for each in spellings:
        if not any(spelling in title for spelling in each):
            yield each


def _label(choices: Sequence[tuple[str, Any]], value: str) -> str:
    return str(dict(choices).get(value, value))
