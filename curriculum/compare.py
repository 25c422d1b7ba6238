"""What is different between two curriculum documents, in words for
curators. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from curriculum.fileformat import Document

LONG = ("intro", "note", "summary", "done_when", "fit", "title")
TOKENS_MAX = 4_000  # above it a text is shown as rewritten
CONTEXT = 8  # words around a difference


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is the "same", "old" (taken out) or "new"
    (put in).
    """

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftChange:
    """One thing that differs: `what` is added, retired, moved,
    words or facts.
    """

    what: str
    kind: str  # curriculum, step, route, activity, resource
    key: str  # its key, or the id of a resource
    title: str
    where: str = ""  # the step or route that it stands in
    field: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class _Thing:
    kind: str
    key: str
    where: str
    holder: str  # the key of what it stands in
    facts: Mapping[str, Any]

    @property
    def title(self) -> str:
        return str(self.facts.get("title", ""))


def compare(old: Document, new: Document) -> list[DraftChange]:
    """Everything that differs, in the order of the new document; what is
    gone comes last.
    """
    before = {(t.kind, t.holder, t.key): t for t in _things(old)}
    after = {(t.kind, t.holder, t.key): t for t in _things(new)}
    found: list[DraftChange] = []
    for place, thing in after.items():
        if place in before:
            found += _differences(before[place], thing)
        elif thing.kind != "resource":
            found.append(
                DraftChange("added", thing.kind, thing.key, thing.title, thing.where)
            )
    found += _moves(before, after)
    for place, thing in before.items():
        if place not in after and thing.kind != "resource":
            found.append(
                DraftChange("retired", thing.kind, thing.key, thing.title, thing.where)
            )
    return found


def keys_of(document: Document) -> set[str]:
    """The keys of all activities."""
    return {thing.key for thing in _things(document) if thing.kind == "activity"}


def words(old: str, new: str, *, context: int | None = CONTEXT) -> tuple[Piece, ...]:
    """The two texts as pieces; long runs that are the same are cut to
    `context` words on each side.
    """
    before, after = re.findall(r"\s*\S+", old), re.findall(r"\s*\S+", new)
    if len(before) + len(after) > TOKENS_MAX:
        return (Piece("old", old), Piece("new", new))
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            pieces.append(
                Piece(
                    "same",
                    _cut(
                        before[a:b], context, is_first=a == 0, is_last=b == len(before)
                    ),
                )
            )
            continue
        if b > a:
            pieces.append(Piece("old", "".join(before[a:b])))
        if d > c:
            pieces.append(Piece("new", "".join(after[c:d])))
    return tuple(pieces)


def _cut(
    tokens: list[str], context: int | None, *, is_first: bool, is_last: bool
) -> str:
    if context is None or len(tokens) <= 2 * context:
        return "".join(tokens)
    if is_first:
        head = ""
    else:
        head = "".join(tokens[:context])
    if is_last:
        tail = ""
    else:
        tail = "".join(tokens[-context:])
    return f"{head} … {tail}"


def _things(document: Document) -> Iterator[_Thing]:
    curriculum = document.get("curriculum")
    if curriculum:
        yield _Thing("curriculum", curriculum["key"], "", "", _own(curriculum))
        for step in curriculum.get("steps", ()):
            yield _Thing("step", step["key"], curriculum["title"], "", _own(step))
            yield from _activities(step, step["title"])
            for route in step.get("routes", ()):
                yield _Thing(
                    "route", route["key"], step["title"], step["key"], _own(route)
                )
                yield from _activities(route, f"{step['title']}, {route['title']}")
    for slug, resource in document.get("resources", {}).items():
        yield _Thing("resource", slug, "", "", resource)


def _activities(holder: Document, where: str) -> Iterator[_Thing]:
    for activity in holder.get("activities", ()):
        yield _Thing("activity", activity["key"], where, holder["key"], activity)


def _own(item: Document) -> dict[str, Any]:
    return {
        name: value
        for name, value in item.items()
        if name not in ("steps", "activities", "routes")
    }


def _differences(old: _Thing, new: _Thing) -> Iterator[DraftChange]:
    for name in dict.fromkeys([*old.facts, *new.facts]):
        before, after = old.facts.get(name, ""), new.facts.get(name, "")
        if before == after or name == "key":
            continue
        kind = "facts"
        if name in LONG:
            kind = "words"
            pieces = words(str(before), str(after))
        else:
            pieces = tuple(
                Piece(what, shown)
                for what, value in (("old", before), ("new", after))
                if (shown := _shown(value))
            )
        yield DraftChange(
            kind,
            new.kind,
            new.key,
            new.title,
            new.where,
            name,
            pieces,
        )


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        if value:
            return "yes"
        return "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    return str(value)


def _moves(
    before: Mapping[tuple[str, str, str], _Thing],
    after: Mapping[tuple[str, str, str], _Thing],
) -> Iterator[DraftChange]:
    """What stands in both at another place among those that stand in both,
    by the fewest moves.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for kind, holder, key in after:
        if (kind, holder, key) in before and kind not in ("curriculum", "resource"):
            groups.setdefault((kind, holder), []).append(key)
    for (kind, holder), now in groups.items():
        was = [
            key
            for k, h, key in before
            if (k, h) == (kind, holder) and (k, h, key) in after
        ]
        stays: set[str] = set()
        for block in SequenceMatcher(
            None, was, now, autojunk=False
        ).get_matching_blocks():
            stays |= set(was[block.a : block.a + block.size])
        for key in now:
            if key not in stays:
                thing = after[kind, holder, key]
                pieces = (
                    Piece("old", str(was.index(key) + 1)),
                    Piece("new", str(now.index(key) + 1)),
                )
                yield DraftChange(
                    "moved", kind, key, thing.title, thing.where, "position", pieces
                )
