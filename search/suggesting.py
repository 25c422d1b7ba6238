"""What the box of the search offers while somebody types: where the words stand in a
title, and the member's own searches that begin so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from curriculum import finding
from curriculum.finding import Spot, StepSpot
from curriculum.models import Release
from documents.candidates import candidates
from documents.models import SearchDocument
from documents.query import parse
from documents.ranking import Ranking
from members.models import Member
from search import actions, hits
from search.hits import Hit
from search.visible import everything
from text.typed import folded

LEAST = 2  # characters
MOST, OF_SPOTS, OF_SEARCHES = 8, 3, 2
LOOKED_AT = 100  # the newest of each kind that hold the words
Kind = SearchDocument.Kind
KINDS = (Kind.MEMBER, Kind.POST, Kind.RESOURCE, Kind.PAPER)


@dataclass(frozen=True, slots=True)
class SearchSuggestion:
    icon: str
    label: str
    url: str
    title_html: str  # safe

    @classmethod
    def of_hit(cls, hit: Hit) -> "SearchSuggestion":
        return cls(hit.icon, hit.label, hit.url, hit.title_html)


def suggestions(
    reader: Member, typed: str, releases: Iterable[Release]
) -> list[SearchSuggestion]:
    """At most eight, all of which `reader` may open; none for fewer than two
    characters. Two queries, and one for each kind that is found.
    """
    if len(typed.strip()) < LEAST:
        return []
    found = _searches(reader, typed) + _spots(typed, releases)
    return [*found, *_titles(reader, typed)][:MOST]


def _searches(reader: Member, typed: str) -> list[SearchSuggestion]:
    """The member's own searches that begin with what was typed, and go on."""
    start = folded(typed.strip())
    before = [each for each in actions.recent_searches(reader) if each != typed.strip()]
    return [
        SearchSuggestion(
            icon="clock",
            label=_("Searched before"),
            url=f"{reverse('search:search')}?{urlencode({'q': each})}",
            title_html=escape(each),
        )
        for each in before
        if folded(each).startswith(start)
    ][:OF_SEARCHES]


def _spots(typed: str, releases: Iterable[Release]) -> list[SearchSuggestion]:
    """Steps, then activities, of what the member reads. No query."""
    read, sought = list(releases), hits.Sought(parse(typed))
    ranking = Ranking.of(sought.query)
    spots: list[Spot | StepSpot] = [
        *finding.steps(read, typed),
        *finding.activities(read, typed),
    ]
    found = [spot for spot in spots if ranking.is_in_title(hits.words_of_spot(spot))]
    shown = [hits.of_spot(spot, sought) for spot in found[:OF_SPOTS]]
    return [SearchSuggestion.of_hit(hit) for hit in shown]


def _titles(reader: Member, typed: str) -> list[SearchSuggestion]:
    """People, posts, resources and papers, those that fit best first."""
    query = parse(typed)
    visible = {kind: everything(kind, reader) for kind in KINDS}
    rows = candidates(query, visible, most=LOOKED_AT)
    ranking = Ranking.of(query)
    fitting = [row for row in rows if ranking.is_in_title(row.words)]
    scores = ranking.scores([row.words for row in fitting])
    best = sorted(zip(scores, fitting, strict=True), key=lambda each: -each[0])[:MOST]
    keys: dict[Kind, list[int]] = {}
    for _score, row in best:
        keys.setdefault(Kind(row.kind), []).append(row.object_id)
    sought = hits.Sought(query)
    read = {kind: hits.READERS[kind](reader, of, sought) for kind, of in keys.items()}
    shown = [read[Kind(row.kind)].get(row.object_id) for _score, row in best]
    return [SearchSuggestion.of_hit(hit) for hit in _each_once(shown)]


def _each_once(shown: Sequence[Hit | None]) -> Iterable[Hit]:
    """Those that can be opened; joined questions give the same one."""
    return {hit.url: hit for hit in shown if hit and hit.url}.values()
