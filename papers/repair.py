"""Repair a feed that is no longer XML, so that one bad character costs no paper. Text
in, text out.

A feed is repaired only after it could not be read as it is. What is no tag that a feed
uses becomes text, what XML forbids is left out, and bytes of another encoding are read
as Windows-1252.
"""

import codecs
import html
import re
from collections.abc import Iterator
from itertools import pairwise

_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([\w.:-]{1,40})", re.ASCII)
_ENCODINGS = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16"}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(
    r"&(?:(#\d{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?"
)
_NAMES = (
    "rss|channel|item|feed|entry|title|link|description|guid|category|pubDate|lastBuildDate|id|summary|subtitle|"
    "published|updated|author|name|email|uri|generator|docs|language|managingEditor|webMaster|skipDays|day|skipHours|"
    "hour|rights|image|url|ttl|copyright|items|(?:rdf|dc|arxiv|atom|syn|taxo|admin|content|cc|opensearch):\\w{1,40}"
)
_NO_TAG = re.compile(rf"<(?!/?(?:{_NAMES})[\s/>]|\?xml)")
_ROOT = re.compile(r"<(rss|feed|rdf:RDF)\b[^<>]{0,4000}>")
_ITEM = re.compile(r"<(item|entry)[\s>]")
_KEPT = ("&amp;", "&lt;", "&gt;", "&quot;", "&apos;")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("papers.as-windows", _as_windows)


def repaired(body: bytes) -> str:
    """Return the feed as text that XML allows, with every sign that is no tag of a feed as text."""
    text = _FORBIDDEN.sub(" ", _decoded(body))
    parts = []
    for part, is_data in _split_data(text):
        if is_data:
            parts.append(html.escape(part, quote=False))
        else:
            part = part.replace("]]>", "]]&gt;")
            parts.append(_NO_TAG.sub("&lt;", _REFERENCE.sub(_reference, part)))
    return "".join(parts)


def items(text: str) -> Iterator[str | None]:
    """Yield each item of a repaired feed as a document of its own; None for one that
    is not whole.
    """
    root = _ROOT.search(text)
    if root is None:
        return
    borders = [*(match.start() for match in _ITEM.finditer(text)), len(text)]
    for start, following in pairwise(borders):
        piece = text[start:following]
        end = f"</{piece[1:5] if piece.startswith('<item') else piece[1:6]}>"
        whole, found, _rest = piece.rpartition(end)
        yield f"{root[0]}{whole}{end}</{root[1]}>" if found else None


def _decoded(body: bytes) -> str:
    declaration = _DECLARATION.match(body)
    name = "utf-8"
    if declaration:
        body = body[declaration.end() :]
        stated = _ENCODING.search(declaration[0])
        name = _codec(stated[1].decode() if stated else name)
    return body.removeprefix(codecs.BOM_UTF8).decode(
        name, "papers.as-windows" if name == "utf-8" else "replace"
    )


def _codec(name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return "utf-8"
    return known if known in _ENCODINGS - {"ascii"} else "utf-8"


def _split_data(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of the text, and whether each stood in a CDATA section; comments
    are left out.

    A section or comment that never ends is none.
    """
    at = 0
    last_ends = {ending: text.rfind(ending) for ending in ("]]>", "-->")}
    for start in (match.start() for match in re.finditer(r"<!\[CDATA\[|<!--", text)):
        is_data = text.startswith("<![", start)
        ending = "]]>" if is_data else "-->"
        if start < at or start > last_ends[ending]:
            continue
        end = text.find(ending, start)
        yield text[at:start], False
        if is_data:
            yield text[start + 9 : end], True
        at = end + 3
    yield text[at:], False


def _reference(match: re.Match[str]) -> str:
    """A reference that XML allows as it is, another one as the sign that HTML means, a
    bare “&” as itself.
    """
    if not match[1]:
        return "&amp;"
    if match[0] in _KEPT:
        return match[0]
    sign = html.unescape(match[0])
    return (
        html.escape(_FORBIDDEN.sub(" ", sign), quote=False)
        if sign != match[0]
        else f"&amp;{match[1]};"
    )
