"""Walking a document, which may still be wrong."""

from collections.abc import Iterable, Iterator

from curriculum.fileformat.schema import Document, Json, Place


def items(
    value: Json, name: str, place: Place
) -> Iterator[tuple[Place, dict[str, Json]]]:
    """The mappings in the list or mapping `name`, each with its place."""
    inner = None
    if isinstance(value, dict):
        inner = value.get(name)
    pairs: Iterable[tuple[str | int, Json]] = ()
    if isinstance(inner, dict):
        pairs = inner.items()
    elif isinstance(inner, list):
        pairs = enumerate(inner)
    return (
        ((*place, name, key), item) for key, item in pairs if isinstance(item, dict)
    )


def steps_of(document: Document) -> Iterator[tuple[Place, dict[str, Json]]]:
    return items(document.get("curriculum"), "steps", ("curriculum",))


def activity_lists(
    document: Document,
) -> Iterator[tuple[dict[str, Json], list[tuple[Place, dict[str, Json]]]]]:
    """For each step without routes, or each route of a step, what stands
    on it: the step's own activities first.
    """
    for place, step in steps_of(document):
        own = list(items(step, "activities", place))
        routes = list(items(step, "routes", place))
        if not routes:
            yield step, own
        for inner, route in routes:
            yield step, own + list(items(route, "activities", inner))


def markdown_of(document: Document) -> Iterator[tuple[Place, str, str]]:
    owners: list[tuple[Place, Json, str]] = [
        (("curriculum",), document.get("curriculum"), "intro")
    ]
    owners += [(place, step, "intro") for place, step in steps_of(document)]
    for _, activities in activity_lists(document):
        owners += [(place, activity, "note") for place, activity in activities]
    for place, item, name in {
        place: (place, item, name) for place, item, name in owners
    }.values():
        text = None
        if isinstance(item, dict):
            text = item.get(name)
        if isinstance(text, str) and text:
            yield place, name, text
