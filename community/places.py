"""Where a post stands: the step that a step's key names, with its number and address."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.cache import caches
from django.urls import reverse

from curriculum.models import Release, Step
from papers.models import Paper

KEPT_FOR = 60  # seconds


@dataclass(frozen=True, slots=True)
class StepPlace:
    """A step as a post names it."""

    key: UUID
    number: int
    title: str
    curriculum_slug: str
    slug: str


@dataclass(frozen=True, slots=True)
class Place:
    """What a thread belongs to: a step or a paper; neither is the group's feed."""

    step: StepPlace | None = None
    paper: Paper | None = None

    @property
    def fields(self) -> dict[str, str]:
        """As a form or an address names it."""
        if self.step:
            return {"step": str(self.step.key)}
        return {"paper": self.paper.arxiv_id} if self.paper else {}

    @property
    def url(self) -> str:
        """The page with all its posts."""
        return f"{reverse('home')}?{urlencode(self.fields)}"


EVERYWHERE = Place()


def step_places() -> dict[UUID, StepPlace]:
    """Every step of the newest releases by its key, kept in the process for a minute."""
    places: dict[UUID, StepPlace] | None = caches["local"].get("step-places")
    if places is None:
        places = {place.key: place for place in _newest_steps()}
        caches["local"].set("step-places", places, KEPT_FOR)
    return places


def step_place(key: UUID) -> StepPlace | None:
    """The step with this key; one that left its curriculum is found among the curators' rows, without a number."""
    place = step_places().get(key)
    if place is None and (step := Step.objects.select_related("curriculum").filter(key=key).first()):
        return StepPlace(key, 0, step.title, step.curriculum.slug, step.slug)
    return place


def _newest_steps() -> list[StepPlace]:
    documents = Release.objects.newest().values_list("document__curriculum__slug", "document__curriculum__steps")
    return [
        StepPlace(UUID(step["key"]), number, step["title"], slug, step["slug"])
        for slug, steps in documents
        for number, step in enumerate(steps or (), 1)
    ]
