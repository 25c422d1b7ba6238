"""An index or a rule of uniqueness that is added, or taken away, while the site is in use.

    class Migration(migrations.Migration):
        atomic = False
        operations = [AddIndexOnline("comment", models.Index(...))]

PostgreSQL builds it beside the running site (`CONCURRENTLY`): nobody waits to write. What
an interrupted run has left is thrown away first. SQLite has one writer anyway, and builds
an index of a million rows in a second.
"""

from typing import Any

from django.db.migrations import AddConstraint, AddIndex, RemoveIndex


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


class RemoveIndexOnline(RemoveIndex):
    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            index = self._index(app_label, from_state)
            schema_editor.remove_index(model, index, **_beside(schema_editor))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            index = self._index(app_label, to_state)
            schema_editor.add_index(model, index, **_beside(schema_editor))

    def _index(self, app_label: str, state: Any) -> Any:
        model = state.models[app_label, self.model_name_lower]
        return model.get_index_by_name(self.name)


class AddUniqueOnline(AddConstraint):
    """A `UniqueConstraint` with a condition, which is an index in both databases.

    Rows that break the rule must be changed by a migration before this one.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            self._drop(schema_editor)
            statement: Any = self.constraint.create_sql(model, schema_editor)
            statement.template = statement.template.replace(
                "CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY"
            )
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            self._drop(schema_editor)

    def _drop(self, schema_editor: Any) -> None:
        name = schema_editor.quote_name(self.constraint.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def _beside(schema_editor: Any) -> dict[str, bool]:
    if schema_editor.connection.vendor == "postgresql":
        return {"concurrently": True}
    return {}
