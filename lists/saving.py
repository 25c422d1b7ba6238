"""An UPDATE of one row by its key that is compiled once in each process.

    save_outcome = Saving(Record, ["done_at", "skipped_at"])

    save_outcome(record)  # as record.save(update_fields=["done_at", "skipped_at"])

The signals of `save()` are not sent.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import DatabaseError, connection
from django.db.models import Model
from django.db.models.expressions import RawSQL
from django.db.models.sql import UpdateQuery

from lists.cursors import cursor_of_statements

Row = TypeVar("Row", bound=Model)
# The value of a column: a parameter, also where it is NULL.
ANY = RawSQL("%s", [None])


class Saving(Generic[Row]):
    def __init__(self, model: type[Row], update_fields: Sequence[str]) -> None:
        self.model = model
        columns = {field.name: field for field in model._meta.concrete_fields}
        self.fields = [columns[name] for name in update_fields]
        self._sql = ""

    def __call__(self, row: Row) -> None:
        """Save the fields. One query. Raises DatabaseError where the row is gone."""
        self._sql = self._sql or self._compiled()
        with cursor_of_statements() as cursor:
            cursor.execute(self._sql, [*self._values(row), row.pk])
            if cursor.rowcount != 1:
                raise DatabaseError(f"{row!r} is no longer there.")

    def _values(self, row: Row) -> list[Any]:
        return [
            field.get_db_prep_save(field.pre_save(row, add=False), connection)
            for field in self.fields
        ]

    def _compiled(self) -> str:
        query = self.model._base_manager.filter(pk=0).query.chain(UpdateQuery)
        query.add_update_values({field.name: ANY for field in self.fields})  # type: ignore[attr-defined]
        sql: str = query.get_compiler(connection.alias).as_sql()[0]
        return sql
