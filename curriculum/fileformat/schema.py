"""What the schema says about a file, and the two formats that it names."""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FORMAT = 1

# characters of an address that is looked at: reading one normalises it
ADDRESS_MAX = 2_000

SCHEMA: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("fileformat.schema.json").read_text("utf-8")
)

LINE: str = SCHEMA["$defs"]["line"]["pattern"]

# JSON all through: mappings, lists, strings, whole numbers, true and
# false.
Document = dict[str, Any]
Json = Any
Place = tuple[str | int, ...]


@cache
def validator() -> "Draft202012Validator":
    # here: only who imports a file needs it, and it takes a while to load
    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker(formats=())
    formats.checks("date")(lambda value: not isinstance(value, str) or _is_date(value))
    formats.checks("web-address")(
        lambda value: not isinstance(value, str) or is_web_address(value)
    )
    return Draft202012Validator(SCHEMA, format_checker=formats)


def resolved(schema: Any) -> dict[str, Any]:
    """The schema with its `$ref` followed; what stands beside the
    reference wins.
    """
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
    """Whether it is a whole http or https address with a host name, and
    nothing that breaks out of a page.
    """
    if len(value) > ADDRESS_MAX:
        return False
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    whole = (
        parts.scheme in ("http", "https")
        and not parts.username
        and not re.search(r"[\s<>\"\\^`{|}]", value)
    )
    return whole and bool(
        re.fullmatch(r"([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]", host)
    )


STRUCTURE = {
    "key", "id", "steps", "routes", "activities", "sections", "resource", "section",
    "successor", "archived_on"
}  # fmt: skip


@cache
def plain_fields(kind: str) -> tuple[str, ...]:
    """The fields of a step, a route, ... that are values in themselves, as
    they are called in the database too.
    """
    return tuple(
        name for name in SCHEMA["$defs"][kind]["properties"] if name not in STRUCTURE
    )
