"""Every text that search finds."""

import community.indexed
import curriculum.indexed
import members.indexed
import papers.indexed

SOURCES = (
    *members.indexed.SOURCES,
    *curriculum.indexed.SOURCES,
    *community.indexed.SOURCES,
    *papers.indexed.SOURCES,
)
