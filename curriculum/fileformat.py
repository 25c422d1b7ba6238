"""The curriculum file: YAML text in, one checked document out, and back.

The same document is import, export and release. `fileformat.schema.json` describes every field; what a schema cannot
say (references, uniqueness, keys) is checked here. All problems come at once, each with its line. Knows no Django.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import NAMESPACE_DNS, UUID, uuid5

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from curriculum import yamltext
from curriculum.yamltext import Node, Scalar, Sequence, Unreadable
from richtext import TextRefused, render

FORMAT = 1
BYTES_MAX = yamltext.BYTES_MAX
PROBLEMS_MAX = 500
RESERVED = ("resources", "releases")  # where a curriculum's or a step's page would be
NAMESPACE = uuid5(NAMESPACE_DNS, "minibatch.curriculum")
SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_suffix(".schema.json").read_text("utf-8"))

# JSON all through: mappings, lists, strings, whole numbers, true and false.
Document = dict[str, Any]
Json = Any
Place = tuple[str | int, ...]


class Problem(NamedTuple):
    """What is wrong with a file: the line (from 1), the field as a path, and what to do about it."""

    line: int
    field: str
    message: str


class Malformed(ValueError):
    """The file cannot be imported; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"line {p.line}, {p.field}: {p.message}" for p in problems))
        self.problems = problems


def load(
    source: str | bytes,
    known_resources: Collection[str] = frozenset(),
    known_sections: Collection[tuple[str, str]] = frozenset(),
) -> Document:
    """The document that the file holds: canonical, with every key.

    `known_resources` are the ids in the library, `known_sections` pairs of a resource's and a section's id. Raises
    Malformed.
    """
    try:
        root = yamltext.parse(source)
    except Unreadable as error:
        raise Malformed([Problem(error.line, "file", error.message)]) from None
    reading = Reading(root)
    document = reading.document
    if not reading.problems and not isinstance(document, dict):
        reading.add((), "The file must hold names with values, like “format: 1”.")
    if isinstance(document, dict):
        reading.check_schema()
        for check in (_check_references, _check_uniqueness, _check_successors, _check_markdown):
            check(reading, document, known_resources, known_sections)
    if not reading.problems:
        # Derived keys come from slugs, so keys are compared when all else is right.
        document = derive_keys(document)
        _check_keys(reading, document)
    if reading.problems:
        raise Malformed(reading.sorted_problems())
    return document


def declared(source: str | bytes) -> tuple[set[str], set[tuple[str, str]]]:
    """Ids of the resources in a file that may be wrong in other ways, and of their sections, as `load` takes them."""
    try:
        document = Reading(yamltext.parse(source)).document
    except Unreadable:
        return set(), set()
    resources = list(_items(document, "resources", ()))
    sections = (
        (place[-1], part.get("id")) for place, resource in resources for _, part in _items(resource, "sections", ())
    )
    return {str(place[-1]) for place, _ in resources}, {(str(slug), str(name)) for slug, name in sections}


class Reading:
    """A file being read: its values in JSON's types, the line of each, and the problems found so far."""

    def __init__(self, root: Node) -> None:
        self.lines: dict[Place, int] = {}
        self.problems: dict[Place, tuple[int, str]] = {}
        self.document = self._value(root, SCHEMA, ())

    def add(self, place: Place, message: str, line: int | None = None) -> None:
        """Note a problem; the first one of a field wins, since the next would only repeat it."""
        self.problems.setdefault(place, (line or self.line(place), message))

    def line(self, place: Place) -> int:
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def sorted_problems(self) -> list[Problem]:
        problems = sorted(Problem(line, self._path(place), words) for place, (line, words) in self.problems.items())
        if len(problems) > PROBLEMS_MAX:
            more = len(problems) - PROBLEMS_MAX
            problems[PROBLEMS_MAX:] = [Problem(problems[PROBLEMS_MAX].line, "file", f"And {more} more problems.")]
        return problems

    def check_schema(self) -> None:
        for error in _validator().iter_errors(self.document):
            place = tuple(error.absolute_path)
            for name, message in _in_words(error):
                self.add(place if name is None else (*place, name), message)

    def _path(self, place: Place) -> str:
        """`curriculum.steps[encounter].activities[2].title`: by slug or id where there is one, else counted from 1."""
        path, value = "", self.document
        for part in place:
            if isinstance(part, str):
                value = value.get(part) if isinstance(value, dict) else None
                path += f".{part}"
            else:
                value = value[part]
                name = (value.get("slug") or value.get("id")) if isinstance(value, dict) else None
                path += f"[{name or part + 1}]"
        return path.removeprefix(".") or "file"

    def _value(self, node: Node, schema: Any, place: Place) -> Json:
        """The node as the schema wants it: a year stays a number, `1706.03762` and `2020-11-01` stay text."""
        schema = _resolved(schema)
        self.lines[place] = min(node.line, self.lines.get(place, node.line))
        if isinstance(node, Scalar):
            return self._scalar(node, schema.get("type"), place)
        if isinstance(node, Sequence):
            return [self._value(item, schema.get("items"), (*place, n)) for n, item in enumerate(node.items)]
        mapping: dict[str, Json] = {}
        properties = schema.get("properties", {})
        for key, value in node.pairs:
            if not isinstance(key, Scalar) or not key.text:
                self.add(place, "A name is missing, or is not plain text.")
                continue
            name = key.text
            inner = (*place, name)
            if inner in self.lines:
                self.add(inner, f"“{name}” stands here twice: it is already on line {self.lines[inner]}.", key.line)
            elif yamltext.UNSHOWABLE.search(name):
                self.add(place, "A name holds a character that cannot be shown.", key.line)
            elif not _is_nothing(value):
                self.lines[inner] = key.line
                mapping[name] = self._value(value, properties.get(name, schema.get("additionalProperties")), inner)
        return mapping

    def _scalar(self, node: Scalar, wanted: str | None, place: Place) -> Json:
        if odd := yamltext.UNSHOWABLE.search(node.text):
            self.add(place, f"Holds a character that cannot be shown (U+{ord(odd.group()):04X}).")
        if node.plain and wanted == "integer" and re.fullmatch(r"[+-]?[0-9]{1,9}", node.text, re.ASCII):
            return int(node.text)
        if node.plain and wanted == "boolean" and node.text in ("true", "false"):
            return node.text == "true"
        return node.text.strip()


def _is_nothing(node: Node) -> bool:
    """A name with nothing behind it, which is the same as no name at all."""
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~")


# Schema


@cache
def _validator() -> Draft202012Validator:
    formats = FormatChecker(formats=())
    formats.checks("date")(lambda value: not isinstance(value, str) or _is_date(value))
    formats.checks("web-address")(lambda value: not isinstance(value, str) or is_web_address(value))
    return Draft202012Validator(SCHEMA, format_checker=formats)


def _resolved(schema: Any) -> dict[str, Any]:
    """The schema with its `$ref` followed; what stands beside the reference wins."""
    if not isinstance(schema, dict):
        return {}
    if "$ref" not in schema:
        return schema
    return {**SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], **schema}


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_web_address(value: str) -> bool:
    """Whether it is a whole http or https address with a host name, and nothing that breaks out of a page."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    whole = parts.scheme in ("http", "https") and not parts.username and not re.search(r"[\s<>\"\\^`{|}]", value)
    return whole and bool(re.fullmatch(r"([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]", host))


def _in_words(error: ValidationError) -> Iterator[tuple[str | None, str]]:
    """What a schema error means: the name inside the place that it is about, if any, and a message."""
    value: Any = error.instance
    limit: Any = error.validator_value
    found = _shown(value)
    match error.validator:
        case "required":
            # One error a name, but jsonschema tells the name only in its text.
            yield from ((name, "Is missing.") for name in limit if name not in value and f"'{name}'" in error.message)
        case "additionalProperties":
            known = _resolved(error.schema)["properties"]
            yield from ((name, f"Is not a field here. {_choices(known)}") for name in value if name not in known)
        case "anyOf":
            yield None, "The file holds neither a curriculum nor resources."
        case "const":
            yield None, f"This site reads files of format {limit}, not of {found}."
        case "enum":
            yield None, f"{_choices(limit)} Not {found}."
        case "type":
            yield None, f"Must be {TYPES[limit]}, not {found}."
        case "minLength":
            yield None, "Must not be empty."
        case "maxLength":
            yield None, f"Is {len(value):,} characters long; {limit:,} are allowed."
        case "minimum":
            yield None, f"Must be {limit} or more, not {found}."
        case "maximum":
            yield None, f"Must be {limit} or less, not {found}."
        case "maxItems":
            yield None, f"Holds {len(value)} entries; {limit} are allowed."
        case "uniqueItems":
            yield None, "Names the same thing twice."
        case "format":
            yield None, f"{FORMATS[limit]} Not {found}."
        case _:
            name = str(value) if "propertyNames" in error.absolute_schema_path else None
            yield name, f"{PATTERNS.get(limit, 'Is not written as expected.')} Not {found}."


TYPES = {
    "object": "names with values",
    "array": "a list",
    "string": "text",
    "integer": "a whole number without quotes",
    "boolean": "true or false",
}
FORMATS = {
    "date": "Must be a date like 2020-11-01.",
    "web-address": "Must be a whole address that starts with http:// or https://.",
}
PATTERNS = {
    SCHEMA["$defs"]["slug"]["pattern"]: "Must be small letters and digits, with single hyphens between them.",
    SCHEMA["$defs"]["key"]["pattern"]: "Must be a UUID in small letters. Leave it out if you are not sure.",
    SCHEMA["$defs"]["line"]["pattern"]: "Must be on one line.",
    SCHEMA["$defs"]["language"]["pattern"]: "Must be a language code like en or pt-BR.",
    SCHEMA["$defs"]["resource"]["properties"]["arxiv_id"]["pattern"]: "Must be an arXiv identifier like 1706.03762.",
}


def _shown(value: Json) -> str:
    if isinstance(value, dict):
        return "names with values"
    if isinstance(value, list):
        return "a list"
    text = str(value).replace("\n", " ") or "nothing"
    return f"“{text if len(text) <= 60 else text[:60] + '…'}”"


def _choices(names: Collection[str]) -> str:
    *most, last = names
    return f"Must be {', '.join(most)} or {last}." if most else f"Must be {last}."


# What the schema cannot say. These walk a document that may still be wrong in other ways.


def _items(value: Json, name: str, place: Place) -> Iterator[tuple[Place, dict[str, Json]]]:
    """The mappings in the list or mapping `name`, each with its place."""
    inner = value.get(name) if isinstance(value, dict) else None
    pairs = inner.items() if isinstance(inner, dict) else enumerate(inner if isinstance(inner, list) else ())
    return (((*place, name, key), item) for key, item in pairs if isinstance(item, dict))


def _steps(document: Document) -> Iterator[tuple[Place, dict[str, Json]]]:
    return _items(document.get("curriculum"), "steps", ("curriculum",))


def _activity_lists(document: Document) -> Iterator[tuple[dict[str, Json], list[tuple[Place, dict[str, Json]]]]]:
    """For each step without routes, or each route of a step, what stands on it: the step's own activities first."""
    for place, step in _steps(document):
        own = list(_items(step, "activities", place))
        routes = list(_items(step, "routes", place))
        if not routes:
            yield step, own
        for inner, route in routes:
            yield step, own + list(_items(route, "activities", inner))


def _check_references(
    reading: Reading, document: Document, resources: Collection[str], sections: Collection[tuple[str, str]]
) -> None:
    ours = {str(place[-1]): resource for place, resource in _items(document, "resources", ())}
    parts = {(slug, part.get("id")) for slug, resource in ours.items() for _, part in _items(resource, "sections", ())}
    for _, activities in _activity_lists(document):
        for place, activity in activities:
            slug, section = str(activity.get("resource", "")), str(activity.get("section", ""))
            if slug and slug not in ours and slug not in resources:
                reading.add((*place, "resource"), f"There is no resource “{slug}” in this file or in the library.")
            elif section and not slug:
                reading.add((*place, "section"), "A section needs the resource that it belongs to.")
            elif section and (slug, section) not in parts and (slug, section) not in sections:
                reading.add((*place, "section"), f"“{slug}” has no section “{section}”.")
    for place, resource in _items(document, "resources", ()):
        successor = str(resource.get("successor", ""))
        if successor and successor not in ours and successor not in resources:
            reading.add((*place, "successor"), f"There is no resource “{successor}” in this file or in the library.")


def _check_uniqueness(reading: Reading, document: Document, *_: object) -> None:
    def once(items: Iterator[tuple[Place, dict[str, Json]]], name: str) -> None:
        seen: dict[str, Place] = {}
        for place, item in items:
            value = str(item.get(name, ""))
            if value and seen.setdefault(value, place) != place:
                line = reading.line((*seen[value], name))
                reading.add((*place, name), f"“{value}” is already used on line {line}.")

    curriculum = document.get("curriculum")
    if isinstance(curriculum, dict) and curriculum.get("slug") in RESERVED:
        reading.add(("curriculum", "slug"), f"The address “{curriculum['slug']}” is taken by a page of the site.")
    once(_steps(document), "slug")
    for place, step in _steps(document):
        if step.get("slug") in RESERVED:
            reading.add((*place, "slug"), f"The address “{step['slug']}” is taken by a page of the site.")
        once(_items(step, "routes", place), "slug")
    for place, resource in _items(document, "resources", ()):
        once(_items(resource, "sections", place), "id")


def _check_successors(reading: Reading, document: Document, *_: object) -> None:
    after = {
        str(place[-1]): str(resource.get("successor", "")) for place, resource in _items(document, "resources", ())
    }
    settled: set[str] = set()
    for slug in after:
        chain: list[str] = []
        while slug in after and slug not in settled and slug not in chain:
            chain.append(slug)
            slug = after[slug]
        if slug in chain:
            reading.add(
                ("resources", chain[-1], "successor"), f"Leads back to “{slug}”: a resource cannot follow itself."
            )
        settled.update(chain)


def _check_markdown(reading: Reading, document: Document, *_: object) -> None:
    for place, name, text in _markdown(document):
        try:
            render(text)
        except TextRefused as error:
            reading.add((*place, name), str(error))


def _markdown(document: Document) -> Iterator[tuple[Place, str, str]]:
    owners: list[tuple[Place, Json, str]] = [(("curriculum",), document.get("curriculum"), "intro")]
    owners += [(place, step, "intro") for place, step in _steps(document)]
    owners += [(place, item, "note") for _, items in _activity_lists(document) for place, item in items]
    for place, item, name in {place: (place, item, name) for place, item, name in owners}.values():
        text = item.get(name) if isinstance(item, dict) else None
        if isinstance(text, str) and text:
            yield place, name, text


def _check_keys(reading: Reading, document: Document) -> None:
    """In a document that is right in all else: no key for two things, no activity twice on one way."""
    seen: dict[str, tuple[Place, Json]] = {}

    def claim(place: Place, key: str, thing: Json) -> None:
        first, owner = seen.setdefault(key, (place, thing))
        if owner != thing:
            reading.add((*place, "key"), f"This key already belongs to what is on line {reading.line(first)}.")

    if "curriculum" in document:
        claim(("curriculum",), document["curriculum"]["key"], ("curriculum",))
    for place, step in _steps(document):
        claim(place, step["key"], place)
        for inner, route in _items(step, "routes", place):
            claim(inner, route["key"], inner)
    for place, resource in _items(document, "resources", ()):
        for inner, section in _items(resource, "sections", place):
            claim(inner, section["key"], inner)
    for _, activities in _activity_lists(document):
        here: dict[str, Place] = {}
        for place, activity in activities:
            claim(place, activity["key"], _what(activity))
            if here.setdefault(activity["key"], place) != place:
                line = reading.line(here[activity["key"]])
                reading.add(place, f"Asks for the same as line {line}, on the same way through the step.")


def _what(activity: Mapping[str, Json]) -> Json:
    """What an activity asks for; two that share a key must agree on it."""
    if "resource" not in activity:
        return activity["title"]
    return (activity["resource"], activity.get("section", ""), activity["do"])


# Canonical form and keys


def canonical(document: Document) -> Document:
    """The same document with defaults filled in, empty values left out, fields in the schema's order."""
    result = _canonical(document, SCHEMA)
    result.setdefault("format", FORMAT)
    return result


def _canonical(value: Json, schema: Any, *, leave_defaults: bool = False) -> Json:
    schema = _resolved(schema)
    if isinstance(value, list):
        return [_canonical(item, schema.get("items"), leave_defaults=leave_defaults) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    properties = schema.get("properties") or dict.fromkeys(sorted(value), schema.get("additionalProperties"))
    for name, inner in properties.items():
        default = _resolved(inner).get("default")
        here = _canonical(value.get(name, default), inner, leave_defaults=leave_defaults)
        if here not in (None, "", [], {}) and not (leave_defaults and here == default):
            result[name] = here
    return result


def derive_keys(document: Document) -> Document:
    """The document in canonical form, in which everything that needs a key has one: same slugs, same keys."""
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
    return _canonical(document, SCHEMA)


def _key_activities(holder: dict[str, Json], step: Mapping[str, Json]) -> None:
    for activity in holder.get("activities", ()):
        if "resource" in activity:
            key = activity_key(activity["resource"], activity.get("section", ""), activity["do"])
            activity.setdefault("key", str(key))
        else:
            _key(activity, UUID(step["key"]), f"activity:{activity['title']}")


def activity_key(resource: str, section: str, do: str) -> UUID:
    """The key of what is done with a resource or section, the same wherever it is asked for."""
    return uuid5(NAMESPACE, f"activity:{resource}:{section}:{do}")


def section_key(resource: str, section: str) -> UUID:
    return uuid5(NAMESPACE, f"section:{resource}:{section}")


def _key(item: dict[str, Json], namespace: UUID, name: str) -> None:
    item.setdefault("key", str(uuid5(namespace, name)))


STRUCTURE = {
    "key", "id", "steps", "routes", "activities", "sections", "resource", "section", "successor", "archived_on"
}  # fmt: skip


@cache
def plain_fields(kind: str) -> tuple[str, ...]:
    """The fields of a step, a route, ... that are values in themselves, as they are called in the database too."""
    return tuple(name for name in SCHEMA["$defs"][kind]["properties"] if name not in STRUCTURE)


# Writing


def dump(document: Document) -> str:
    """The document as YAML that people can edit: block style, fields in a fixed order, defaults left out."""
    written = {"format": FORMAT, **_canonical(document, SCHEMA, leave_defaults=True)}
    return yaml.dump(
        written, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=110, indent=2
    )


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Long text in blocks, short lists of words on one line."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _written_text(dumper: Any, text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text:
        style = "|"
    elif len(text) > 80 and "  " not in text:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _written_list(dumper: Any, items: list[Json]) -> yaml.SequenceNode:
    short = all(isinstance(item, str) for item in items) and sum(len(item) + 2 for item in items) < 80
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_Dumper.add_representer(str, _written_text)
_Dumper.add_representer(list, _written_list)
