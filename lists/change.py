"""An UPDATE or DELETE that is compiled once in each process and run with arguments.

    note_sent = Change(
        lambda pk, now: (Delivery.objects.filter(pk=pk), {"sent_at": now}),
        pk=int, now=datetime,
    )

    note_sent(pk=delivery.pk, now=now)  # how many rows were changed

The queryset remains the one description of the SQL, see `lists.statement`.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.sql import DeleteQuery, UpdateQuery

from lists.arguments import Kind
from lists.cursors import cursor_of_statements
from lists.statement import Plan, Statement

Rows: TypeAlias = QuerySet[Any, Any]


class Change:
    def __init__(
        self, build: Callable[..., tuple[Rows, Mapping[str, Any]]], **kinds: Kind
    ) -> None:
        """`build` gives the rows and their new values; `kinds` are
        its arguments.
        """

        def update(**given: Any) -> Rows:
            rows, values = build(**given)
            rows = rows.all()
            query = rows.query.chain(UpdateQuery)
            query.add_update_values(values)  # type: ignore[attr-defined]
            rows.query = query
            return rows

        self._statement = _Update(tuple, update, **kinds)

    def __call__(self, **given: Any) -> int:
        """How many rows were changed.

        One statement, committed as any other.
        """
        sql, params = self.compiled(**given)
        with cursor_of_statements() as cursor:
            cursor.execute(sql, params)
            count: int = cursor.rowcount
            return count

    def compiled(self, **given: Any) -> tuple[str, list[Any]]:
        statement = self._statement
        return statement.plan.sql, statement.parameters(**given)


class Removal(Change):
    """A DELETE of rows that no others depend on. The signals of `delete()` are not sent."""

    def __init__(self, build: Callable[..., Rows], **kinds: Kind) -> None:
        """`build` gives the rows; `kinds` are its arguments."""

        def delete(**given: Any) -> Rows:
            rows = build(**given)
            rows = rows.all()
            rows.query = rows.query.chain(DeleteQuery)
            return rows

        self._statement = _Update(tuple, delete, **kinds)


class _Update(Statement[tuple[Any, ...]]):
    """Compiled as a statement is, and gives no rows."""

    def _compiled(self) -> Plan:
        if connection.in_atomic_block:
            return super()._compiled()
        # Django compiles a subquery that locks rows only in a transaction. Such a change
        # is one statement, which needs none when it is run.
        with transaction.atomic():
            return super()._compiled()

    def _check_columns(self, queryset: Rows) -> None:
        pass

    def _converters(self, queryset: Rows) -> tuple[Any, ...]:
        return ()
