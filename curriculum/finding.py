"""Finding activities by words, in the releases that are given: members
never find what only a draft holds.

An activity is found by its title, its verb, its note, and the resource and
section that it asks for, each folded as the words of the library are. The
process keeps the folded text of a release, which never changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import chain

from django.urls import reverse
from django.utils.html import strip_tags

from curriculum import search
from curriculum.models import Release
from curriculum.outline import Activity, Outline, Step

KEPT_MAX = 100  # releases whose text the process keeps


@dataclass(frozen=True, slots=True)
class Spot:
    """An activity where it stands, once for each step that has it."""

    curriculum: str  # title
    curriculum_slug: str
    step: Step
    activity: Activity
    level: str  # of its resource
    title: str  # folded
    text: str  # folded: title and all the rest

    @property
    def name(self) -> str:
        """What a list goes on after: unique among the spots."""
        return f"{self.curriculum_slug}/{self.step.slug}/{self.activity.key}"

    def get_absolute_url(self) -> str:
        page = reverse("curriculum:step", args=[self.curriculum_slug, self.step.slug])
        return f"{page}#activity-{self.activity.key}"


@dataclass(frozen=True, slots=True)
class StepSpot:
    """A step in its curriculum."""

    curriculum: str  # title
    curriculum_slug: str
    step: Step
    title: str  # folded
    text: str  # folded: title and all the rest

    def get_absolute_url(self) -> str:
        return reverse("curriculum:step", args=[self.curriculum_slug, self.step.slug])


@dataclass(frozen=True, slots=True)
class Texts:
    """What is searched of one release."""

    outline: Outline
    spots: tuple[Spot, ...]
    steps: tuple[StepSpot, ...]
    vocabulary: frozenset[str]


KEPT: dict[tuple[int, str], Texts] = {}


def activities(releases: Iterable[Release], typed: str) -> list[Spot]:
    """The activities that hold every word, a typo in a word forgiven; all
    of them where nothing was typed.

    Those whose titles hold the words come first, then by curriculum and
    step. Asks no query for releases whose outlines the process has.
    """
    texts = [
        _texts(release)
        for release in sorted(releases, key=lambda release: release.outline.title)
    ]
    words = search.words_of(typed)
    vocabulary = _together(tuple(each.vocabulary for each in texts))
    wanted = [search.spellings(word, vocabulary) for word in words]
    every_spot = chain.from_iterable(each.spots for each in texts)
    spots = [spot for spot in every_spot if _holds(spot.text, wanted)]
    return sorted(spots, key=lambda spot: not _holds(spot.title, wanted))


@lru_cache(maxsize=50)
def _together(vocabularies: tuple[frozenset[str], ...]) -> frozenset[str]:
    return frozenset().union(*vocabularies)


def steps(releases: Iterable[Release], typed: str) -> list[StepSpot]:
    """The steps that hold every word, as `activities`; none where nothing was typed."""
    wanted = [[word] for word in search.words_of(typed)]
    every = chain.from_iterable(_texts(release).steps for release in releases)
    found = [spot for spot in every if wanted and _holds(spot.text, wanted)]
    return sorted(found, key=lambda spot: not _holds(spot.title, wanted))


def _holds(text: str, wanted: Sequence[Sequence[str]]) -> bool:
    return all(any(spelling in text for spelling in spellings) for spellings in wanted)


def fits(spot: Spot, *, cost: str = "", level: str = "", archived: str = "") -> bool:
    """Whether the resource of an activity passes the filters of
    the library.
    """
    source = spot.activity.source
    if cost and (source is None or source.cost != cost):
        return False
    if level and spot.level != level:
        return False
    is_archived = source is not None and bool(source.archived_on)
    return not archived or is_archived == (archived == "only")


def _texts(release: Release) -> Texts:
    """Kept as long as the outline that it was made of, under the address
    that the curriculum has.
    """
    outline, slug = release.outline, release.curriculum.slug
    kept = KEPT.get((id(outline), slug))
    if kept is None or kept.outline is not outline:
        spots = tuple(_spots(outline, slug))
        vocabulary = search.vocabulary_of(spot.text for spot in spots)
        kept = Texts(outline, spots, tuple(_steps(outline, slug)), vocabulary)
        while len(KEPT) >= KEPT_MAX:
            KEPT.pop(next(iter(KEPT)), None)
        KEPT[id(outline), slug] = kept
    return kept


def _steps(outline: Outline, slug: str) -> Iterator[StepSpot]:
    for step in outline.steps:
        yield StepSpot(
            curriculum=outline.title,
            curriculum_slug=slug,
            step=step,
            title=search.folded(step.title),
            text=search.search_text([step.title, step.summary, step.purpose]),
        )


def _spots(outline: Outline, slug: str) -> Iterator[Spot]:
    for step in outline.steps:
        for activity in {each.key: each for each in step.every_activity()}.values():
            source = activity.source
            asked: list[str] = []
            level = ""
            if source:
                asked = [source.title, source.section_title, *source.authors]
                level = outline.resources.get(source.slug, {}).get("level", "")
            note = unescape(strip_tags(activity.note_html))
            yield Spot(
                curriculum=outline.title,
                curriculum_slug=slug,
                step=step,
                activity=activity,
                level=level,
                title=search.folded(activity.title),
                text=search.search_text([activity.title, activity.do, *asked, note]),
            )
