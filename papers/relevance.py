"""New papers for the step that members are on, with the words that say why: for the
digest, the home page, the papers.

The answer depends on the step and not on the member, so that it is worked out once for
all who stand there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from curriculum.models import Release
from curriculum.outline import Step
from lists.cache import TimedCache
from members.audience import EVERYBODY
from papers.days import Days
from papers.models import Paper, StepPapers
from papers.ranking import Candidate, Index, Ranked, terms_of

MOST_CANDIDATES = 8_000  # two weeks of four large categories; a bound on memory
ON_A_DAY = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A paper for a step; `terms` are words of the step that stand in the abstract, the
    most telling first.
    """

    paper: Paper
    terms: tuple[str, ...]

    @property
    def words(self) -> str:
        return ", ".join(self.terms)


@dataclass(frozen=True, slots=True)
class ForStep:
    """A step as a reason names it, and the papers for it."""

    number: int
    title: str
    suggestions: list[Suggestion]


# by release, step, day and newest batch
TODAYS_PAPERS = TimedCache[ForStep | None](seconds=600, most=500)


class NewPapers:
    """The papers first announced from `since` on, made ready to be ranked at the first
    question.
    """

    def __init__(self, since: date) -> None:
        self._since = since

    def for_steps(
        self, steps: Mapping[UUID, list[str]], limit: int
    ) -> dict[UUID, list[Suggestion]]:
        """For each step, by its texts (see `texts_of`), the papers that fit it best.

        Every step has an entry, an empty one when nothing fits. A query for any number
        of steps, and one the first time.
        """
        terms = {key: terms_of(texts) for key, texts in steps.items()}
        ranked = {key: self._index.top(of, limit) for key, of in terms.items()}
        return _with_papers(ranked)

    @cached_property
    def _index(self) -> Index:
        return Index([Candidate(*row) for row in _candidates(self._since)])


# by day and newest batch; the index of a day of 1,160 papers takes 20 MB
DAYS_PAPERS = TimedCache[NewPapers](seconds=600, most=1)


def papers_for_steps(
    steps: Mapping[UUID, list[str]], *, since: date, limit: int
) -> dict[UUID, list[Suggestion]]:
    """As `NewPapers.for_steps`, asked once. Two queries."""
    return NewPapers(since).for_steps(steps, limit)


def papers_for_step(texts: list[str], *, since: date, limit: int) -> list[Suggestion]:
    """As `papers_for_steps`, for one step."""
    return _for_step(NewPapers(since), texts, limit)


def _for_step(papers: NewPapers, texts: list[str], limit: int) -> list[Suggestion]:
    nobody = UUID(int=0)
    return papers.for_steps({nobody: texts}, limit)[nobody]


def todays_papers(
    release: int, key: UUID, find_step: Callable[[], Step | None], days: Days
) -> ForStep | None:
    """The papers of that announcement day for the step with this key in the release with
    this id; None when `find_step`, which looks in that release, finds no step.

    Another release may number and name the step differently, or have none with this key.

    No query, but for the first who asks after a batch has arrived: then two, and those
    of `find_step`. The harvest has chosen the papers; they are only ranked for a step
    that was published since.
    """

    def ask() -> ForStep | None:
        step = find_step()
        if step is None:
            return None
        found = _chosen(key, days)
        if found is None:
            found = _for_step(_papers_of(days), texts_of(step), ON_A_DAY)
        return ForStep(step.number, step.title, found)

    return TODAYS_PAPERS.get(EVERYBODY, release, key, days.on, days.last_batch, ask=ask)


def ranked_for_every_step(day: date) -> dict[UUID, list[Ranked]]:
    """For each step of the newest releases, the papers of the day that fit it best, by
    one index for all.
    """
    index = Index([Candidate(*row) for row in _candidates(day)])
    ranked = {}
    for release in Release.objects.newest().light():
        for step in release.outline.steps:
            ranked[step.key] = index.top(terms_of(texts_of(step)), ON_A_DAY)
    return ranked


def _papers_of(days: Days) -> NewPapers:
    """The papers of a day; their index is made once for all steps that need it."""
    return DAYS_PAPERS.get(
        EVERYBODY, days.on, days.last_batch, ask=lambda: NewPapers(days.on)
    )


def _chosen(key: UUID, days: Days) -> list[Suggestion] | None:
    """What the harvest chose for the step; None where it has not seen the step. At most
    two queries.
    """
    rows = StepPapers.objects.of(days.on, days.last_batch).filter(step_key=key)
    row = rows.first()
    if row is None:
        return None
    ranked = [Ranked(paper, 0, tuple(terms)) for paper, terms in row.chosen]
    return _with_papers({key: ranked})[key]


def texts_of(step: Step) -> list[str]:
    """What a step is about: its title three times, what is to do, and the titles of
    what is to read.
    """
    texts = [step.title] * 3 + [step.summary]
    for route in step.routes:
        texts.append(route.title)
    for activity in step.every_activity():
        texts.append(activity.title)
        if activity.source:
            texts += [activity.source.title, activity.source.section_title]
    return texts


def _candidates(since: date) -> list[tuple[int, str, str]]:
    fresh = Paper.objects.announced_since(since).order_by("-announced_on", "-pk")
    return list(fresh.values_list("pk", "title", "abstract")[:MOST_CANDIDATES])


def _with_papers(ranked: Mapping[UUID, list[Ranked]]) -> dict[UUID, list[Suggestion]]:
    wanted: set[int] = set()
    for found in ranked.values():
        wanted.update(one.paper_id for one in found)
    papers = Paper.objects.for_lists().in_bulk(wanted)
    return {
        key: [
            Suggestion(papers[one.paper_id], one.terms)
            for one in found
            if one.paper_id in papers
        ]
        for key, found in ranked.items()
    }
