"""The document in canonical form, and the keys that follow from its names."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from curriculum.fileformat.schema import FORMAT, SCHEMA, Document, Json, resolved
from text.typed import clean_name

NAMESPACE = uuid5(NAMESPACE_DNS, "minibatch.curriculum")


def canonical(document: Document) -> Document:
    """The same document with defaults filled in, empty values left out,
    fields in the schema's order.
    """
    result = in_canonical_form(document, SCHEMA)
    result.setdefault("format", FORMAT)
    return result


def in_canonical_form(
    value: Json, schema: Any, *, leave_defaults: bool = False
) -> Json:
    schema = resolved(schema)
    if isinstance(value, list):
        return [
            in_canonical_form(item, schema.get("items"), leave_defaults=leave_defaults)
            for item in value
        ]
    if not isinstance(value, dict):
        return value
    result = {}
    properties = schema.get("properties") or dict.fromkeys(
        sorted(value), schema.get("additionalProperties")
    )
    for name, inner in properties.items():
        default = resolved(inner).get("default")
        here = in_canonical_form(
            value.get(name, default), inner, leave_defaults=leave_defaults
        )
        if here not in (None, "", [], {}) and not (leave_defaults and here == default):
            result[name] = here
    return result


def derive_keys(document: Document) -> Document:
    """The document in canonical form, in which everything that needs a key
    has one: same slugs, same keys.
    """
    document = canonical(document)
    curriculum = document.get("curriculum")
    for slug, resource in document.get("resources", {}).items():
        for section in resource.get("sections", ()):
            section.setdefault("key", str(section_key(slug, section["id"])))
    if curriculum is not None:
        _key(curriculum, NAMESPACE, f"curriculum:{curriculum['slug']}")
        for step in curriculum.get("steps", ()):
            _key(step, UUID(curriculum["key"]), f"step:{step['slug']}")
            _key_activities(step, step)
            for route in step.get("routes", ()):
                _key(route, UUID(step["key"]), f"route:{route['slug']}")
                _key_activities(route, step)
    return in_canonical_form(document, SCHEMA)


def _key_activities(holder: dict[str, Json], step: Mapping[str, Json]) -> None:
    for activity in holder.get("activities", ()):
        if "resource" in activity:
            key = activity_key(
                activity["resource"], activity.get("section", ""), activity["do"]
            )
            activity.setdefault("key", str(key))
        else:
            _key(
                activity, UUID(step["key"]), f"activity:{clean_name(activity['title'])}"
            )


def activity_key(resource: str, section: str, do: str) -> UUID:
    """The key of what is done with a resource or section, the same
    wherever it is asked for.
    """
    return uuid5(NAMESPACE, f"activity:{resource}:{section}:{do}")


def section_key(resource: str, section: str) -> UUID:
    return uuid5(NAMESPACE, f"section:{resource}:{section}")


def _key(item: dict[str, Json], namespace: UUID, name: str) -> None:
    item.setdefault("key", str(uuid5(namespace, name)))
