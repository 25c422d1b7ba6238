"""Categories and archives of arXiv: “cs.LG”, “hep-th”, “cs”."""

import re

_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.(?:[A-Z]{2}|[a-z]+(?:-[a-z]+)*))?")


def feed_categories(channel: dict[str, str]) -> tuple[str, ...]:
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


def covers(feed_category: str, category: str) -> bool:
    """Whether a category belongs to a feed: the feed of an archive (“cs”) holds all its classes."""
    return category == feed_category or category.startswith(f"{feed_category}.")
