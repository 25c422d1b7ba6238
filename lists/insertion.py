"""An INSERT that is compiled once in each process and run for new rows.

    store = Insertion(Reaction, ignore_conflicts=True)

    store(Reaction(member=member, post=post))  # whether it was stored

The model remains the one description of the columns. The signals of `save()` are not
sent.
"""

from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import AutoField, Field, Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from lists.cursors import cursor_of_statements

Row = TypeVar("Row", bound=Model)


class Insertion(Generic[Row]):
    def __init__(self, model: type[Row], *, ignore_conflicts: bool = False) -> None:
        """`ignore_conflicts`: a row that a unique constraint forbids is not stored, and
        the transaction goes on. SQLite then leaves out what a check forbids as well.
        """
        self.model = model
        self.on_conflict = OnConflict.IGNORE if ignore_conflicts else None
        self._sql = ""

    def __call__(self, row: Row) -> bool:
        """Store a new row and give it its key. One query. False where `ignore_conflicts`
        let it out.
        """
        self._sql = self._sql or self._compiled(row)
        with cursor_of_statements() as cursor:
            cursor.execute(self._sql, self._values(row))
            stored = cursor.fetchone()
        if stored is None:
            return False
        row.pk = stored[0]
        row._state.adding, row._state.db = False, connection.alias
        return True

    @property
    def fields(self) -> "list[Field[Any, Any]]":
        """All columns but the key, which the database gives."""
        fields = self.model._meta.concrete_fields
        return [field for field in fields if not isinstance(field, AutoField)]

    def _values(self, row: Row) -> list[Any]:
        return [
            field.get_db_prep_save(field.pre_save(row, add=True), connection)
            for field in self.fields
        ]

    def _compiled(self, row: Row) -> str:
        query = InsertQuery(self.model, on_conflict=self.on_conflict)
        query.insert_values(self.fields, [row])
        compiler = query.get_compiler(connection.alias)
        compiler.returning_fields = [self.model._meta.pk]
        [(sql, _params)] = compiler.as_sql()
        return sql
