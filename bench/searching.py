"""Searches of words that few, some and most texts hold: CPU of each request, and how long
the slowest take.

Every search asks for other words or another order of them: what a database has just read
is in its memory, but no answer is kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from bench.asking import Answer
from bench.measuring import Floor, Visitors, cost
from bench.ratios import middle, share_below

TIMES = 40
GOAL = 5.0  # the slowest but five of a hundred, as ratio to the floor


@dataclass(slots=True)
class Searched:
    """Milliseconds of CPU for each request, and by the clock of who asked."""

    name: str
    app: list[float] = field(default_factory=list)
    both: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def row(self, floor: float) -> list[str | float]:
        half, most = middle(self.both), share_below(self.both, 95)
        times = [middle(self.app), half, most, half / floor, most / floor]
        waited = [share_below(self.waited, 50), share_below(self.waited, 95)]
        return [self.name, *times, *waited]


def searches(visitors: Visitors, floor: Floor) -> tuple[list[Searched], float]:
    """What each kind of search costs, and the floor that was taken between them."""
    found, beside = [], []
    reader = visitors.browsers[0]
    for case in visitors.server.site.facts["searches"]:
        addresses = map(reader.get, asked(case["paths"]))
        ask = partial(next, addresses)
        measured = Searched(case["name"])
        for number in range(3 + TIMES):
            beside.append(cost(floor.server, floor.ask, 1).both)
            one = once(visitors, ask)
            if number >= 3:
                measured.app.append(one[0])
                measured.both.append(one[1])
                measured.waited.append(one[2])
        found.append(measured)
    return found, middle(beside)


def once(visitors: Visitors, ask: Callable[[], Answer]) -> tuple[float, float, float]:
    used = cost(visitors.server, ask, 1)
    return used.app, used.both, used.answer.seconds * 1_000


def asked(paths: list[str]) -> Iterator[str]:
    """The same addresses over and over, each time with another word that is left out:
    no two are alike.
    """
    for number in count():
        path = paths[number % len(paths)]
        yield path.replace("NUMBER", str(number))
