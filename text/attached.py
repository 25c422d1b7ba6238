"""Pictures and files of members, as a text names them: `![words](picture:KEY)` and
`[name](file:KEY)`.

The caller says which of them the text may show. Of any other, its words remain.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

KEY = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NAMED = re.compile(rf"(picture|file):({KEY})")
PICTURE = re.compile(rf"!\[((?:[^\[\]\\]|\\.)*)\]\(picture:({KEY})\)", re.DOTALL)
MOST = 40  # in one text; the caller looks each of them up
DESCRIPTION_MAX = 1_000  # characters
ROUND = str.maketrans("[]", "()")
NO_WORDS = "Picture"  # where it has no description


class Attachment(NamedTuple):
    """A picture with the size of its small form; a file has none."""

    width: int = 0
    height: int = 0


Attachments = Mapping[str, Attachment]


def keys_in(text: str) -> list[str]:
    """The keys that a text names, each once, MOST at most."""
    return list(dict.fromkeys(key for _kind, key in NAMED.findall(text)))[:MOST]


def without_keys(text: str) -> str:
    """The text for search, in which nobody looks for keys."""
    return NAMED.sub("", text)


def without_description(text: str) -> list[str]:
    """The keys of pictures whose brackets are empty."""
    found = (match[2] for match in PICTURE.finditer(text) if not match[1].strip())
    return list(dict.fromkeys(found))


def described(text: str, descriptions: Mapping[str, str]) -> str:
    """The text with these descriptions, by key, wherever it shows the pictures.

    Square brackets would end a description, and become round ones. A description that
    is longer than DESCRIPTION_MAX changes nothing.
    """
    said = {
        key: " ".join(words.translate(ROUND).split()).rstrip("\\")
        for key, words in descriptions.items()
        if len(words) <= DESCRIPTION_MAX
    }

    def with_words(found: re.Match[str]) -> str:
        words = said.get(found[2])
        return f"![{words}](picture:{found[2]})" if words else found[0]

    return PICTURE.sub(with_words, text)


def shown_picture(source: str, attached: Attachments) -> tuple[str, Attachment] | None:
    """The key of a picture that the text may show, with its size."""
    named = NAMED.fullmatch(source)
    size = attached.get(named[2]) if named and named[1] == "picture" else None
    return (named[2], size) if named and size and size.width else None


def address_of(named: re.Match[str], attached: Attachments) -> str:
    """Where a link to it leads; empty if the text may not show it."""
    kind, key = named.groups()
    found = attached.get(key)
    if found is None or bool(found.width) != (kind == "picture"):
        return ""
    return large(key) if kind == "picture" else file(key)


def large(key: str) -> str:
    return f"/pictures/{key}/"


def small(key: str) -> str:
    return f"/pictures/{key}/small/"


def file(key: str) -> str:
    return f"/pictures/{key}/file/"
