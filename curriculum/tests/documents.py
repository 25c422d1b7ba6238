"""Documents for tests: a small file with one of everything, and strategies
for any that the schema allows.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from curriculum import fileformat
from curriculum.fileformat import Document
from text.typed import clean_line, clean_text

SMALL = (Path(__file__).parent / "small.yaml").read_text("utf-8")


def small_document() -> Document:
    return fileformat.load(SMALL)


slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
signs = st.characters(
    exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"], exclude_characters="\ufeff"
)
lines = st.text(
    signs | st.sampled_from("\\\"'#:-|>&*!%@`{}[],? \u00a0\u200b😀\t"), max_size=40
)
texts = st.lists(lines, max_size=7).flatmap(
    lambda parts: st.sampled_from(["\n", " "]).map(lambda by: by.join(parts))
)
keys = st.uuids(version=4).map(str)
urls = st.sampled_from(
    [
        "https://example.org/a?b=c&d=%20#e",
        "http://ex-ample.org:8000",
        "https://пример.рф/страница",
    ]
)


def _named(name: str) -> st.SearchStrategy[Any]:
    definition = fileformat.SCHEMA["$defs"][name]
    special = {
        "key": keys,
        "slug": slugs,
        "url": urls,
        "language": st.sampled_from(["en", "fr", "pt-BR"]),
        "line": lines.map(clean_line),
    }
    return special[name] if name in special else from_schema(definition)


def from_schema(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema allows, with few items a list."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "$ref" in schema:
        values = _named(schema["$ref"].rpartition("/")[2])
        if "pattern" in schema:
            values = st.sampled_from(["1706.03762", "2401.00010", "cs.LG/0701001"])
        return values.filter(len) if schema.get("minLength") else values
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if schema["type"] == "boolean":
        return st.booleans()
    if schema["type"] == "string":
        if schema.get("format") == "date":
            return st.dates().map(str)
        return slugs if "pattern" in schema else texts.map(clean_text).map(str.strip)
    if schema["type"] == "array":
        return st.lists(
            from_schema(schema["items"]),
            max_size=3,
            unique=schema.get("uniqueItems", False),
        )
    required = {
        name: from_schema(inner)
        for name, inner in schema["properties"].items()
        if name in schema["required"]
    }
    optional = {
        name: from_schema(inner)
        for name, inner in schema["properties"].items()
        if name not in required
    }
    return st.fixed_dictionaries(required, optional=optional)


def _unique(items: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return list({item[name]: item for item in items}.values())


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Right documents: every reference leads somewhere, nothing
    stands twice.
    """
    resources = draw(st.dictionaries(slugs, _named("resource"), max_size=3))
    for resource in resources.values():
        resource.pop("successor", None)
        resource["sections"] = _unique(resource.get("sections", []), "id")
    ids = sorted(resources)
    if len(ids) > 1 and draw(st.booleans()):
        resources[ids[0]]["successor"] = ids[1]
    curriculum = draw(_named("curriculum"))
    curriculum["steps"] = _unique(curriculum.get("steps", []), "slug")
    for step in curriculum["steps"]:
        step["routes"] = _unique(step.get("routes", []), "slug")
        for holder in (step, *step["routes"]):
            for activity in holder.get("activities", []):
                activity.pop("section", None)
                activity.pop("resource", None)
                if ids and draw(st.booleans()):
                    activity["resource"] = draw(st.sampled_from(ids))
                    parts = resources[activity["resource"]]["sections"]
                    if parts and draw(st.booleans()):
                        activity["section"] = draw(st.sampled_from(parts))["id"]
            holder["activities"] = (
                []
                if draw(st.booleans())
                else _once(holder.get("activities", []), holder)
            )
        shared = [fingerprint(activity) for activity in step["activities"]]
        for route in step["routes"]:
            route["activities"] = [
                a for a in route["activities"] if fingerprint(a) not in shared
            ]
    _without_clashing_keys(curriculum, resources)
    return fileformat.canonical(
        {"format": 1, "curriculum": curriculum, "resources": resources}
    )


def fingerprint(activity: dict[str, Any]) -> tuple[str, ...]:
    if "resource" in activity:
        return (activity["resource"], activity.get("section", ""), activity["do"])
    return (activity["title"],)


def _once(
    activities: list[dict[str, Any]], holder: dict[str, Any]
) -> list[dict[str, Any]]:
    return list({fingerprint(activity): activity for activity in activities}.values())


def _without_clashing_keys(value: Any, resources: Any) -> None:
    """Number the keys that were drawn, so that no two things share
    one by accident.
    """
    counter = iter(range(1, 10_000))

    def walk(item: Any) -> None:
        if isinstance(item, dict):
            if "key" in item:
                item["key"] = str(UUID(int=next(counter)))
            for inner in item.values():
                walk(inner)
        elif isinstance(item, list):
            for inner in item:
                walk(inner)

    walk(value)
    walk(resources)
