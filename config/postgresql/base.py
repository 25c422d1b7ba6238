"""Django's PostgreSQL, with a cheap look at each connection before a
request uses it.

Each thread keeps its connection. When PostgreSQL ends one, it says
why and closes the socket, so there is something to read. Silence
means that the connection is open: asking the server each time
would cost a round trip for every page.
"""

import select
from datetime import UTC
from typing import Any

from django.db.backends.postgresql import base, operations
from django.db.backends.postgresql.psycopg_any import register_tzloader
from django.db.backends.utils import CursorWrapper
from psycopg.errors import FeatureNotSupported
from psycopg.postgres import adapters, types
from psycopg.pq import Format, TransactionStatus

MOMENT = types["timestamptz"].oid
MOMENTS = adapters.get_loader(MOMENT, Format.TEXT)  # psycopg's own
assert MOMENTS


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """What is logged of a query.

        psycopg does not note the SQL of a statement that it has prepared.
        """
        return super().last_executed_query(cursor, sql, params) or sql


ServerBindingCursor: Any = base.ServerBindingCursor


class PreparedCursor(ServerBindingCursor):  # type: ignore[misc]
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Run it, once more if a column has another type since it was prepared.

        PostgreSQL then refuses what it has planned, for as long as the connection lasts.
        In a transaction the error ends it, and psycopg drops what is prepared when it is
        rolled back.
        """
        try:
            return super().execute(query, params, **options)
        except FeatureNotSupported:
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
            self.connection.execute("DEALLOCATE ALL")
            return super().execute(query, params, **options)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = super().create_cursor(name)
        if self.timezone == UTC:
            # Django's is written in Python, and takes fifty times as long.
            cursor.adapters.register_loader(MOMENT, MOMENTS)
        return cursor

    def is_usable(self) -> bool:
        """Whether the connection works.

        After an error the server itself is asked.
        """
        if not self.errors_occurred and self._is_silent():
            return True
        return bool(super().is_usable())

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor whose statements the server plans once for the connection.

        They are prepared after a few runs; see `prepare_threshold` of
        psycopg, and `PREPARED_STATEMENTS` in docs/configure.md.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = PreparedCursor(self.connection)
            if self.timezone == UTC:
                cursor.adapters.register_loader(MOMENT, MOMENTS)  # type: ignore[attr-defined]
            else:
                register_tzloader(self.timezone, cursor)
            return self._prepare_cursor(cursor)  # type: ignore[no-any-return, attr-defined]

    def _is_silent(self) -> bool:
        """Whether the server has sent nothing, not even the end of
        the connection.
        """
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()  # any number of open files, unlike select
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)
