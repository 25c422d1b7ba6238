"""Bytes as text whose indentation YAML can read."""

import re
from collections.abc import Iterator

from curriculum.yamltext.nodes import Fault, Unreadable
from curriculum.yamltext.words import ODD_INDENT, ODD_MAX, ODD_SPACE, TAB

BYTES_MAX = 2_000_000
TOO_LARGE = f"The file is larger than {BYTES_MAX // 1_000_000} MB."

# What YAML reads but a page, a line or a database cannot hold.
UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)


def with_plain_indent(text: str, line: int, faults: list[Fault]) -> str | None:
    """The text with two spaces for each sign in the line's indentation
    that is no space; None where there is none.
    """
    lines = text.split("\n")
    odd = None
    if line <= len(lines):
        odd = ODD_INDENT.match(lines[line - 1])
    if odd is None:
        return None
    if "\t" in odd.group():
        faults.append(Fault(line, TAB))
    else:
        faults.append(Fault(line, ODD_SPACE))
    indent = re.sub("[^ ]", "  ", odd.group())
    lines[line - 1] = indent + lines[line - 1][odd.end() :]
    return "\n".join(lines)


def decoded(source: str | bytes, faults: list[Fault]) -> str:
    """The text of a file, with plain line ends; characters that cannot be
    shown are noted and replaced.

    Raises Unreadable when it is too long or not UTF-8.
    """
    if isinstance(source, bytes):
        raw = source
    else:
        raw = source.encode("utf-8", "surrogatepass")
    if len(raw) > BYTES_MAX:
        raise Unreadable(1, TOO_LARGE)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            line, "The file is not UTF-8 text: save it as UTF-8 and try again."
        ) from None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    odd = {
        text.count("\n", 0, match.start()) + 1: match
        for match in _some(UNSHOWABLE.finditer(text), ODD_MAX)
    }
    for line, match in odd.items():
        faults.append(
            Fault(
                line,
                f"The file holds a character that cannot be shown (U+{ord(match.group()):04X}).",
            )
        )
    if odd:
        return UNSHOWABLE.sub("\ufffd", text)
    return text


def _some(matches: Iterator[re.Match[str]], most: int) -> Iterator[re.Match[str]]:
    return (match for match, _ in zip(matches, range(most), strict=False))
