"""The newest documents that a query finds, among those that its reader may
see.

Both databases stop at the newest: what most texts hold would otherwise
cost as much as the whole table.
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from documents import on_postgresql, on_sqlite
from documents.asked import Sql, Wanted
from documents.models import SearchDocument
from documents.query import Query
from lists.cursors import cursor_of_statements
from lists.statement import plain

MOST = 1_000  # of each kind

_STATEMENT = {
    "postgresql": on_postgresql.statement,
    "sqlite": on_sqlite.statement,
}


class DocumentMatch(NamedTuple):
    kind: int
    object_id: int
    words: str


def candidates(
    query: Query,
    visible: "Mapping[SearchDocument.Kind, QuerySet[Any] | Sql]",
    *,
    most: int | Mapping[SearchDocument.Kind, int] = MOST,
) -> list[DocumentMatch]:
    """The newest of each kind, newest first; `visible` are the objects of
    each kind that the reader may see, as a queryset of their keys or its
    SQL. One query.
    """
    if not query and not query.marks:
        return []
    wanted = []
    for kind, objects in visible.items():
        try:
            keys = _sql_of(objects)
        except EmptyResultSet:  # the ORM sees that nothing can be there
            continue
        limit = most if isinstance(most, int) else most[kind]
        wanted.append(Wanted(kind, keys, limit))
    if not wanted:
        return []
    sql = _STATEMENT[connection.vendor](query, wanted)
    with cursor_of_statements() as cursor:
        cursor.execute(sql.text, sql.values)
        rows = [DocumentMatch(*row) for row in cursor.fetchall()]
    order = {each.kind: place for place, each in enumerate(wanted)}
    rows.sort(key=itemgetter(1), reverse=True)
    rows.sort(key=lambda row: order[SearchDocument.Kind(row.kind)])
    return rows


def _sql_of(objects: "QuerySet[Any] | Sql") -> Sql:
    if isinstance(objects, Sql):
        return objects
    text, values = objects.order_by().query.sql_with_params()
    return Sql(text, list(map(plain, values)))
