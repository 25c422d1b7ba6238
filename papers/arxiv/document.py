"""The XML of a feed: the fields of its channel and of each item (decision 0002)."""

import re
from xml.parsers import expat

from papers.arxiv.texts import on_one_line

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 32  # arXiv's own feeds are five deep
MAX_ENTRIES = 5_000  # arXiv stops at 2,000
# characters of one element; an author list of 5,000 names is 100,000
MAX_FIELD = 500_000

_ATOM, _RSS1 = "http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC, _ARXIV = "http://purl.org/dc/elements/1.1/", "http://arxiv.org/schemas/atom"
_ROOTS = {"rss": "rss", f"{_ATOM} feed": "atom", f"{_RDF} RDF": "rdf"}
_CHANNELS = {"channel", f"{_ATOM} feed", f"{_RSS1} channel"}
_ITEMS = {"item", f"{_ATOM} entry", f"{_RSS1} item"}
_FIELDS = {
    **{
        tag: tag
        for tag in (
            "title",
            "link",
            "description",
            "guid",
            "category",
            "pubDate",
            "lastBuildDate",
        )
    },
    **{f"{_ATOM} {tag}": tag for tag in ("title", "category", "published", "updated")},
    f"{_ATOM} id": "guid",
    f"{_ATOM} summary": "description",
    f"{_ATOM} subtitle": "description",
    **{f"{_RSS1} {tag}": tag for tag in ("title", "link", "description")},
    f"{_DC} creator": "creator",
    f"{_DC} date": "date",
    f"{_DC} rights": "rights",
    f"{_ARXIV} announce_type": "announce_type",
}
_REPEATED = {"category": "\n", "creator": ", "}


class FeedRefused(Exception):
    """A feed that could not be read at all.

    The text names the feed and says why, for the log and the owner's page.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


class Document:
    """Collects the fields of the channel and of each whole item, and nothing else: no
    tree is built.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.layout = ""
        self.channel: dict[str, str] = {}
        self.items: list[dict[str, str]] = []
        self._item: dict[str, str] | None = None
        self._path: list[str] = []
        self._field, self._field_depth, self._size = "", 0, 0
        self._text: list[str] = []

    def read(self, body: bytes) -> str:
        """Read it all; returns why reading stopped early, or ""."""
        if len(body) > MAX_BYTES:
            raise FeedRefused(
                self.name, f"it is longer than {MAX_BYTES // 1024 // 1024} MB"
            )
        if not body.strip():
            raise FeedRefused(self.name, "it is empty")
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        if title := _web_page(body):
            raise FeedRefused(self.name, title)
        try:
            parser.Parse(body, True)
        except (
            ValueError,
            LookupError,
        ) as error:  # an encoding that expat or Python does not know
            raise FeedRefused(self.name, "it is not XML that can be decoded") from error
        except expat.ExpatError as error:
            if not self.layout:
                raise FeedRefused(self.name, "it is not XML") from error
            return (
                f"it is broken at line {error.lineno} ({expat.ErrorString(error.code)})"
            )
        return ""

    def _doctype(self, *_declared: object) -> None:
        raise FeedRefused(
            self.name,
            "it declares a document type, which a feed never needs and an attack does",
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._path:
            if tag not in _ROOTS:
                raise FeedRefused(
                    self.name,
                    f"it is XML, but not a feed: it begins with <{tag[-40:]}>",
                )
            self.layout = _ROOTS[tag]
        parent = self._path[-1] if self._path else ""
        self._path.append(tag)
        if len(self._path) > MAX_DEPTH:
            raise FeedRefused(
                self.name, f"its elements are nested more than {MAX_DEPTH} deep"
            )
        if self._field:
            return
        if tag in _ITEMS and self._item is None:
            self._item = {}
        elif tag in _FIELDS and parent in (
            _ITEMS if self._item is not None else _CHANNELS
        ):
            self._field, self._field_depth, self._size = (
                _FIELDS[tag],
                len(self._path),
                0,
            )
            self._text = [attributes.get("term", "")]

    def _characters(self, text: str) -> None:
        if self._field and self._size < MAX_FIELD:
            self._text.append(text[: MAX_FIELD - self._size])
            self._size += len(text)

    def _end(self, tag: str) -> None:
        depth = len(self._path)
        self._path.pop()
        if self._field and depth == self._field_depth:
            fields = self.channel if self._item is None else self._item
            text = "".join(self._text)
            if self._field in _REPEATED and self._field in fields:
                fields[self._field] += _REPEATED[self._field] + text
            else:
                fields.setdefault(self._field, text)
            self._field = ""
        elif tag in _ITEMS and self._item is not None and not self._field:
            # one more than are read, to know that there are more
            if len(self.items) <= MAX_ENTRIES:
                self.items.append(self._item)
            self._item = None


def _web_page(body: bytes) -> str:
    """What to say of a body that is HTML, such as a proxy's error page; "" for anything else."""
    start = body[:2000].lstrip()
    if not re.match(rb"<!doctype html|<html", start, re.IGNORECASE):
        return ""
    title = re.search(rb"<title>([^<]{1,200})</title>", start, re.IGNORECASE)
    said = f" (“{on_one_line(title[1].decode('ascii', 'replace'))}”)" if title else ""
    return f"a web page came instead of a feed{said}"
