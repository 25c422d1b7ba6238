"""What the page of a resource shows, read by compiled statements."""

from collections import namedtuple
from typing import Any, NamedTuple

from django.db import connection

from curriculum.models import Resource, Section
from lists.statement import Statement
from members.sessions import below, columns

NOT_SHOWN = ("named_by", "shipped_digest", "search_text")
COLUMNS = columns(Resource, leave_out=NOT_SHOWN)
SUCCESSOR = ("id", "slug", "title")  # in the order of the model, as `from_db` needs
ROW: Any = namedtuple("ROW", [*COLUMNS, *below("successor", SUCCESSOR)])  # type: ignore[misc]


class ShownSection(NamedTuple):
    title: str
    url: str
    locator: str
    minutes: int | None


class Predecessor(NamedTuple):
    slug: str
    title: str


_resources: Statement[Any] = Statement(
    ROW,
    lambda slug: Resource.objects.filter(slug=slug).values_list(*ROW._fields),
    slug=str,
)

sections_of = Statement(
    ShownSection,
    lambda resource: (
        Section.objects.filter(resource=resource)
        .order_by("position", "pk")
        .values_list(*ShownSection._fields)
    ),
    resource=Resource,
)
"""The sections of a resource, in order."""

predecessors_of = Statement(
    Predecessor,
    lambda resource: (
        Resource.objects.filter(successor=resource)
        .order_by("title")
        .values_list(*Predecessor._fields)
    ),
    resource=Resource,
)
"""What a resource follows, by title."""


def shown_resource(slug: str) -> Resource | None:
    """The resource with the slug, and the one that follows it. One query."""
    row = _resources.first(slug=slug)
    if row is None:
        return None
    first = len(COLUMNS)
    resource = Resource.from_db(connection.alias, COLUMNS, row[:first])
    if resource.successor_id is not None:
        successor = Resource.from_db(connection.alias, SUCCESSOR, row[first:])
        resource.successor = successor
    return resource
