"""The path of a curriculum as drawn on its page: where each step stands
and the lines between them. Pure.

Lines are SVG path data in a box of 100 by 100 that the page stretches.
Steps stand left and right in turn; a step that forks stands in the middle,
with its routes side by side below it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

LEFT, MIDDLE, RIGHT = 31, 50, 69
GAP = 1.6  # between two routes, in hundredths of the path's width
COLUMNS_MAX = 5


@dataclass(frozen=True, slots=True)
class PathStep:
    """What the path needs to know of a step."""

    routes: int = 0
    is_done: bool = False
    is_here: bool = False
    taken: Collection[int] = ()  # routes that the member takes, counted from 0


@dataclass(frozen=True, slots=True)
class PathLine:
    d: str
    state: str = ""  # "walked", "here", or nothing


@dataclass(frozen=True, slots=True)
class PathStop:
    columns: int = 0
    fork: tuple[PathLine, ...] = ()
    join: tuple[PathLine, ...] = ()
    leg: tuple[PathLine, ...] = field(default=())  # to the next stop; the last has none

    @property
    def is_forked(self) -> bool:
        return bool(self.columns)


def stops(marks: Sequence[PathStep]) -> list[PathStop]:
    """One stop a step, in their order."""
    places = [_column(number, mark) for number, mark in enumerate(marks)]
    return [
        PathStop(
            columns=columns(mark.routes),
            fork=tuple(_spread(mark, to_routes=True)),
            join=tuple(_spread(mark, to_routes=False)),
            leg=_leg(mark, start, end),
        )
        for mark, start, end in zip(marks, places, [*places[1:], None], strict=True)
    ]


def _leg(mark: PathStep, start: int, end: int | None) -> tuple[PathLine, ...]:
    """The line to the next step; none after the last one."""
    if end is None:
        return ()
    return (PathLine(curve(start, end), "walked" if mark.is_done else ""),)


def columns(routes: int) -> int:
    """How many routes stand side by side: all of them, or half where they
    would be too narrow.
    """
    return routes if routes <= COLUMNS_MAX else -(-routes // 2)


def curve(start: float, end: float) -> str:
    return f"M{start:g} 0C{start:g} 60 {end:g} 40 {end:g} 100"


def centres(count: int) -> list[float]:
    """Where the middles of `count` equal columns are."""
    width = (100 - (count - 1) * GAP) / count
    return [round(width / 2 + n * (width + GAP), 1) for n in range(count)]


def _column(number: int, mark: PathStep) -> int:
    if mark.routes:
        return MIDDLE
    return LEFT if number % 2 == 0 else RIGHT


def _spread(mark: PathStep, *, to_routes: bool) -> Iterable[PathLine]:
    """From the step to the first row of its routes, or from the
    last row on.
    """
    if not mark.routes:
        return
    width = columns(mark.routes)
    first = 0 if to_routes or mark.routes == width else width
    taken_state = ""
    if mark.is_done:
        taken_state = "walked"
    elif mark.is_here and to_routes:
        taken_state = "here"
    middles = centres(width)
    # Where routes stand in two rows, a taken one is reached through the
    # column that it stands in.
    taken = {route % width for route in mark.taken}
    for column, middle in enumerate(middles[: mark.routes - first]):
        ends = (MIDDLE, middle) if to_routes else (middle, MIDDLE)
        yield PathLine(curve(*ends), taken_state if column in taken else "")
