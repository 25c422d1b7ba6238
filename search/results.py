"""What a search finds: counts of each kind, and a page of the best."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from curriculum import finding
from curriculum.finding import Spot, StepSpot
from curriculum.models import Release
from documents.candidates import MOST, DocumentMatch, candidates
from documents.models import SearchDocument
from documents.query import Query, parse
from documents.ranking import Ranking
from members.models import Member
from search import hits
from search.hits import Hit
from search.spelling import Spelling
from search.visible import Narrowed, visible

PAGE = hits.MOST
LOOKED_AT = 500  # the newest of each kind; `MOST` of the one that was chosen
SIGNS = re.compile(r'["*]|(?:^|(?<=\s))-\S*')  # of a query, and what must not be there
PAGES_MOST = 50


class Tab(TextChoices):
    """The kinds that results can be limited to, in the order of the tabs."""

    ALL = "", _("All")
    POSTS = "posts", _("Posts")
    COMMENTS = "comments", _("Comments")
    STEPS = "steps", _("Steps")
    RESOURCES = "resources", _("Resources")
    PAPERS = "papers", _("Papers")
    PEOPLE = "people", _("People")


OF_TAB: Mapping[Tab, SearchDocument.Kind] = {
    Tab.POSTS: SearchDocument.Kind.POST,
    Tab.COMMENTS: SearchDocument.Kind.COMMENT,
    Tab.RESOURCES: SearchDocument.Kind.RESOURCE,
    Tab.PAPERS: SearchDocument.Kind.PAPER,
    Tab.PEOPLE: SearchDocument.Kind.MEMBER,
}


# What members said comes before what is as good and was written elsewhere.
ADVANCE = {Tab.STEPS: 1.0, Tab.POSTS: 0.75, Tab.COMMENTS: 0.25}


@dataclass(frozen=True, slots=True)
class Result:
    """One result before it is read: what it is, and how well it fits."""

    score: float
    tab: Tab
    object_id: int = 0
    spot: Spot | StepSpot | None = None


@dataclass(frozen=True, slots=True)
class Results:
    query: Query
    counts: Mapping[Tab, int]
    shown: Sequence[Result]  # on the page
    has_more: bool
    corrected: str = ""  # what was searched instead of what was typed

    @property
    def total(self) -> int:
        return sum(min(count, LOOKED_AT) for count in self.counts.values())

    def count(self, tab: Tab) -> str:
        """“12”, or “500+” where only the newest were looked at; the same on every tab."""
        if tab is Tab.ALL:
            bounded = any(count >= LOOKED_AT for count in self.counts.values())
            return f"{self.total}{'+' * bounded}"
        count = self.counts.get(tab, 0)
        return f"{LOOKED_AT}+" if count >= LOOKED_AT else str(count)


def search(
    reader: Member,
    typed: str,
    *,
    tab: Tab,
    narrowed: Narrowed,
    page: int,
    releases: Callable[[], Iterable[Release]],
    spelling: Callable[[], Spelling],
    literally: bool = False,
) -> Results:
    """Search for what was typed, or, where nothing holds it, for what was
    meant.

    One query, and a second for words that were mistyped. `literally` looks
    for nothing else.
    """
    look = partial(_look, reader, tab, narrowed, releases, spelling)
    found = look(typed)
    corrected = ""
    if not any(found.documents.values()) and not literally:
        # not found anywhere but in steps, whose search forgives typos
        corrected = _corrected(typed, found.query, spelling())
        if corrected:
            found = look(corrected)
    ranked = _ranked(found, tab)
    start = PAGE * (page - 1)
    counts = {each: len(rows) for each, rows in found.documents.items()}
    return Results(
        query=found.query,
        counts={**counts, Tab.STEPS: len(found.spots)},
        shown=[Result(*each) for each in ranked[start : start + PAGE]],
        has_more=len(ranked) > start + PAGE and page < PAGES_MOST,
        corrected=corrected,
    )


def _corrected(typed: str, query: Query, known: Spelling) -> str:
    """What was meant; empty where every word is known, or none is near."""
    unknown = [each.word for each in query.needed if not known.knows(each.word)]
    return known.corrected(typed, unknown) if unknown else ""


@dataclass(frozen=True, slots=True)
class _Matching:
    """What holds the words, before it is ranked."""

    query: Query
    documents: Mapping[Tab, Sequence[DocumentMatch]]  # the newest first
    spots: "Sequence[Spot | StepSpot]" = ()


def _look(
    reader: Member,
    tab: Tab,
    narrowed: Narrowed,
    releases: Callable[[], Iterable[Release]],
    spelling: Callable[[], Spelling],
    typed: str,
) -> _Matching:
    query = parse(typed)
    if not query and not narrowed.authors:
        return _Matching(query, dict.fromkeys(OF_TAB, ()))
    if any(needed.beginnings for needed in query.needed):
        query = spelling().completed(query)
    query = replace(query, marks=narrowed.marks())
    most = {kind: MOST if each is tab else LOOKED_AT for each, kind in OF_TAB.items()}
    rows = candidates(query, visible(reader, narrowed), most=most)
    documents = {
        each: [row for row in rows if row.kind == kind] for each, kind in OF_TAB.items()
    }
    spots = []
    if narrowed.is_step_alone:
        spots = _spots(typed, narrowed, releases)
    return _Matching(query, documents, spots)


def _spots(
    typed: str, narrowed: Narrowed, releases: Callable[[], Iterable[Release]]
) -> "list[Spot | StepSpot]":
    """Activities and steps, which every process has in its memory."""
    read, words = list(releases()), SIGNS.sub(" ", typed)
    spots: list[Spot | StepSpot] = [
        *finding.steps(read, words),
        *finding.activities(read, words),
    ]
    return [spot for spot in spots if narrowed.step in (None, spot.step.key)]


_Ranked = tuple[float, Tab, int, Spot | StepSpot | None]


def _ranked(found: _Matching, tab: Tab) -> list[_Ranked]:
    """The results of a tab as values of `Result`, the best first."""
    ranking = Ranking.of(found.query)
    ranked: list[_Ranked] = []
    for each, rows in found.documents.items():
        if tab not in (Tab.ALL, each):
            continue
        more = ADVANCE.get(each, 0.0)
        scores = ranking.scores([row.words for row in rows])
        ranked += [
            (score + more, each, row.object_id, None)
            for row, score in zip(rows, scores, strict=True)
        ]
    if tab in (Tab.ALL, Tab.STEPS):
        more = ADVANCE[Tab.STEPS]
        scores = ranking.scores([hits.words_of_spot(spot) for spot in found.spots])
        ranked += [
            (score + more, Tab.STEPS, 0, spot)
            for spot, score in zip(found.spots, scores, strict=True)
        ]
    return sorted(ranked, key=itemgetter(0), reverse=True)


def read(results: Results, reader: Member) -> list[Hit]:
    """The results of the page, ready to be shown. One query for each kind on it."""
    sought = hits.Sought(results.query)
    read: dict[Tab, Mapping[int, Hit]] = {}
    for tab, kind in OF_TAB.items():
        keys = [result.object_id for result in results.shown if result.tab is tab]
        if keys:
            read[tab] = hits.READERS[kind](reader, keys, sought)
    shown: dict[str, Hit] = {}  # by address: joined questions give the same one
    for result in results.shown:
        if result.spot:
            hit: Hit | None = hits.of_spot(result.spot, sought)
        else:
            hit = read[result.tab].get(result.object_id)
        if hit:
            shown.setdefault(hit.url or f"{result.tab} {result.object_id}", hit)
    return list(shown.values())
