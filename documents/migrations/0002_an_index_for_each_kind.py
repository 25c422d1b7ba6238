from typing import Any

from django.db import migrations

# A word that most posts hold is in no name of a member: each kind is looked up by itself.
KINDS = {"post": 1, "comment": 2, "resource": 3, "paper": 4, "member": 5}


def an_index_for_each(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, kind in KINDS.items():
        # what a build that was interrupted has left is not valid
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS document_terms_{name}")
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY document_terms_{name}"
            f" ON documents_searchdocument USING gin (vector) WHERE kind = {kind}"
        )
    schema_editor.execute("DROP INDEX CONCURRENTLY IF EXISTS document_terms")


def one_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("DROP INDEX CONCURRENTLY IF EXISTS document_terms")
    schema_editor.execute(
        "CREATE INDEX CONCURRENTLY document_terms"
        " ON documents_searchdocument USING gin (vector)"
    )
    for name in KINDS:
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS document_terms_{name}")


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL makes these indexes outside of a transaction

    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(an_index_for_each, one_index),
    ]
