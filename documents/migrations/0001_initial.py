from typing import Any

from django.db import migrations, models

# The terms are made in Python: each is kept as it is.
ON_POSTGRESQL = (
    """
    ALTER TABLE documents_searchdocument ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
    """,
    "CREATE INDEX document_terms ON documents_searchdocument USING gin (vector)",
)
ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE documents_index USING fts5(
        words, content='documents_searchdocument', content_rowid='id', detail=none,
        columnsize=0, prefix='2 3', tokenize="ascii tokenchars '+#'"
    )
    """,
    """
    CREATE TRIGGER document_stored AFTER INSERT ON documents_searchdocument BEGIN
        INSERT INTO documents_index(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER document_gone AFTER DELETE ON documents_searchdocument BEGIN
        INSERT INTO documents_index(documents_index, rowid, words)
        VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER document_changed AFTER UPDATE OF id, words ON documents_searchdocument
    WHEN old.words <> new.words OR old.id <> new.id BEGIN
        INSERT INTO documents_index(documents_index, rowid, words)
        VALUES ('delete', old.id, old.words);
        INSERT INTO documents_index(rowid, words) VALUES (new.id, new.words);
    END
    """,
)
BACK_ON_SQLITE = (
    "DROP TRIGGER document_changed",
    "DROP TRIGGER document_gone",
    "DROP TRIGGER document_stored",
    "DROP TABLE documents_index",
)


def make_index(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    for statement in {"postgresql": ON_POSTGRESQL, "sqlite": ON_SQLITE}[vendor]:
        schema_editor.execute(statement)


def drop_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in BACK_ON_SQLITE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name='Rebuild',
            fields=[
                ('kind', models.PositiveSmallIntegerField(choices=[(1, 'post'), (2, 'comment'), (3, 'resource'), (4, 'paper'), (5, 'member')], primary_key=True, serialize=False)),
                ('version', models.PositiveSmallIntegerField()),
                ('below', models.BigIntegerField(help_text='those from this key on are done; 0 when all are', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.PositiveSmallIntegerField(choices=[(1, 'post'), (2, 'comment'), (3, 'resource'), (4, 'paper'), (5, 'member')])),
                ('object_id', models.BigIntegerField()),
                ('words', models.TextField(help_text='marks, terms of the title, a point, terms of the text')),
                ('version', models.PositiveSmallIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['kind', '-object_id'], name='document_newest')],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
