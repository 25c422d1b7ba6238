"""What a search finds: counts of each kind, and a page of the best."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from curriculum import finding
from curriculum.finding import Spot, StepSpot
from curriculum.models import Release
from documents.candidates import MOST, candidates
from documents.models import SearchDocument
from documents.query import Query, parse
from documents.ranking import Ranking
from members.models import Member
from search import hits
from search.hits import Hit
from search.spelling import Spelling
from search.visible import Narrowed, visible

PAGE = 20
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

    tab: Tab
    score: float
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
        return sum(self.counts.values())

    def count(self, tab: Tab) -> str:
        """“12”, or “1000+” where only the newest were looked at."""
        if tab is Tab.ALL:
            bounded = any(count >= MOST for count in self.counts.values())
            return f"{self.total}{'+' * bounded}"
        count = self.counts.get(tab, 0)
        return f"{count}+" if count >= MOST else str(count)


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
    """Search for what was typed, or, where nothing holds it, for what was meant.

    One query, and a second for words that were mistyped. `literally` looks for nothing else.
    """
    query, results = _results(reader, typed, narrowed, releases, spelling)
    corrected = ""
    if not _has_documents(results) and not literally:
        corrected = _corrected(typed, query, spelling())
        if corrected:
            query, results = _results(reader, corrected, narrowed, releases, spelling)
    chosen = [
        result
        for result in chain.from_iterable(results.values())
        if tab in (Tab.ALL, result.tab)
    ]
    chosen.sort(key=lambda result: -result.score - ADVANCE.get(result.tab, 0))
    start = PAGE * (page - 1)
    return Results(
        query=query,
        counts={each: len(found) for each, found in results.items()},
        shown=chosen[start : start + PAGE],
        has_more=len(chosen) > start + PAGE and page < PAGES_MOST,
        corrected=corrected,
    )


def _has_documents(results: Mapping[Tab, Sequence[Result]]) -> bool:
    """Whether it was found anywhere but in steps, whose search forgives typos."""
    return any(found for tab, found in results.items() if tab != Tab.STEPS)


def _corrected(typed: str, query: Query, known: Spelling) -> str:
    """What was meant; empty where every word is known, or none is near."""
    unknown = [each.word for each in query.needed if not known.knows(each.word)]
    return known.corrected(typed, unknown) if unknown else ""


def _results(
    reader: Member,
    typed: str,
    narrowed: Narrowed,
    releases: Callable[[], Iterable[Release]],
    spelling: Callable[[], Spelling],
) -> tuple[Query, dict[Tab, list[Result]]]:
    query = parse(typed)
    results: dict[Tab, list[Result]] = {tab: [] for tab in (*OF_TAB, Tab.STEPS)}
    if not query:
        return query, results
    if any(needed.beginnings for needed in query.needed):
        query = spelling().completed(query)
    if narrowed.authors and len(narrowed.authors) == 1:
        query = replace(query, marks=(f"by{narrowed.authors[0]}",))
    ranking = Ranking.of(query)
    found = candidates(query, visible(reader, narrowed))
    for tab, kind in OF_TAB.items():
        rows = [row for row in found if row.kind == kind]
        scores = ranking.scores([row.words for row in rows])
        results[tab] = [
            Result(tab, score, row.object_id)
            for row, score in zip(rows, scores, strict=True)
        ]
    if narrowed == Narrowed(step=narrowed.step):
        results[Tab.STEPS] = _steps(typed, narrowed, releases, ranking)
    return query, results


def _steps(
    typed: str,
    narrowed: Narrowed,
    releases: Callable[[], Iterable[Release]],
    ranking: Ranking,
) -> list[Result]:
    """Activities and steps, which every process has in its memory."""
    read, words = list(releases()), SIGNS.sub(" ", typed)
    spots: list[Spot | StepSpot] = [
        *finding.steps(read, words),
        *finding.activities(read, words),
    ]
    here = [spot for spot in spots if narrowed.step in (None, spot.step.key)]
    scores = ranking.scores([hits.words_of_spot(spot) for spot in here])
    return [
        Result(Tab.STEPS, score, spot=spot)
        for spot, score in zip(here, scores, strict=True)
    ]


def read(results: Results, reader: Member) -> list[Hit]:
    """The results of the page, ready to be shown. One query for each kind on it."""
    sought = hits.Sought(results.query)
    read: dict[Tab, Mapping[int, Hit]] = {}
    for tab, kind in OF_TAB.items():
        keys = [result.object_id for result in results.shown if result.tab is tab]
        read[tab] = hits.READERS[kind](reader, keys, sought) if keys else {}
    shown = []
    for result in results.shown:
        if result.spot:
            shown.append(hits.of_spot(result.spot, sought))
        elif hit := read[result.tab].get(result.object_id):
            shown.append(hit)
    return shown
