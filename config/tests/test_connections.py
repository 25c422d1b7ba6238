"""Each thread keeps its connection to the database, and notices
when it has ended.
"""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import psycopg.postgres
import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection, reset_queries, transaction
from django.db.utils import DatabaseError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lists.cursors import cursor_of_statements
from members.models import StudyGroup

pytestmark = pytest.mark.django_db(transaction=True)

on_postgresql = pytest.mark.skipif(
    "postgres" not in settings.DATABASES["default"]["ENGINE"],
    reason="SQLite has no server that could end a connection",
)


@pytest.fixture(autouse=True)
def _as_the_site_does() -> Iterator[None]:
    """Between requests, which Django's test client leaves out."""
    connection.ensure_connection()
    yield
    connection.close()


def next_request() -> None:
    request_finished.send(object)
    request_started.send(object, environ={})


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def end_backend(pid: int) -> None:
    """As a restart of PostgreSQL does.

    Comes back when the backend is gone.
    """
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "pool"):
        parameters.pop(name, None)
    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_connection_outlives_the_request() -> None:
    StudyGroup.objects.exists()
    before = connection.connection

    next_request()
    StudyGroup.objects.exists()

    assert connection.connection is before


@on_postgresql
def test_a_connection_that_the_server_ended_is_made_anew() -> None:
    first = backend()
    end_backend(first)

    next_request()

    assert not StudyGroup.objects.exists()
    assert backend() != first


@on_postgresql
def test_a_page_is_shown_after_a_restart_of_the_database(client: Client) -> None:
    end_backend(backend())

    next_request()

    assert client.get("/learn/").status_code == 200


@on_postgresql
def test_a_connection_that_ends_within_a_request_is_made_anew_for_the_next() -> None:
    first = backend()
    end_backend(first)
    with pytest.raises(DatabaseError):
        backend()

    next_request()

    assert backend() != first


@on_postgresql
def test_a_connection_that_works_is_not_asked() -> None:
    backend()
    next_request()
    reset_queries()
    connection.force_debug_cursor = True
    try:
        backend()
        assert len(connection.queries) == 1
    finally:
        connection.force_debug_cursor = False


@on_postgresql
def test_a_statement_that_runs_again_is_planned_once() -> None:
    connection.close()
    for _ in range(5):
        with cursor_of_statements() as cursor:
            cursor.execute("SELECT %s + 1", [1])
            assert cursor.fetchone() == (2,)

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert cursor.fetchall() == [("SELECT $1 + 1",)]


@on_postgresql
def test_the_sql_of_a_prepared_statement_is_logged(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(5) as asked:
        for _ in range(5):
            with cursor_of_statements() as cursor:
                cursor.execute("SELECT %s + 1", [1])

    assert all("SELECT" in query["sql"] for query in asked.captured_queries)


MOMENT = "SELECT '2026-03-29 03:30:00.25+02'::timestamptz"


@on_postgresql
@pytest.mark.parametrize("zone", [None, "Asia/Kolkata"])
def test_moments_of_compiled_statements_are_those_of_django(
    zone: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "TIME_ZONE", zone)
    for name in ("timezone", "timezone_name"):
        connection.__dict__.pop(name, None)
    connection.close()

    found = []
    for cursor in (connection.cursor(), cursor_of_statements()):
        with cursor:
            cursor.execute(MOMENT)
            found += cursor.fetchone()

    assert found[0] == found[1]
    assert found[0].tzinfo is found[1].tzinfo is connection.timezone
    for name in ("timezone", "timezone_name"):
        connection.__dict__.pop(name, None)


@on_postgresql
@pytest.mark.parametrize("cursor_of", [connection.cursor, cursor_of_statements])
def test_moments_are_read_without_python(cursor_of: Callable[[], Any]) -> None:
    oid = psycopg.postgres.types["timestamptz"].oid
    own = psycopg.adapters.get_loader(oid, psycopg.pq.Format.TEXT)
    connection.close()  # others may have changed its time zone

    with cursor_of() as cursor:
        used = cursor.adapters.get_loader(oid, psycopg.pq.Format.TEXT)

    assert used is own


@pytest.fixture
def table() -> Iterator[str]:
    name = "table_of_a_test"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} AS SELECT 1::integer AS n")
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {name}")


def numbers(table: str) -> list[tuple[object, ...]]:
    with cursor_of_statements() as cursor:
        cursor.execute(f"SELECT n FROM {table} WHERE n > %s", [0])  # noqa: S608
        return cursor.fetchall()


def change_type(table: str, kind: str) -> None:
    """As a migration does, from another connection."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ALTER COLUMN n TYPE {kind}")
    other.close()


@on_postgresql
def test_a_statement_is_prepared_again_when_a_column_has_another_type(
    table: str,
) -> None:
    for kind in ("bigint", "numeric"):
        for _ in range(5):
            numbers(table)
        change_type(table, kind)

        assert [numbers(table) for _ in range(5)] == [[(1,)]] * 5


@on_postgresql
def test_after_a_transaction_too(table: str) -> None:
    for _ in range(5):
        numbers(table)
    change_type(table, "bigint")

    with pytest.raises(DatabaseError, match="cached plan"), transaction.atomic():
        numbers(table)

    with transaction.atomic():
        assert numbers(table) == [(1,)]
    assert numbers(table) == [(1,)]
