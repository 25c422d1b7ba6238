"""What arXiv's daily feeds say: bytes in, one `FeedDocument` out. Knows no Django and no
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

from papers.arxiv.authors import split_authors
from papers.arxiv.categories import category_named
from papers.arxiv.document import MAX_BYTES, FeedRefused
from papers.arxiv.entries import MAX_ABSTRACT, MAX_TITLE, AnnounceType, Entry
from papers.arxiv.feeds import CategoryAnnouncement, FeedDocument, parse
from papers.arxiv.identifiers import ARXIV_ID, MAX_VERSION
from papers.arxiv.tex import plain_tex

__all__ = [
    "ARXIV_ID",
    "MAX_ABSTRACT",
    "MAX_BYTES",
    "MAX_TITLE",
    "MAX_VERSION",
    "AnnounceType",
    "CategoryAnnouncement",
    "Entry",
    "FeedDocument",
    "FeedRefused",
    "category_named",
    "parse",
    "plain_tex",
    "split_authors",
]
