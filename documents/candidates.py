"""The newest documents that a query finds, among those that its reader may see.

Both databases stop at the newest: what most texts hold would otherwise cost as much as
the whole table.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from documents.models import SearchDocument, mark
from documents.query import Needed, Query

MOST = 1_000  # of each kind


class DocumentMatch(NamedTuple):
    kind: int
    object_id: int
    words: str


def candidates(
    query: Query,
    visible: "Mapping[SearchDocument.Kind, QuerySet[Any]]",
    *,
    most: int = MOST,
) -> list[DocumentMatch]:
    """The newest of each kind, newest first; `visible` are the objects of each kind
    that the reader may see, as a queryset of their keys. One query.
    """
    if not query:
        return []
    parts, params = [], []
    for kind, objects in visible.items():
        try:
            sql, values = _FINDERS[connection.vendor](query, kind, objects, most)
        except EmptyResultSet:  # the ORM sees that nothing can be there
            continue
        parts.append(sql)
        params += values
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return [DocumentMatch(*row) for row in cursor.fetchall()]


def _on_postgresql(
    query: Query, kind: SearchDocument.Kind, objects: "QuerySet[Any]", most: int
) -> tuple[str, list[Any]]:
    visible, values = objects.order_by().query.sql_with_params()
    sql = f"""(
        SELECT d.kind, d.object_id, d.words FROM documents_searchdocument d
        WHERE d.kind = %s AND d.vector @@ %s::tsquery {_with_phrases(query)}
        AND d.object_id IN ({visible})
        ORDER BY d.object_id DESC LIMIT %s
    )"""  # noqa: S608  (the ORM wrote it)
    return sql, [kind, tsquery(query), *_phrases(query), *values, most]


def _on_sqlite(
    query: Query, kind: SearchDocument.Kind, objects: "QuerySet[Any]", most: int
) -> tuple[str, list[Any]]:
    # CROSS JOIN keeps the index first, which gives the newest first and is left early.
    visible, values = objects.order_by().query.sql_with_params()
    sql = f"""SELECT * FROM (
        SELECT d.kind, d.object_id, d.words
        FROM documents_index i CROSS JOIN documents_searchdocument d ON d.id = i.rowid
        WHERE i.documents_index MATCH %s {_with_phrases(query)}
        AND d.object_id IN ({visible})
        ORDER BY i.rowid DESC LIMIT %s
    )"""  # noqa: S608  (the ORM wrote it)
    match = fts5(query, kind)
    return sql, [match, *_phrases(query), *values, most]


_FINDERS = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}


def _with_phrases(query: Query) -> str:
    """The index knows no order of words; it has let only few rows through."""
    return "AND (' ' || d.words || ' ') LIKE %s " * len(query.phrases)


def _phrases(query: Query) -> list[str]:
    # no term holds a sign of LIKE
    return [f"% {' '.join(phrase)} %" for phrase in query.phrases]


def tsquery(query: Query) -> str:
    """The query in the language of PostgreSQL."""
    parts = [_tsquery_of(needed) for needed in query.needed]
    parts += [f"'{term}'" for term in chain.from_iterable(query.phrases)]
    parts += [f"'{mark(name)}'" for name in query.marks]
    parts += [f"!'{term}'" for term in query.excluded]
    return " & ".join(parts)


def _tsquery_of(needed: Needed) -> str:
    forms = [" & ".join(f"'{term}'" for term in form) for form in needed.forms]
    forms += [f"'{beginning}':*" for beginning in needed.beginnings]
    return " | ".join(f"({form})" for form in forms).join("()")


def fts5(query: Query, kind: SearchDocument.Kind) -> str:
    """The query in the language of SQLite's FTS5."""
    parts = [_fts5_of(needed) for needed in query.needed]
    parts += [f'"{term}"' for term in chain.from_iterable(query.phrases)]
    names = (SearchDocument.Kind(kind).name.lower(), *query.marks)
    parts += [f'"{mark(name)}"' for name in names]
    excluded = "".join(f' NOT "{term}"' for term in query.excluded)
    return f"({' AND '.join(parts)}){excluded}"


def _fts5_of(needed: Needed) -> str:
    forms = [" AND ".join(f'"{term}"' for term in form) for form in needed.forms]
    forms += [f'"{beginning}" *' for beginning in needed.beginnings]
    return " OR ".join(f"({form})" for form in forms).join("()")
