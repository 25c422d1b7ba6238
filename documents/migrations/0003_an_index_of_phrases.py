from typing import Any

from django.db import migrations

# Two terms that follow each other, as a number for each kind of document: what is found
# by it is compared with the words themselves.
PAIRS = r"""
    CREATE OR REPLACE FUNCTION documents_pairs(kind smallint, words text)
    RETURNS integer[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    DECLARE
        terms text[] := string_to_array(regexp_replace(words, '^(#\S+ )+', ''), ' ');
        pairs integer[] := '{}';
    BEGIN
        FOR nth IN 1 .. cardinality(terms) - 1 LOOP
            pairs[nth] := (hashtext(terms[nth] || ' ' || terms[nth + 1]) & 1048575)
                | (kind::integer << 20);
        END LOOP;
        RETURN pairs;
    END $$
"""
ON_POSTGRESQL = (
    PAIRS,
    # what a build that was interrupted has left is not valid
    "DROP INDEX CONCURRENTLY IF EXISTS document_pairs",
    """
    CREATE INDEX CONCURRENTLY document_pairs
    ON documents_searchdocument USING gin (documents_pairs(kind, words))
    """,
    # every ANALYZE would make the pairs of 30,000 documents
    "ALTER INDEX document_pairs ALTER COLUMN 1 SET STATISTICS 0",
)
ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE documents_phrases USING fts5(
        words, content='documents_searchdocument', content_rowid='id', detail=full,
        columnsize=0, tokenize="ascii tokenchars '+#'"
    )
    """,
    "INSERT INTO documents_phrases(documents_phrases) VALUES ('rebuild')",
    """
    CREATE TRIGGER document_phrases_stored AFTER INSERT ON documents_searchdocument BEGIN
        INSERT INTO documents_phrases(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER document_phrases_gone AFTER DELETE ON documents_searchdocument BEGIN
        INSERT INTO documents_phrases(documents_phrases, rowid, words)
        VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER document_phrases_changed
    AFTER UPDATE OF id, words ON documents_searchdocument
    WHEN old.words <> new.words OR old.id <> new.id BEGIN
        INSERT INTO documents_phrases(documents_phrases, rowid, words)
        VALUES ('delete', old.id, old.words);
        INSERT INTO documents_phrases(rowid, words) VALUES (new.id, new.words);
    END
    """,
)
BACK = {
    "postgresql": (
        "DROP INDEX CONCURRENTLY IF EXISTS document_pairs",
        "DROP FUNCTION documents_pairs",
    ),
    "sqlite": (
        "DROP TRIGGER document_phrases_changed",
        "DROP TRIGGER document_phrases_gone",
        "DROP TRIGGER document_phrases_stored",
        "DROP TABLE documents_phrases",
    ),
}


def make_index(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    for statement in {"postgresql": ON_POSTGRESQL, "sqlite": ON_SQLITE}[vendor]:
        schema_editor.execute(statement)


def drop_index(apps: Any, schema_editor: Any) -> None:
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL makes the index outside of a transaction

    dependencies = [
        ("documents", "0002_an_index_for_each_kind"),
    ]

    operations = [
        migrations.RunPython(make_index, drop_index),
    ]
