"""How SQLite finds the newest documents that hold the words of a query.

Its index gives the newest first, and is left as soon as there are enough.
"""

from collections.abc import Iterable
from itertools import chain

from documents.asked import Sql, Wanted
from documents.models import COMPARED_MAX, SearchDocument, mark
from documents.query import Needed, Query


def statement(query: Query, wanted: Iterable[Wanted]) -> Sql:
    """Gives kind, key and words of each document, the newest of a kind first."""
    parts = [_newest(query, each) for each in wanted]
    text = " UNION ALL ".join(part.text for part in parts)
    return Sql(text, list(chain(*(part.values for part in parts))))


def _newest(query: Query, wanted: Wanted) -> Sql:
    # only one of the indexes knows the order of words, and that one is larger
    index = "documents_phrases" if query.phrases else "documents_index"
    # it leaves out the point between a title and its text
    in_order = "AND instr(' ' || d.words || ' ', %s) > 0 " * len(query.phrases)
    # CROSS JOIN keeps the index first
    sql = f"""SELECT kind, object_id, substr(words, 1, {COMPARED_MAX}) FROM (
        SELECT d.kind, d.object_id, d.words
        FROM {index} i CROSS JOIN documents_searchdocument d ON d.id = i.rowid
        WHERE i.{index} MATCH %s {in_order}
            AND d.object_id IN ({wanted.keys.text})
        ORDER BY i.rowid DESC LIMIT %s
    ) found"""  # noqa: S608  (the ORM wrote it)
    phrases = [f" {' '.join(each)} " for each in query.phrases]
    matching = fts5(query, wanted.kind)
    return Sql(sql, [matching, *phrases, *wanted.keys.values, wanted.most])


def fts5(query: Query, kind: SearchDocument.Kind) -> str:
    """The query in the language of SQLite's FTS5."""
    parts = [_fts5_of(needed) for needed in query.needed]
    parts += [f'"{" ".join(phrase)}"' for phrase in query.phrases]
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
