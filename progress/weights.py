"""Minutes by aspect: added up, and split in whole numbers. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias
from uuid import UUID

from curriculum.outline import Activity

ASPECTS = ("run", "hack", "math")  # in this order everywhere
ByAspect: TypeAlias = Mapping[str, int]


def mix_of(activities: Iterable[Activity]) -> dict[str, int]:
    """Percentages by aspect that add up to 100; an even mix where there is nothing to weigh."""
    return split(100, weigh(activities))


def weigh(activities: Iterable[Activity]) -> dict[str, int]:
    """Minutes by aspect."""
    minutes = dict.fromkeys(ASPECTS, 0)
    for activity in activities:
        minutes[activity.aspect] += weight_of(activity)
    return minutes


def split(whole: int, weights: ByAspect) -> dict[str, int]:
    """`whole` in parts by weight, in whole numbers that add up to it; in thirds where
    nothing weighs anything.
    """
    total = sum(weights.values())
    if not total:
        weights, total = dict.fromkeys(ASPECTS, 1), len(ASPECTS)
    parts, given, seen = {}, 0, 0
    for aspect in ASPECTS:
        seen += weights.get(aspect, 0)
        parts[aspect] = whole * seen // total - given
        given += parts[aspect]
    return parts


def weight_of(activity: Activity) -> int:
    return max(activity.minutes, 1)


def weights_of(
    activities: Mapping[UUID, Activity], finished: Collection[UUID]
) -> tuple[int, int]:
    """Minutes that are done, and all that count."""
    done = sum(
        weight_of(activity) for key, activity in activities.items() if key in finished
    )
    return done, sum(map(weight_of, activities.values()))


def of_aspect(aspect: str, activities: Mapping[UUID, Activity]) -> dict[UUID, Activity]:
    return {
        key: activity
        for key, activity in activities.items()
        if activity.aspect == aspect
    }


def add_up(parts: Iterable[ByAspect]) -> dict[str, int]:
    total = dict.fromkeys(ASPECTS, 0)
    for part in parts:
        for aspect, minutes in part.items():
            total[aspect] += minutes
    return total
