"""Items of a feed as entries: one paper each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from papers.arxiv.authors import split_authors
from papers.arxiv.categories import category_named, covers
from papers.arxiv.identifiers import HEADER, OAI_ID, OLD_TITLE, version_of
from papers.arxiv.tex import plain_tex
from papers.arxiv.texts import clipped, on_one_line, without_tags

MAX_TITLE, MAX_ABSTRACT, MAX_CATEGORIES = 500, 10_000, 40


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


def read_entries(
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
    header = HEADER.match(description)
    found = (
        OAI_ID.search(item.get("guid", ""))
        or header
        or OAI_ID.search(item.get("link", ""))
    )
    if not found:
        return None
    arxiv_id, version = found[1], version_of(found[2] or (header[2] if header else ""))
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
    title = without_tags(item.get("title", "").strip())
    found = OLD_TITLE.search(title[-200:])
    if not found:
        return None
    primary, mark = category_named(found[3]) or feed_category, found[4]
    at_home = covers(feed_category, primary)
    if mark == "UPDATED":
        kind = AnnounceType.REPLACE if at_home else AnnounceType.REPLACE_CROSS
    else:
        kind = AnnounceType.CROSS if mark or not at_home else AnnounceType.NEW
    return _made(
        item, feed_category, found[1], version_of(found[2]), kind,
        title=title[: len(title) - (found.end() - found.start())],
        abstract=without_tags(item.get("description", "")),
        authors=without_tags(item.get("creator", "")),
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
        title=clipped(plain_tex(on_one_line(title[: 2 * MAX_TITLE])), MAX_TITLE)
        or arxiv_id,
        abstract=clipped(on_one_line(abstract[: 2 * MAX_ABSTRACT]), MAX_ABSTRACT),
        authors=split_authors(authors),
        categories=tuple(known)[:MAX_CATEGORIES] or (feed_category,),
        announce_type=kind,
        licence=licence
        if re.fullmatch(r"https?://[\w./-]{3,190}", licence, re.ASCII)
        else "",
    )
