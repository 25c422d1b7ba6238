"""The newest releases, read by compiled statements.

Each is light, and its outline is kept by the process.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from curriculum.models import Curriculum, Release
from lists.statement import Statement

# In the order of the fields, as `from_db` needs them.
RELEASE = ("id", "curriculum_id", "number", "pipeline_version", "published_at")
CURRICULUM = ("id", "key", "slug", "title")


class NewestRow(NamedTuple):
    id: int
    curriculum_id: int
    number: int
    pipeline_version: int
    published_at: datetime
    curriculum__id: int
    curriculum__key: UUID
    curriculum__slug: str
    curriculum__title: str


def _columns(releases: QuerySet[Release]) -> QuerySet[Release, Any]:
    return releases.values_list(*NewestRow._fields)


_all = Statement(NewestRow, lambda: _columns(Release.objects.newest()))
_one = Statement(
    NewestRow,
    lambda slug: _columns(Release.objects.newest().filter(curriculum__slug=slug)),
    slug=str,
)


def newest_releases() -> list[Release]:
    """Of each curriculum that is not retired, with the curriculum.

    One query.
    """
    return [_release(row) for row in _all()]


def newest_release(slug: str) -> Release | None:
    """That of the curriculum with the slug, unless it is retired.

    One query.
    """
    row = _one.first(slug=slug)
    return _release(row) if row else None


def _release(row: Sequence[Any]) -> Release:
    first = len(RELEASE)
    release = Release.from_db(connection.alias, RELEASE, row[:first])
    release.curriculum = Curriculum.from_db(connection.alias, CURRICULUM, row[first:])
    return release
