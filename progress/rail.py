"""What stands beside a step: how much of it is done, its end, and the steps around it.
Each is a card (`look.cards`).
"""

from typing import NamedTuple

from markupsafe import Markup

from curriculum.outline import Step
from look.cards import Cards
from progress.carrying import CLOSED
from progress.counting import StepTally
from progress.step_context import StepContext

RINGS = Cards("progress/_step_rings.html", most=1_000)
ENDS = Cards("progress/_finish.html", slots=("csrf_input",), most=1_000)
NEIGHBOURS = Cards("progress/_neighbours.html", most=500)


class StepRings(NamedTuple):
    """Shares of the core activities that are done, in whole percent."""

    number: int
    percent: int
    shares: tuple[tuple[str, int], ...]  # by aspect

    @classmethod
    def of(cls, tally: StepTally) -> "StepRings":
        shares = tuple(tally.shares.items())
        return cls(tally.step.number, tally.percent, shares)

    def html(self, *, oob: bool = False) -> Markup:
        """`oob`: to be swapped in place from another answer."""
        return RINGS((self, oob))


class NearStep(NamedTuple):
    """A step before or after, as a link shows it."""

    number: int
    slug: str
    title: str
    hours: int

    @classmethod
    def of(cls, step: Step | None) -> "NearStep | None":
        if step is None:
            return None
        return cls(step.number, step.slug, step.title, step.hours)


class StepEnd(NamedTuple):
    """The end of a step, or its being skipped."""

    curriculum_slug: str
    slug: str
    number: int
    done_when: str
    state: str  # as StepTally.state
    after: NearStep | None

    @classmethod
    def of(cls, place: StepContext, tally: StepTally) -> "StepEnd":
        step = place.step
        after = NearStep.of(place.next)
        slug = place.curriculum.slug
        return cls(slug, step.slug, step.number, step.done_when, tally.state, after)

    def html(self, csrf_input: str, *, oob: bool = False) -> Markup:
        """`oob`: to be swapped in place from another answer."""
        return ENDS((self, oob), csrf_input=csrf_input)

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED


class Neighbours(NamedTuple):
    """The steps before and after."""

    curriculum_slug: str
    before: NearStep | None
    after: NearStep | None

    @classmethod
    def of(cls, place: StepContext) -> "Neighbours":
        before, after = NearStep.of(place.previous), NearStep.of(place.next)
        return cls(place.curriculum.slug, before, after)

    def html(self) -> Markup:
        return NEIGHBOURS(self)
