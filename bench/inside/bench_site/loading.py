"""Many rows into one table at once: COPY on PostgreSQL,
executemany on SQLite.

Rows are tuples of text or None, as both databases read it: `2026-11-20
12:00:00` is a moment in UTC. Columns that the table does not have are left
out, and those that the rows do not name get the default of their field.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import NOT_PROVIDED

Row = tuple[str | None, ...]

PIECE = 2_000
MANY = 50_000  # rows from which indexes are made after the rows

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def load(label: str, columns: Sequence[str], rows: Iterable[Row], many: int) -> None:
    """Put rows into the table of the model `label`; `many` says
    about how many.
    """
    if table_of(label) is None:
        print(f"There is no {label} in this checkout.", flush=True)
        return
    model = apps.get_model(label)
    names, shaped = fit(model, columns, rows)
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        with without_indexes(table) if many >= MANY else nothing():
            copy(model, table, names, shaped)
    else:
        insert(table, names, shaped)


def table_of(label: str) -> str | None:
    """The table of the model, where the checkout has one of this name."""
    try:
        return str(apps.get_model(label)._meta.db_table)
    except LookupError:
        return None


def fit(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]
) -> tuple[list[str], Iterator[Row]]:
    """The columns that the table has, and the rows in that shape."""
    fields: dict[str, Any] = {
        str(field.column): field for field in model._meta.local_concrete_fields
    }
    kept = [number for number, name in enumerate(columns) if name in fields]
    names = [columns[number] for number in kept]
    more = [
        (name, default_of(field))
        for name, field in fields.items()
        if name not in columns and needs_value(field)
    ]
    pick: Callable[[Row], Row] = itemgetter(*kept)
    if len(kept) == 1:
        only = kept[0]
        pick = lambda row: (row[only],)  # noqa: E731  (itemgetter of one gives no tuple)
    made = [make for _name, make in more]
    shaped = (
        (*pick(row), *[make() for make in made]) if made else pick(row) for row in rows
    )
    return [*names, *(name for name, _make in more)], shaped


def needs_value(field: Any) -> bool:
    """Whether the database does not fill the column by itself."""
    return not (
        field.primary_key
        or field.null
        or getattr(field, "generated", False)
        or field.db_default is not NOT_PROVIDED
    )


def default_of(field: Any) -> Callable[[], str]:
    if isinstance(field, models.UUIDField):
        return lambda: field.get_default().hex
    value = field.get_default()
    if value is None:
        raise LookupError(f"The bench knows no value for the column of {field}.")
    return lambda: as_text(field, value)


def as_text(field: Any, value: Any) -> str:
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(field, models.DateTimeField):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)


def insert(table: str, names: Sequence[str], rows: Iterable[Row]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(["%s"] * len(names))
    statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'  # noqa: S608
    with connection.cursor() as cursor:
        for piece in pieces(rows):
            cursor.executemany(statement, piece)


def copy(
    model: type[models.Model], table: str, names: Sequence[str], rows: Iterable[Row]
) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    texts = [number for number, name in enumerate(names) if is_text(model, name)]
    statement = f'COPY "{table}" ({columns}) FROM STDIN'
    with connection.cursor() as cursor, cursor.copy(statement) as out:
        for piece in pieces(rows):
            out.write("".join(line(row, texts) for row in piece))


def line(row: Row, texts: Sequence[int]) -> str:
    values = list(row)
    for number in texts:
        value = values[number]
        if value:
            values[number] = escaped(value)
    return "\t".join(["\\N" if value is None else value for value in values]) + "\n"


@lru_cache(maxsize=50_000)
def escaped(text: str) -> str:
    return text.translate(ESCAPES)


def is_text(model: type[models.Model], column: str) -> bool:
    field = next(f for f in model._meta.local_concrete_fields if f.column == column)
    return isinstance(field, models.CharField | models.TextField | models.JSONField)


def pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    each = iter(rows)
    while piece := list(islice(each, PIECE)):
        yield piece


@contextmanager
def nothing() -> Iterator[None]:
    yield


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Take indexes and unique constraints off the table, and put
    them back after.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'u'",
            [f'"{table}"'],
        )
        uniques = cursor.fetchall()
        for name, _definition in uniques:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint"
            " WHERE conrelid = %s::regclass)",
            [table, f'"{table}"'],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, definition in indexes:
            cursor.execute(definition.replace("%", "%%"))
        for name, definition in uniques:
            cursor.execute(
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}'
            )


@contextmanager
def unchecked() -> Iterator[None]:
    """Foreign keys are not looked at, where the account may say
    so; it is faster.
    """
    with connection.cursor() as cursor:
        allowed = False
        if connection.vendor == "postgresql":
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            [allowed] = cursor.fetchone()
        if allowed:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '512MB'")
        yield
        if allowed:
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("SET maintenance_work_mem = DEFAULT")


def reset_sequences(labels: Iterable[str]) -> None:
    """The next row that the site writes gets a number above those
    that were given.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for label in labels:
            table = table_of(label)
            if table is None:
                continue
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'),"  # noqa: S608
                f' (SELECT max(id) FROM "{table}"))'
            )
