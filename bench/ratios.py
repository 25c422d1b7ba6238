"""Times in, ratios with their spread out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several figures, and between which the middle
    half lies.
    """

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:.2f} to {self.high:.2f}"


def spread(figures: Sequence[float]) -> Spread:
    """Raises ValueError where there are no figures."""
    if not figures:
        raise ValueError("There is no median of nothing.")
    if len(figures) == 1:
        return Spread(figures[0], figures[0], figures[0])
    low, middle, high = quantiles(figures, n=4, method="inclusive")
    return Spread(middle, low, high)


def ratios(figures: Sequence[float], floors: Sequence[float]) -> Spread:
    """Each figure to the floor that was taken beside it."""
    if len(figures) != len(floors):
        raise ValueError("Every figure needs a floor that was taken beside it.")
    return spread(
        [figure / floor for figure, floor in zip(figures, floors, strict=True)]
    )


def share_below(figures: Sequence[float], percent: int) -> float:
    """The figure that `percent` of all do not exceed (nearest rank)."""
    ordered = sorted(figures)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[rank - 1]


def middle(figures: Sequence[float]) -> float:
    return median(figures)
