"""What an error of the schema means, in words."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from curriculum.fileformat.schema import SCHEMA, Json, resolved

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


def in_words(error: "ValidationError") -> Iterator[tuple[str | None, str]]:
    """What a schema error means: the name inside the place that it is
    about, if any, and a message.
    """
    value: Any = error.instance
    limit: Any = error.validator_value
    found = shown(value)
    match error.validator:
        case "required":
            # One error a name, but jsonschema tells the name only in its
            # text.
            yield from (
                (name, "Is missing.")
                for name in limit
                if name not in value and f"'{name}'" in error.message
            )
        case "additionalProperties":
            known = resolved(error.schema)["properties"]
            yield from (
                (name, f"Is not a field here. {choices(known)}")
                for name in value
                if name not in known
            )
        case "anyOf":
            yield None, "The file holds neither a curriculum nor resources."
        case "const":
            yield None, f"This site reads files of format {limit}, not of {found}."
        case "enum":
            yield None, f"{choices(limit)} Not {found}."
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
            name = None
            if "propertyNames" in error.absolute_schema_path:
                name = str(value)
            yield (
                name,
                f"{PATTERNS.get(limit, 'Is not written as expected.')} Not {found}.",
            )


SHOWN_MAX = 60  # characters of a wrong value
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
    SCHEMA["$defs"]["slug"][
        "pattern"
    ]: "Must be small letters and digits, with single hyphens between them.",
    SCHEMA["$defs"]["key"][
        "pattern"
    ]: "Must be a UUID in small letters. Leave it out if you are not sure.",
    SCHEMA["$defs"]["line"]["pattern"]: "Must be on one line.",
    SCHEMA["$defs"]["language"]["pattern"]: "Must be a language code like en or pt-BR.",
    SCHEMA["$defs"]["resource"]["properties"]["arxiv_id"][
        "pattern"
    ]: "Must be an arXiv identifier like 1706.03762.",
}


def shown(value: Json) -> str:
    if isinstance(value, dict):
        return "names with values"
    if isinstance(value, list):
        return "a list"
    text = str(value).replace("\n", " ") or "nothing"
    if len(text) > SHOWN_MAX:
        text = f"{text[:SHOWN_MAX]}…"
    return f"“{text}”"


def choices(names: Collection[str]) -> str:
    *most, last = names
    if most:
        return f"Must be {', '.join(most)} or {last}."
    return f"Must be {last}."
