"""A whole feed: the announcement of one day in one category or several."""

from dataclasses import dataclass
from datetime import date
from itertools import islice

from papers import repair
from papers.arxiv.categories import covers, feed_categories
from papers.arxiv.dates import announced_on
from papers.arxiv.document import MAX_ENTRIES, Document, FeedRefused
from papers.arxiv.entries import AnnounceType, Entry, read_entries
from papers.arxiv.texts import on_one_line


@dataclass(frozen=True, slots=True)
class CategoryAnnouncement:
    """One category's announcement of one day, with what each paper is to that category."""

    category: str
    announced_on: date
    entries: tuple[tuple[Entry, AnnounceType], ...]


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One document of arXiv: the announcement of one day in one category or several."""

    layout: str  # rss, atom or rdf
    categories: tuple[str, ...]
    announced_on: date  # in arXiv's own zone
    entries: tuple[Entry, ...]  # each paper once, at its highest version
    fault: str = ""  # why it is partial, in words; "" when every item was read
    note: str = ""  # what was wrong with it and could be repaired

    def batches(self) -> tuple[CategoryAnnouncement, ...]:
        """One batch for each category of the feed, in the feed's order, empty ones too."""
        return tuple(
            CategoryAnnouncement(
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
        if covers(category, entry.primary_category):
            return None if newly_crossed else _at_home(entry.announce_type)
        if not any(covers(category, other) for other in entry.categories):
            return None
        return _abroad(entry.announce_type)


def _at_home(kind: AnnounceType) -> AnnounceType:
    return AnnounceType.REPLACE if kind is AnnounceType.REPLACE_CROSS else kind


def _abroad(kind: AnnounceType) -> AnnounceType:
    return (
        AnnounceType.CROSS
        if kind in (AnnounceType.NEW, AnnounceType.CROSS)
        else AnnounceType.REPLACE_CROSS
    )


def parse(
    body: bytes, *, name: str = "feed", not_after: date | None = None
) -> FeedDocument:
    """The feed in `body`.

    `name` is what messages call the feed; `not_after` refuses a feed dated later than
    that day. Raises FeedRefused for everything that is not a feed of arXiv with a date
    and a category, and for nothing readable before the first fault. A feed with a fault
    after its first whole paper comes back with `fault` set.
    """
    reader = Document(name)
    fault, note = reader.read(body), ""
    if fault:
        reader, fault, note = _recovered(body, reader, fault)
    channel = reader.channel
    if channel.get("title", "").startswith("Feed error"):
        raise FeedRefused(
            name,
            f"arXiv answers with an error: {on_one_line(channel.get('description', ''))[:300]}",
        )
    categories = feed_categories(channel)
    if not categories:
        raise FeedRefused(
            name, fault or "it is not a feed of arXiv: its title names no category"
        )
    day = announced_on(reader)
    if day is None:
        raise FeedRefused(name, fault or "it does not say which day it is from")
    if not_after is not None and day > not_after:
        raise FeedRefused(
            name, f"it is dated {day.isoformat()}, a day that has not come yet"
        )
    entries, without_id = read_entries(
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
    return FeedDocument(
        reader.layout, categories, day, entries, "; ".join(faults), note
    )


def _recovered(
    body: bytes, reader: "Document", fault: str
) -> tuple["Document", str, str]:
    """Read a broken feed again, repaired, and then item by item; returns the reader, what
    is still wrong, and a note.
    """
    text = repair.repaired(body)
    whole = Document(reader.name)
    try:
        if not whole.read(text.encode()):
            return whole, "", f"{fault}; it could be repaired"
    except FeedRefused:
        return reader, fault, ""
    left_out = 0
    read: list[dict[str, str]] = []
    for piece in islice(repair.items(text), MAX_ENTRIES + 1):
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
    reader = Document("")
    try:
        broken = reader.read(document.encode())
    except FeedRefused:
        return None
    return None if broken or len(reader.items) != 1 else reader.items[0]
