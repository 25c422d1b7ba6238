"""Keeping the index: called in the transaction that changes the text."""

from collections.abc import Collection, Iterable

from django.db import connection

from documents.models import SearchDocument, key
from lists.cursors import cursor_of_statements

_STORE = """
    INSERT INTO documents_searchdocument (id, kind, object_id, words, version)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET words = excluded.words, version = excluded.version
"""


def store(document: SearchDocument) -> None:
    """Store a document, or what became of it. One query."""
    with cursor_of_statements() as cursor:
        cursor.execute(_STORE, _values(document))


def store_all(documents: Iterable[SearchDocument]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_STORE, [_values(document) for document in documents])


def forget(kind: SearchDocument.Kind, object_ids: Collection[int]) -> None:
    """Forget what no longer exists. What is hidden stays: a search begins at what its
    reader may see.
    """
    keys = [key(kind, object_id) for object_id in object_ids]
    SearchDocument.objects.filter(pk__in=keys).delete()


def _values(document: SearchDocument) -> list[int | str]:
    return [
        document.id,
        document.kind,
        document.object_id,
        document.words,
        document.version,
    ]
