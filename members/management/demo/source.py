"""What is written down in the files of this folder, as typed values. See the README beside them."""

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
    pace: float = 1.0  # of her minutes to those of others
    steady: bool = False  # misses no study day lately, and logs all she does
    ends: str = ""  # "pauses", "leaves" or "stops"; goes on where it is empty


@dataclass(frozen=True, slots=True)
class Region:
    zones: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    group: str
    tagline: str
    cast: tuple[Character, ...]
    regions: tuple[Region, ...]
    words: dict[str, tuple[str, ...]]  # goal to what members say of it


@dataclass(frozen=True, slots=True)
class Said:
    """A comment or an answer. `after` are the minutes since the post."""

    by: str  # a voice, "asker", or a person's id with an @ before it
    after: int
    body: str
    accepted: bool = False
    replies: tuple["Said", ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
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
    comments: tuple[Said, ...] = ()
    more: tuple[Said, ...] = ()  # short comments that larger groups add


@dataclass(frozen=True, slots=True)
class PaperLine:
    id: str
    version: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


@cache
def people() -> People:
    raw = _read("people.yaml")
    return People(
        group=raw["group"]["name"],
        tagline=raw["group"]["tagline"],
        cast=tuple(Character(**_tuples(each)) for each in raw["cast"]),
        regions=tuple(
            Region(**{name: tuple(words.split()) for name, words in each.items()}) for each in raw["regions"]
        ),
        words={goal: tuple(said) for goal, said in raw["words"].items()},
    )


@cache
def threads() -> tuple[Thread, ...]:
    """All conversations, from all files, oldest first."""
    found = [_thread(raw) for path in sorted(HERE.glob("threads-*.yaml")) for raw in _read(path.name)]
    return tuple(sorted(found, key=lambda thread: -thread.days_ago))


@cache
def papers() -> tuple[PaperLine, ...]:
    with gzip.open(HERE / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(PaperLine(**_tuples(json.loads(line))) for line in lines)


def _thread(raw: dict[str, Any]) -> Thread:
    curriculum, _slash, step = raw.pop("place", "").partition("/")
    comments = tuple(_said(each) for each in raw.pop("comments", ()))
    more = tuple(_short(each) for each in raw.pop("more", ()))
    return Thread(**raw, curriculum=curriculum, step=step, comments=comments, more=more)


def _said(raw: dict[str, Any]) -> Said:
    replies = tuple(_said(each) for each in raw.pop("replies", ()))
    return Said(**{**raw, "after": _minutes(raw["after"])}, replies=replies)


def _short(text: str) -> Said:
    """“teacher | Words.” are a teacher's, “Words.” anyone's."""
    by, bar, body = text.partition(" | ")
    return Said(by, 0, body) if bar else Said("anyone", 0, text)


def _minutes(text: str) -> int:
    """“40m”, “3h” or “2d” in minutes."""
    return int(text[:-1]) * {"m": 1, "h": 60, "d": 1440}[text[-1]]


def _tuples(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
