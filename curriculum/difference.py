"""What one curriculum document has that another lacks, in titles that
members read. Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from curriculum.fileformat import Document

Difference = dict[str, dict[str, list[str]]]
"""What happened (added, changed, retired) to kind of thing (steps, routes, activities)
to titles.
"""


def difference(old: Document, new: Document) -> Difference:
    """Titles by what happened to them; an activity that stands in two
    places counts once. Empty lists are left out.
    """
    before, after = _things(old), _things(new)
    found: Difference = {}

    def note(what: str, kind: str, title: str) -> None:
        found.setdefault(what, {}).setdefault(kind, []).append(title)

    for key, (kind, title, facts) in after.items():
        if key not in before:
            note("added", kind, title)
        elif before[key][2] != facts:
            note("changed", kind, title)
    for key, (kind, title, _) in before.items():
        if key not in after:
            note("retired", kind, title)
    return found


def _things(document: Document) -> dict[str, tuple[str, str, Any]]:
    """Key to the thing's kind, title and own facts."""
    return {
        item["key"]: (kind, item["title"], _own(item)) for kind, item in _walk(document)
    }


def _walk(document: Document) -> Iterator[tuple[str, Document]]:
    for step in document.get("curriculum", {}).get("steps", ()):
        yield "steps", step
        yield from (("activities", activity) for activity in step.get("activities", ()))
        for route in step.get("routes", ()):
            yield "routes", route
            yield from (
                ("activities", activity) for activity in route.get("activities", ())
            )


def _own(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in item.items()
        if name not in ("activities", "routes")
    }
