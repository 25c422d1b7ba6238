"""Whether a compiled statement is what its queryset is."""

from typing import Any

from django.db import connection

from lists.statement import Statement


def assert_same(statement: Statement[Any], **given: Any) -> list[Any]:
    """The SQL, its parameters and the rows of `statement` are those of the
    queryset built with the same arguments. Gives the rows.
    """
    queryset = statement.build(**given)
    sql, params = queryset.query.get_compiler(connection.alias).as_sql()
    assert statement.plan.sql == sql
    assert statement.parameters(**given) == list(params)
    rows = statement(**given)
    assert [tuple(row) for row in rows] == list(queryset)
    return rows
