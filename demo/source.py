"""What is written down in the files of this folder, as typed values.

See the README beside them.
"""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
VOICES = ("beginner", "engineer", "researcher", "teacher")


@dataclass(frozen=True, slots=True)
class Character:
    """A person of the cast, or the frame that a drawn person is put into."""

    id: str
    name: str
    zone: str
    goal: str
    words: str
    hours: int
    days: tuple[int, ...]
    voice: str
    at: str = "evening"  # morning, noon, evening or night
    role: str = ""
    studies: tuple[str, ...] = ()
    joined: int = 0  # days ago; drawn where it is 0
    pace: float = 1.0  # minutes for one of other members
    steady: bool = False  # has missed no study day lately, and logs everything
    ends: str = ""  # "pauses", "leaves" or "stops"; goes on where it is empty


@dataclass(frozen=True, slots=True)
class Region:
    zones: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    group: str
    tagline: str
    cast: tuple[Character, ...]
    regions: tuple[Region, ...]
    words: dict[str, tuple[str, ...]]  # goal to what members say of it


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment or an answer. `after` are the minutes since the post."""

    by: str  # a voice, "asker", or a person's id with an @ before it
    after: int
    body: str
    accepted: bool = False
    replies: tuple["Remark", ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    by: str
    days_ago: float
    body: str
    kind: str = "discussion"
    title: str = ""
    curriculum: str = ""
    step: str = ""
    paper: str = ""
    pinned: bool = False
    weight: int = 3  # how many react to it, from 1 to 5
    comments: tuple[Remark, ...] = ()
    more: tuple[Remark, ...] = ()  # short comments that larger groups add


@dataclass(frozen=True, slots=True)
class DemoPoll:
    by: str
    days_ago: float
    open_days: float
    title: str
    options: dict[str, int]  # how much each draws votes
    share: float  # of the members who vote
    body: str = ""
    way: str = "single"
    results: str = "after"
    is_named: bool = False
    may_add: bool = False


@dataclass(frozen=True, slots=True)
class DemoPaper:
    id: str
    version: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


@cache
def people() -> Cast:
    raw = _read("people.yaml")
    return Cast(
        group=raw["group"]["name"],
        tagline=raw["group"]["tagline"],
        cast=tuple(Character(**_tuples(each)) for each in raw["cast"]),
        regions=tuple(
            Region(**{name: tuple(words.split()) for name, words in each.items()})
            for each in raw["regions"]
        ),
        words={goal: tuple(said) for goal, said in raw["words"].items()},
    )


@cache
def threads() -> tuple[Conversation, ...]:
    """All conversations, from all files, oldest first."""
    found: list[Conversation] = []
    for path in sorted(HERE.glob("threads-*.yaml")):
        found += map(_conversation, _read(path.name))
    return tuple(sorted(found, key=lambda thread: -thread.days_ago))


@cache
def polls() -> tuple[DemoPoll, ...]:
    """All polls, oldest first."""
    found = [DemoPoll(**each) for each in _read("polls.yaml")]
    return tuple(sorted(found, key=lambda poll: -poll.days_ago))


@cache
def papers() -> tuple[DemoPaper, ...]:
    with gzip.open(HERE / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(DemoPaper(**_tuples(json.loads(line))) for line in lines)


def _conversation(raw: dict[str, Any]) -> Conversation:
    curriculum, _slash, step = raw.pop("place", "").partition("/")
    comments = tuple(_remark(each) for each in raw.pop("comments", ()))
    more = tuple(_short(each) for each in raw.pop("more", ()))
    return Conversation(
        **raw, curriculum=curriculum, step=step, comments=comments, more=more
    )


def _remark(raw: dict[str, Any]) -> Remark:
    replies = tuple(_remark(each) for each in raw.pop("replies", ()))
    return Remark(**{**raw, "after": _minutes(raw["after"])}, replies=replies)


def _short(text: str) -> Remark:
    """“teacher | Words.” are a teacher's, “Words.” anyone's."""
    by, bar, body = text.partition(" | ")
    if bar:
        return Remark(by, 0, body)
    return Remark("anyone", 0, text)


def _minutes(text: str) -> int:
    """“40m”, “3h” or “2d” in minutes."""
    return int(text[:-1]) * {"m": 1, "h": 60, "d": 1440}[text[-1]]


def _tuples(raw: dict[str, Any]) -> dict[str, Any]:
    tuples = {
        name: tuple(value) for name, value in raw.items() if isinstance(value, list)
    }
    return {**raw, **tuples}


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
