"""An index that is added while the site is in use.

    class Migration(migrations.Migration):
        atomic = False
        operations = [AddIndexOnline("comment", models.Index(...))]

PostgreSQL builds it beside the running site (`CONCURRENTLY`): nobody waits to write. What
an interrupted run has left is thrown away first. SQLite has one writer anyway, and builds
an index of a million rows in a second.
"""

from typing import Any

from django.db.migrations import AddIndex


class AddIndexOnline(AddIndex):
    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_index(model, self.index, concurrently=True)
            schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_index(model, self.index, concurrently=True)
