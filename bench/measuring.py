"""CPU of one request, taken in rounds: every site has its turn
beside the floor.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench import cpu
from bench.asking import Answer, Browser, Line
from bench.ratios import Spread, middle, ratios
from bench.sites import Server

MILLION = 1_000_000  # nanoseconds in a millisecond

Ask = Callable[[], Answer]


@dataclass(slots=True)
class Figures:
    """What one page costs on one site: milliseconds a request, one
    figure a round.
    """

    app: list[float] = field(default_factory=list)
    db: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    faults: list[float] = field(default_factory=list)
    answer: Answer | None = None
    queries: int | None = None

    @property
    def both(self) -> list[float]:
        return [app + db for app, db in zip(self.app, self.db, strict=True)]

    @property
    def ratio(self) -> Spread:
        return ratios(self.both, self.floor)

    @property
    def milliseconds(self) -> float:
        return middle(self.both)


@dataclass(slots=True)
class Case:
    name: str
    goal: float
    asks: dict[str, tuple[Server, Ask]]  # by the name of the site
    figures: dict[str, Figures] = field(default_factory=dict)


@dataclass(slots=True)
class Floor:
    server: Server
    ask: Ask
    app: list[float] = field(default_factory=list)
    db: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request: milliseconds of the web process and of the database."""

    app: float
    db: float
    faults: float
    answer: Answer

    @property
    def both(self) -> float:
        return self.app + self.db


def cost(server: Server, ask: Ask, times: int) -> Cost:
    faults = cpu.faults(server.pids())
    web, database = server.used()
    for _each in range(times):
        answer = ask()
    web_after, database_after = server.used()
    app = cpu.between(web, web_after) / times / MILLION
    db = cpu.between(database, database_after) / times / MILLION
    faults = cpu.faults(server.pids()) - faults
    return Cost(app, db, faults / times, answer)


def measure(cases: Sequence[Case], floor: Floor, rounds: int, times: int) -> None:
    """Every round asks for each page on each site, and for the
    floor beside it.
    """
    for case in cases:
        for _server, ask in (*case.asks.values(), (floor.server, floor.ask)):
            for _each in range(3):
                ask()
    for number in range(rounds):
        print(f"\rround {number + 1} of {rounds} ", end="", flush=True)
        for case in cases:
            measure_once(case, floor, times, swapped=bool(number % 2))
    print()


def measure_once(case: Case, floor: Floor, times: int, *, swapped: bool) -> None:
    """The floor is taken before and after the sites, which change
    their order.
    """
    floor_before = cost(floor.server, floor.ask, times)
    turns = list(case.asks.items())
    for name, (server, ask) in reversed(turns) if swapped else turns:
        found = cost(server, ask, times)
        figures = case.figures.setdefault(name, Figures())
        figures.app.append(found.app)
        figures.db.append(found.db)
        figures.faults.append(found.faults)
        figures.answer = found.answer
    floor_after = cost(floor.server, floor.ask, times)
    floor.app += [floor_before.app, floor_after.app]
    floor.db += [floor_before.db, floor_after.db]
    beside = (floor_before.both + floor_after.both) / 2
    for figures in case.figures.values():
        figures.floor.append(beside)


# What is asked


@dataclass(slots=True)
class Visitors:
    """The browsers of one site's members, and one of nobody; all
    on one connection.
    """

    server: Server
    browsers: list[Browser] = field(default_factory=list)
    nobody: Browser | None = None

    @classmethod
    def of(cls, server: Server) -> "Visitors":
        facts = server.site.facts
        line = Line(server.port)
        browsers = [browser(line, facts, session) for session in facts["sessions"]]
        return cls(server, browsers, Browser(line))

    def get(self, page: dict[str, Any]) -> Ask:
        who = page["who"]
        reader = self.nobody if who is None else self.browsers[who]
        assert reader is not None
        path = page["path"]
        return lambda: reader.get(path)

    def send(self, deed: dict[str, Any]) -> Ask:
        asks = endless(deed["asks"])

        def send_next() -> Answer:
            wanted, number = next(asks)
            fields = {k: v.replace("{n}", number) for k, v in wanted["fields"].items()}
            return self.browsers[wanted["who"]].post(wanted["path"], fields)

        return send_next


def browser(line: Line, facts: dict[str, Any], session: str) -> Browser:
    cookies = {facts["session_cookie"]: session, facts["csrf_cookie"]: facts["csrf"]}
    return Browser(line, cookies, facts["csrf"])


def endless(asks: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    """The same forms over and over, each time with another number."""
    numbers = itertools.count(1)
    for wanted in itertools.cycle(asks):
        yield wanted, str(next(numbers))
