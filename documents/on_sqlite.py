"""How SQLite finds the newest documents that hold the words of a query.

Its index gives the newest first, and is left as soon as there are enough.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from documents.asked import Sql, Wanted
from documents.models import COMPARED_MAX, SearchDocument, mark
from documents.query import Needed, Query


def statement(query: Query, wanted: Iterable[Wanted], with_phrase: int) -> Sql:
    """Gives kind, key and words of each document, the newest of a kind first."""
    parts = [_newest(query, each, with_phrase) for each in wanted]
    text = " UNION ALL ".join(part.text for part in parts)
    return Sql(text, list(chain(*(part.values for part in parts))))


def _newest(query: Query, wanted: Wanted, with_phrase: int) -> Sql:
    # CROSS JOIN keeps the index first
    sql = """SELECT d.kind, d.object_id, d.words
        FROM documents_index i CROSS JOIN documents_searchdocument d ON d.id = i.rowid
        WHERE i.documents_index MATCH %s"""
    values: list[Any] = [fts5(query, wanted.kind)]
    order = "i.rowid"
    if query.phrases:
        sql, order = _in_order(query, sql), "d.object_id"
        values += [with_phrase, *(f" {' '.join(each)} " for each in query.phrases)]
    sql = f"""SELECT kind, object_id, substr(words, 1, {COMPARED_MAX}) FROM (
        {sql} AND d.object_id IN ({wanted.keys.text}) ORDER BY {order} DESC LIMIT %s
    ) found"""  # noqa: S608  (the ORM wrote it)
    return Sql(sql, [*values, *wanted.keys.values, wanted.most])


def _in_order(query: Query, holding: str) -> str:
    """Those of the newest that hold the phrases: the index knows no order of words."""
    # LIKE would take ten times as long for texts that nearly hold a phrase
    in_order = "instr(' ' || d.words || ' ', %s) > 0"
    phrases = " AND ".join([in_order] * len(query.phrases))
    return f"""SELECT * FROM ({holding} ORDER BY i.rowid DESC LIMIT %s) d
        WHERE {phrases}"""  # noqa: S608


def fts5(query: Query, kind: SearchDocument.Kind) -> str:
    """The query in the language of SQLite's FTS5."""
    parts = [_fts5_of(needed) for needed in query.needed]
    parts += [f'"{term}"' for term in chain.from_iterable(query.phrases)]
    marks = ((SearchDocument.Kind(kind).name.lower(),), *query.marks)
    parts += [_either(f'"{mark(name)}"' for name in names) for names in marks]
    excluded = "".join(f' NOT "{term}"' for term in query.excluded)
    return f"({' AND '.join(parts)}){excluded}"


def _either(terms: Iterable[str]) -> str:
    return " OR ".join(terms).join("()")


def _fts5_of(needed: Needed) -> str:
    forms = [" AND ".join(f'"{term}"' for term in form) for form in needed.telling]
    forms += [f'"{beginning}" *' for beginning in needed.beginnings]
    return " OR ".join(f"({form})" for form in forms).join("()")
