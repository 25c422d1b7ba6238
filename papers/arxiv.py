"""What arXiv's daily feeds say: bytes in, one `Feed` out. Knows no Django and no
network.

Three layouts are read: RSS 2.0 and Atom of rss.arxiv.org (since January 2024; described
in arXiv's rss_specifications.md and atom_specifications.md), and the RSS 1.0 (RDF) that
arXiv served before.

The XML is read with expat and not with a feed library: a feed library takes a feed that
breaks off for a whole one and expands entities. Here a document type is refused
outright, and of a feed that breaks off every paper that stood whole before the fault is
kept and the fault is named, so that the day's headlines are there and the harvest knows
that it has to come back.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from itertools import islice
from xml.parsers import expat
from zoneinfo import ZoneInfo

from papers import mending

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 32  # arXiv's own feeds are five deep
MAX_TITLE, MAX_ABSTRACT, MAX_AUTHOR, MAX_AUTHORS, MAX_CATEGORIES, MAX_VERSION = (
    500,
    10_000,
    200,
    5_000,
    40,
    9_999,
)
MAX_ENTRIES = 5_000  # arXiv stops at 2,000
# characters of one element; an author list of 5,000 names is 100,000
MAX_FIELD = 500_000
FIRST_YEAR = 1991  # arXiv's first
EASTERN = ZoneInfo("America/New_York")  # arXiv's own clock

# at most 28 characters
ARXIV_ID = r"(?:\d{4}\.\d{4,5}|[a-z]{1,8}(?:-[a-z]{1,8})?(?:\.[A-Z]{2})?/\d{7})"
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.(?:[A-Z]{2}|[a-z]+(?:-[a-z]+)*))?")
_OAI_ID = re.compile(
    rf"(?:oai:arXiv\.org:|arXiv:|arxiv\.org/abs/)({ARXIV_ID})(?:v(\d{{1,6}}))?",
    re.ASCII,
)
_HEADER = re.compile(
    rf"\s*arXiv:({ARXIV_ID})v(\d{{1,6}})\s+Announce Type:\s*([a-z-]+)\s*(?:Abstract:\s*)?",
    re.ASCII,
)
_OLD_TITLE = re.compile(
    rf"\.?\s*\(arXiv:({ARXIV_ID})v(\d{{1,6}})\s*\[([\w.-]{{1,40}})\]\s*(UPDATED|CROSS LISTED)?\s*\)\s*\Z",
    re.ASCII,
)


class FeedRefused(Exception):
    """A feed that could not be read at all.

    The text names the feed and says why, for the log and the owner's page.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


class AnnounceType(StrEnum):
    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


_KINDS = {kind.value: kind for kind in AnnounceType}


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as one feed announces it."""

    arxiv_id: str  # without the version
    version: int
    title: str
    abstract: str  # as arXiv gives it, with TeX
    authors: tuple[str, ...]
    categories: tuple[str, ...]  # the primary one first
    announce_type: AnnounceType
    licence: str  # an address, or ""

    @property
    def primary_category(self) -> str:
        return self.categories[0]


@dataclass(frozen=True, slots=True)
class Batch:
    """One category's announcement of one day, with what each paper is to that category."""

    category: str
    announced_on: date
    entries: tuple[tuple[Entry, AnnounceType], ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """One document of arXiv: the announcement of one day in one category or several."""

    layout: str  # rss, atom or rdf
    categories: tuple[str, ...]
    announced_on: date  # in arXiv's own zone
    entries: tuple[Entry, ...]  # each paper once, at its highest version
    fault: str = ""  # why it is partial, in words; "" when every item was read
    note: str = ""  # what was wrong with it and could be mended

    def batches(self) -> tuple[Batch, ...]:
        """One batch for each category of the feed, in the feed's order, empty ones too."""
        return tuple(
            Batch(
                category,
                self.announced_on,
                tuple(
                    (e, kind)
                    for e in self.entries
                    if (kind := self._kind_in(category, e)) is not None
                ),
            )
            for category in self.categories
        )

    def _kind_in(self, category: str, entry: Entry) -> AnnounceType | None:
        """What the entry is to one category; None when that category did not announce
        it.

        A feed of several categories lists each paper once, as seen from the paper's
        primary category.
        """
        if len(self.categories) == 1:
            return entry.announce_type
        newly_crossed = entry.announce_type is AnnounceType.CROSS
        if _covers(category, entry.primary_category):
            return None if newly_crossed else _at_home(entry.announce_type)
        if not any(_covers(category, other) for other in entry.categories):
            return None
        return _abroad(entry.announce_type)


def parse(body: bytes, *, name: str = "feed", not_after: date | None = None) -> Feed:
    """The feed in `body`.

    `name` is what messages call the feed; `not_after` refuses a feed dated later than
    that day. Raises FeedRefused for everything that is not a feed of arXiv with a date
    and a category, and for nothing readable before the first fault. A feed with a fault
    after its first whole paper comes back with `fault` set.
    """
    reader = _Reader(name)
    fault, note = reader.read(body), ""
    if fault:
        reader, fault, note = _recovered(body, reader, fault)
    channel = reader.channel
    if channel.get("title", "").startswith("Feed error"):
        raise FeedRefused(
            name,
            f"arXiv answers with an error: {_line(channel.get('description', ''))[:300]}",
        )
    categories = _feed_categories(channel)
    if not categories:
        raise FeedRefused(
            name, fault or "it is not a feed of arXiv: its title names no category"
        )
    announced_on = _announced_on(reader)
    if announced_on is None:
        raise FeedRefused(name, fault or "it does not say which day it is from")
    if not_after is not None and announced_on > not_after:
        raise FeedRefused(
            name, f"it is dated {announced_on.isoformat()}, a day that has not come yet"
        )
    entries, without_id = _entries(
        reader.items[:MAX_ENTRIES], layout=reader.layout, feed_categories=categories
    )
    if without_id and not entries:
        raise FeedRefused(name, "none of its items has an arXiv number")
    if fault and not entries:
        raise FeedRefused(name, fault)
    faults = [fault] if fault else []
    if len(reader.items) > MAX_ENTRIES:
        faults.append(f"only its first {MAX_ENTRIES} items were read")
    if without_id:
        faults.append(f"items without an arXiv number, left out: {without_id}")
    return Feed(
        reader.layout, categories, announced_on, entries, "; ".join(faults), note
    )


def _recovered(
    body: bytes, reader: "_Reader", fault: str
) -> tuple["_Reader", str, str]:
    """Read a broken feed again, mended, and then item by item; returns the reader, what
    is still wrong, and a note.
    """
    text = mending.mended(body)
    whole = _Reader(reader.name)
    try:
        if not whole.read(text.encode()):
            return whole, "", f"{fault}; it could be mended"
    except FeedRefused:
        return reader, fault, ""
    left_out = 0
    read: list[dict[str, str]] = []
    for piece in islice(mending.items(text), MAX_ENTRIES + 1):
        item = _one_item(piece) if piece else None
        if item is None:
            left_out += 1
        else:
            read.append(item)
    if not read or len(read) < len(reader.items):
        return reader, fault, ""
    whole.items = read
    return whole, f"{fault}; items that could not be read: {left_out}", ""


def _one_item(document: str) -> dict[str, str] | None:
    reader = _Reader("")
    try:
        broken = reader.read(document.encode())
    except FeedRefused:
        return None
    return None if broken or len(reader.items) != 1 else reader.items[0]


# The document


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


class _Reader:
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
    said = f" (“{_line(title[1].decode('ascii', 'replace'))}”)" if title else ""
    return f"a web page came instead of a feed{said}"


# The channel


def _feed_categories(channel: dict[str, str]) -> tuple[str, ...]:
    """From “cs.CL, cs.LG updates on arXiv.org”, else from the feed's own address."""
    title, found, _ = channel.get("title", "")[:2000].partition(" updates on arXiv.org")
    named = _categories(title.split(",")) if found else ()
    if not named and "://rss.arxiv.org/" in channel.get("link", ""):
        named = _categories(channel["link"][:2000].rpartition("/")[2].split("+"))
    return named


def _categories(names: list[str]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(category for name in names if (category := category_named(name)))
    )


def category_named(text: str) -> str:
    """A category or archive as arXiv spells it (“cs.ai” is “cs.AI”), or "" for anything else."""
    archive, dot, subject = text.strip()[:60].partition(".")
    spelt = (
        archive.lower()
        + dot
        + (subject.upper() if len(subject) == 2 else subject.lower())
    )
    return spelt if _CATEGORY.fullmatch(spelt) and len(spelt) <= 40 else ""


def _announced_on(reader: _Reader) -> date | None:
    channel = reader.channel
    if reader.layout == "rdf":
        # The old feeds were written in the evening before the day whose announcement
        # they are.
        moment = _moment(channel.get("date", ""))
        return (moment + timedelta(hours=4)).date() if moment else None
    published = Counter(
        day for item in reader.items if (day := _moment(item.get("published", "")))
    )
    candidates = [channel.get("pubDate", ""), channel.get("lastBuildDate", "")]
    for moment in [
        *map(_moment, candidates),
        *(m for m, _ in published.most_common(1)),
        _moment(channel.get("updated", "")),
    ]:
        if moment:
            return moment.date()
    return None


def _moment(text: str) -> datetime | None:
    """A date of RFC 822 or ISO 8601 on arXiv's clock; None when it is neither, or lies
    before arXiv.
    """
    text = text.strip()[:60]
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            moment = (
                moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            ).astimezone(EASTERN)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if FIRST_YEAR <= moment.year < 9999 else None
    return None


# The entries


def _entries(
    items: Iterable[dict[str, str]], *, layout: str, feed_categories: tuple[str, ...]
) -> tuple[tuple[Entry, ...], int]:
    """Each paper once, at its highest version, in the feed's order; and how many items
    had no arXiv number.
    """
    kept: dict[str, Entry] = {}
    without_id = 0
    for item in items:
        entry = (
            _old_entry(item, feed_categories[0])
            if layout == "rdf"
            else _entry(item, feed_categories[0])
        )
        if entry is None:
            without_id += 1
        elif entry.arxiv_id not in kept or kept[entry.arxiv_id].version < entry.version:
            kept[entry.arxiv_id] = entry
    return tuple(kept.values()), without_id


def _entry(item: dict[str, str], feed_category: str) -> Entry | None:
    description = item.get("description", "")
    header = _HEADER.match(description)
    found = (
        _OAI_ID.search(item.get("guid", ""))
        or header
        or _OAI_ID.search(item.get("link", ""))
    )
    if not found:
        return None
    arxiv_id, version = found[1], _version(found[2] or (header[2] if header else ""))
    said = item.get("announce_type", "").strip() or (header[3] if header else "")
    kind = _KINDS.get(said, AnnounceType.NEW if version == 1 else AnnounceType.REPLACE)
    return _made(
        item, feed_category, arxiv_id, version, kind,
        title=item.get("title", ""),
        abstract=description[header.end() :] if header else description,
        authors=item.get("creator", ""),
        categories=item.get("category", "").split("\n"),
    )  # fmt: skip


def _old_entry(item: dict[str, str], feed_category: str) -> Entry | None:
    """An item of the old layout: the number, category and mark stand behind the title,
    the rest is HTML.
    """
    title = _without_tags(item.get("title", "").strip())
    found = _OLD_TITLE.search(title[-200:])
    if not found:
        return None
    primary, mark = category_named(found[3]) or feed_category, found[4]
    at_home = _covers(feed_category, primary)
    if mark == "UPDATED":
        kind = AnnounceType.REPLACE if at_home else AnnounceType.REPLACE_CROSS
    else:
        kind = AnnounceType.CROSS if mark or not at_home else AnnounceType.NEW
    return _made(
        item, feed_category, found[1], _version(found[2]), kind,
        title=title[: len(title) - (found.end() - found.start())],
        abstract=_without_tags(item.get("description", "")),
        authors=_without_tags(item.get("creator", "")),
        categories=[primary, feed_category],
    )  # fmt: skip


def _made(
    item: dict[str, str], feed_category: str, arxiv_id: str, version: int, kind: AnnounceType,
    *, title: str, abstract: str, authors: str, categories: Iterable[str],
) -> Entry:  # fmt: skip
    licence = item.get("rights", "").strip()
    known = dict.fromkeys(
        category for text in categories if (category := category_named(text))
    )
    return Entry(
        arxiv_id=arxiv_id,
        version=version,
        title=_clip(plain_tex(_line(title[: 2 * MAX_TITLE])), MAX_TITLE) or arxiv_id,
        abstract=_clip(_line(abstract[: 2 * MAX_ABSTRACT]), MAX_ABSTRACT),
        authors=split_authors(authors),
        categories=tuple(known)[:MAX_CATEGORIES] or (feed_category,),
        announce_type=kind,
        licence=licence
        if re.fullmatch(r"https?://[\w./-]{3,190}", licence, re.ASCII)
        else "",
    )


def _version(text: str) -> int:
    return min(max(int(text or 1), 1), MAX_VERSION)


def _covers(feed_category: str, category: str) -> bool:
    """Whether a category belongs to a feed: the feed of an archive (“cs”) holds all its classes."""
    return category == feed_category or category.startswith(f"{feed_category}.")


def _at_home(kind: AnnounceType) -> AnnounceType:
    return AnnounceType.REPLACE if kind is AnnounceType.REPLACE_CROSS else kind


def _abroad(kind: AnnounceType) -> AnnounceType:
    return (
        AnnounceType.CROSS
        if kind in (AnnounceType.NEW, AnnounceType.CROSS)
        else AnnounceType.REPLACE_CROSS
    )


# Text


# Controls, and the marks that turn the direction of what follows on the page.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# A formula ends before the next one begins: a thousand openings without an end are read
# once, not a thousand times.
_MATHS = re.compile(
    r"(\\\$|\$\$.*?\$\$|\$[^$]*\$|\\\((?:(?!\\\().)*?\\\)|\\\[(?:(?!\\\[).)*?\\\])",
    re.DOTALL,
)
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
_ACCENT = re.compile(
    r"""\\(?:([`'^"~=.])\s{0,3}|([uvHckrdb])(?=[\s{\\])\s{0,3})(?:\{\s{0,3}\\?([A-Za-z])\s{0,3}\}|\\?([A-Za-z]))"""
)
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
}  # fmt: skip
_LETTER = re.compile(
    r"\\(ss|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|dj|DJ|[oOlLij])(?![A-Za-z])(?:\{\}|\s)?"
)
_STYLED = re.compile(r"\\(?:emph|text(?:it|bf|tt|sc|rm|sf))\{([^{}]{0,500})\}")
# not the R of \mathbb{R}
_LONE_BRACES = re.compile(r"(\\[A-Za-z]+\*?\{)|\{([^\W\d_])\}")
_ESCAPED = re.compile(r"\\([&%#_])")


def plain_tex(text: str) -> str:
    r"""Text of arXiv's metadata with the TeX of running text resolved (`Erd\H{o}s`,
    `\emph{all}`); maths stays.
    """
    if "\\" not in text and "``" not in text:
        return text
    parts = _MATHS.split(text)
    parts[::2] = map(_plain, parts[::2])
    return "".join(parts)


def _plain(text: str) -> str:
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    text = _LONE_BRACES.sub(lambda found: found[1] or found[2], text)
    text = _STYLED.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text).replace("``", "“").replace("''", "”")


def _accented(match: re.Match[str]) -> str:
    return unicodedata.normalize(
        "NFC", (match[3] or match[4]) + _ACCENTS[match[1] or match[2]]
    )


_MARK_AT_NAME = re.compile(
    r"\$\s*\{?\s*\^[^$]{0,80}\$|\\textsuperscript\{[^{}]{0,80}\}|(?<=\w)\^(?:\{[^{}]{0,80}\}|\d(?:,?\d){0,9})"
    r"|[*†‡§¶]+(?=\s*(?:,|$| and ))"
)
_TITLE_OF_PERSON = re.compile(
    r"(?:(?:Ph\.?\s?D|M\.?\s?D|M\.?\s?S\.?c?|B\.?\s?S\.?c?|M\.?P\.?H|D\.?V\.?M|D\.?Phil|M\.?B\.?A|R\.?N|FACR|FRCR|FACS|MBBS)\.?\s*)+"
)
_SUFFIXES = ("Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV")


def split_authors(text: str) -> tuple[str, ...]:
    """The names of one author line: split at commas and the last “and”.

    Left out: affiliations in brackets and their raised numbers, and degrees. “Jr.”
    stays with its name.
    """
    text = _without_brackets(_MARK_AT_NAME.sub(" ", _plain(_line(text))))
    names: list[str] = []
    for part in re.split(
        r"[,;]|(?<=Collaboration):|(?<=Consortium):|\s(?:and|&)\s", text
    ):
        name = " ".join(part.split()).removeprefix("and ").strip(" {}")
        if name in _SUFFIXES and names:
            names[-1] = f"{names[-1]}, {name}"
        elif name and not _TITLE_OF_PERSON.fullmatch(name):
            names.append(name)
    return tuple(_clip(name, MAX_AUTHOR) for name in names[:MAX_AUTHORS])


def _without_brackets(text: str) -> str:
    """Without what stands in round brackets; a bracket that is never closed takes
    nothing with it.
    """
    kept: list[str] = []
    opened: list[int] = []
    for character in text:
        if character == "(":
            opened.append(len(kept))
        elif character == ")":
            if opened:
                del kept[opened.pop() :]
            continue
        kept.append(character)
    return "".join(kept).replace("(", "")


def _without_tags(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text


def _line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def _clip(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
