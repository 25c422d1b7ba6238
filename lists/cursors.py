"""The cursor of statements that a process runs many times."""

from django.db import connection
from django.db.backends.utils import CursorWrapper


def cursor_of_statements() -> CursorWrapper:
    """A cursor for SQL that is the same each time.

    PostgreSQL plans it once for a connection; SQLite keeps its own
    compiled statements.
    """
    prepared = getattr(connection, "prepared_cursor", None)
    return prepared() if prepared else connection.cursor()
