"""Fifty readers and ten writers at once; who has an answer asks
again at once.
"""

import itertools
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.asking import Browser, Line, WrongAnswer
from bench.measuring import browser
from bench.ratios import share_below
from bench.sites import Server

READERS, WRITERS = 50, 10
READ = ("feed", "feed, deep", "thread of 20", "step", "curriculum", "papers of the day")
WRITTEN = ("mark done or undo", "react", "comment")


@dataclass(slots=True)
class Crowd:
    seconds: float
    read: list[float] = field(default_factory=list)
    wrote: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def row(self) -> list[str | float | int]:
        both = [*self.read, *self.wrote]
        shares = [round(1000 * share_below(both, percent)) for percent in (50, 95, 99)]
        pages = len(self.read) / self.seconds
        return [pages, len(self.wrote) / self.seconds, *shares, len(self.errors)]


def crowd(server: Server, seconds: float) -> Crowd:
    facts = server.site.facts
    found = Crowd(seconds)
    end = time.monotonic() + seconds
    pages = [page for page in facts["pages"] if page["name"] in READ]
    deeds = [deed for deed in facts["deeds"] if deed["name"] in WRITTEN]
    half = len(facts["sessions"]) // 2
    shares = [range(half + n, len(facts["sessions"]), WRITERS) for n in range(WRITERS)]
    threads = [
        threading.Thread(target=read, args=(server, n % half, pages, end, found))
        for n in range(READERS)
    ]
    threads += [
        threading.Thread(target=write, args=(server, share, deeds, end, found))
        for share in shares
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def read(
    server: Server, who: int, pages: Sequence[dict[str, Any]], end: float, found: Crowd
) -> None:
    chance = random.Random(who)
    facts = server.site.facts
    reader = browser(Line(server.port), facts, facts["sessions"][who])
    while time.monotonic() < end:
        path = chance.choice(pages)["path"]
        try:
            found.read.append(reader.get(path).seconds)
        except (WrongAnswer, OSError) as error:
            found.errors.append(str(error))


def write(
    server: Server,
    who: range,
    deeds: Sequence[dict[str, Any]],
    end: float,
    found: Crowd,
) -> None:
    """One deed after the other, of the members in `who` by turns."""
    facts = server.site.facts
    line = Line(server.port)
    asks = [of_members(deed, who) for deed in deeds]
    browsers: dict[int, Browser] = {}
    for number in itertools.count():
        if time.monotonic() >= end:
            return
        own = asks[number % len(asks)]
        wanted = own[number // len(asks) % len(own)]
        member = wanted["who"]
        if member not in browsers:
            browsers[member] = browser(line, facts, facts["sessions"][member])
        text = f"{who.start}-{number}"
        fields = {k: v.replace("{n}", text) for k, v in wanted["fields"].items()}
        try:
            found.wrote.append(browsers[member].post(wanted["path"], fields).seconds)
        except (WrongAnswer, OSError) as error:
            found.errors.append(str(error))


def of_members(deed: dict[str, Any], who: range) -> list[dict[str, Any]]:
    return [wanted for wanted in deed["asks"] if wanted["who"] in who]
