"""What a release has that another lacks, as a member reads it: added,
replaced, changed and gone activities. Pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from curriculum.outline import Activity, Outline, Step

Holder = tuple[UUID, UUID | None]
"""A step and one of its routes, or None for what is on every route."""


@dataclass(frozen=True, slots=True)
class NewsItem:
    step: Step
    activity: Activity
    instead_of: Activity | None = None


@dataclass(frozen=True, slots=True)
class News:
    """Each activity once, in the order of the steps."""

    added: tuple[NewsItem, ...] = ()
    replaced: tuple[NewsItem, ...] = ()
    changed: tuple[NewsItem, ...] = ()
    gone: tuple[NewsItem, ...] = ()

    @property
    def lost(self) -> list[Activity]:
        """Activities of the old release that the new one does not have,
        replaced ones among them.
        """
        swapped = [item.instead_of for item in self.replaced if item.instead_of]
        return [*swapped, *(item.activity for item in self.gone)]


def news(old: Outline, new: Outline) -> News:
    """What moving from `old` to `new` brings.

    What was added where something else was taken out, in the same step and
    on the same route, takes its place.
    """
    before, after = _once(old), _once(new)
    spare: dict[Holder, list[NewsItem]] = {}
    for key, (holder, item) in before.items():
        if key not in after:
            spare.setdefault(holder, []).append(item)
    added, replaced = [], []
    for key, (holder, item) in after.items():
        if key in before:
            continue
        if spare.get(holder):
            out = spare[holder].pop(0)
            replaced.append(NewsItem(item.step, item.activity, out.activity))
        else:
            added.append(item)
    both = ((key, item) for key, (_holder, item) in after.items() if key in before)
    changed = (item for key, item in both if item.activity != before[key][1].activity)
    gone = chain.from_iterable(spare.values())
    return News(tuple(added), tuple(replaced), tuple(changed), tuple(gone))


def _once(outline: Outline) -> dict[UUID, tuple[Holder, NewsItem]]:
    found: dict[UUID, tuple[Holder, NewsItem]] = {}
    for step in outline.steps:
        for route, activities in _holders(step):
            for activity in activities:
                found.setdefault(
                    activity.key, ((step.key, route), NewsItem(step, activity))
                )
    return found


def _holders(step: Step) -> Iterator[tuple[UUID | None, Iterable[Activity]]]:
    yield None, step.activities
    for route in step.routes:
        yield route.key, route.activities
