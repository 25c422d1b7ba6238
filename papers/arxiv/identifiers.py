"""The numbers of papers: “2506.08147”, “cs/0601001”, and the places where they stand."""

import re

MAX_VERSION = 9_999
# at most 28 characters
ARXIV_ID = r"(?:\d{4}\.\d{4,5}|[a-z]{1,8}(?:-[a-z]{1,8})?(?:\.[A-Z]{2})?/\d{7})"
OAI_ID = re.compile(
    rf"(?:oai:arXiv\.org:|arXiv:|arxiv\.org/abs/)({ARXIV_ID})(?:v(\d{{1,6}}))?",
    re.ASCII,
)
HEADER = re.compile(
    rf"\s*arXiv:({ARXIV_ID})v(\d{{1,6}})\s+Announce Type:\s*([a-z-]+)\s*(?:Abstract:\s*)?",
    re.ASCII,
)
OLD_TITLE = re.compile(
    rf"\.?\s*\(arXiv:({ARXIV_ID})v(\d{{1,6}})\s*"
    r"\[([\w.-]{1,40})\]\s*(UPDATED|CROSS LISTED)?\s*\)\s*\Z",
    re.ASCII,
)


def version_of(text: str) -> int:
    return min(max(int(text or 1), 1), MAX_VERSION)
