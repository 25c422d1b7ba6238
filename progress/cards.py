"""What the path of a curriculum shows of its steps and routes: an outline and a
member's tally in, cards out.

Asks no query.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from curriculum import models
from curriculum.outline import Activity, Outline, Route, Step
from progress import trail
from progress.counting import CurriculumTally, RouteTally, StepTally
from progress.trail import PathStep, PathStop
from progress.weights import ByAspect, mix_of

KIND_ICONS = {
    "course": "monitor-play",
    "book": "book-open",
    "lectures": "graduation-cap",
    "library": "file-text",
    "mixed": "route",
}


@dataclass(frozen=True, slots=True)
class RouteCard:
    route: Route = field(hash=False)
    kind: str
    icon: str
    mix: ByAspect = field(hash=False)
    cost: str  # "free", "paid" in part, or nothing to say
    is_taken: bool = False
    is_recommended: bool = False


@dataclass(frozen=True, slots=True)
class StepCard:
    """All that the path shows of a step but for people: cards that are equal look the
    same.

    What is long is not hashed, and is one object as long as the outline is kept.
    """

    slug: str  # of the curriculum
    number: int
    step: Step = field(hash=False)
    mix: ByAspect = field(hash=False)
    stop: PathStop
    routes: tuple[RouteCard, ...]
    state: str  # as StepTally.state; "open" for everyone else
    is_here: bool
    done: int
    counted: int
    has_people: bool
    new: int = 0  # core activities added since the member finished the step


@dataclass(frozen=True, slots=True)
class CurriculumCard:
    """One line of the list of curricula."""

    outline: Outline
    mix: ByAspect
    tally: CurriculumTally | None = None


def step_cards(
    outline: Outline,
    tally: CurriculumTally | None,
    at: UUID | None,
    people: Collection[UUID] = (),
) -> list[StepCard]:
    """The cards of the path; `at` is the step that the member visited last, `people`
    are the steps of which the page says who is there.
    """
    tallies = tally.steps if tally else (None,) * len(outline.steps)
    here = _current_step(tally, at)
    routes = [
        _route_cards(step, tallied)
        for step, tallied in zip(outline.steps, tallies, strict=True)
    ]
    marks = [
        PathStep(
            routes=len(cards),
            is_done=tallied is not None and tallied.state == "done",
            is_here=step.key == here,
            taken=[number for number, card in enumerate(cards) if card.is_taken],
        )
        for step, tallied, cards in zip(outline.steps, tallies, routes, strict=True)
    ]
    return [
        StepCard(
            slug=outline.slug,
            number=step.number,
            step=step,
            mix=_mix(step, cards),
            stop=stop,
            routes=cards,
            state=tallied.state if tallied else "open",
            is_here=step.key == here,
            done=tallied.done if tallied else 0,
            counted=tallied.counted if tallied else 0,
            has_people=step.key in people,
            new=len(tallied.new) if tallied else 0,
        )
        for step, tallied, cards, stop in zip(
            outline.steps, tallies, routes, trail.stops(marks), strict=True
        )
    ]


def curriculum_card(
    outline: Outline, tally: CurriculumTally | None = None
) -> CurriculumCard:
    activities: list[Activity] = []
    for step in outline.steps:
        activities += _usual(step, step.default_route())
    return CurriculumCard(outline, mix_of(activities), tally)


def _current_step(tally: CurriculumTally | None, at: UUID | None) -> UUID | None:
    """The key of the current step: the one visited last while it is open, else the next
    one with something to do.
    """
    if tally is None:
        return None
    visited = tally.step(at) if at else None
    if visited and not visited.is_closed:
        return visited.step.key
    return tally.next.step.key if tally.next else None


def _route_cards(step: Step, tallied: StepTally | None) -> tuple[RouteCard, ...]:
    tallies: Sequence[RouteTally | None] = (
        tallied.routes if tallied else (None,) * len(step.routes)
    )
    begun = tallied is not None and tallied.state in ("doing", "done")
    return tuple(
        RouteCard(
            route=route,
            kind=str(models.Route.Kind(route.kind).label),
            icon=KIND_ICONS[route.kind],
            mix=mix_of(route.activities),
            cost=_cost(route.activities),
            is_taken=begun and found is not None and found.is_active,
            is_recommended=not begun and found is not None and found.is_recommended,
        )
        for route, found in zip(step.routes, tallies, strict=True)
    )


def _mix(step: Step, cards: Sequence[RouteCard]) -> dict[str, int]:
    """The mix of the step with the member's route, or with the recommended one."""
    taken = next(
        (card.route for card in cards if card.is_taken or card.is_recommended),
        step.default_route(),
    )
    return mix_of(_usual(step, taken))


def _usual(step: Step, route: Route | None) -> Iterable[Activity]:
    yield from step.activities
    if route:
        yield from route.activities


def _cost(activities: Iterable[Activity]) -> str:
    costs = {activity.source.cost for activity in activities if activity.source}
    if "paid" in costs or "mixed" in costs:
        return "paid"
    return "free" if costs == {"free"} else ""
