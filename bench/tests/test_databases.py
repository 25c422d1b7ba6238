import sqlite3
from pathlib import Path

from bench.databases import Sqlite


def write(database: Sqlite, name: str, rows: int) -> None:
    connection = sqlite3.connect(database.path(name))
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE IF NOT EXISTS post (id INTEGER)")
    connection.executemany("INSERT INTO post VALUES (?)", [(n,) for n in range(rows)])
    connection.commit()
    connection.close()


def test_a_copy_has_all_rows_and_leaves_the_kept_file_alone(tmp_path: Path):
    database = Sqlite(tmp_path)
    write(database, "building", 3)
    database.rename("building", "kept")

    database.copy("kept", "run")
    write(database, "run", 2)

    assert not database.has("building")
    assert database.count("run", "post") == 5
    assert database.count("kept", "post") == 3


def test_a_second_copy_begins_anew(tmp_path: Path):
    database = Sqlite(tmp_path)
    write(database, "kept", 3)
    database.copy("kept", "run")
    write(database, "run", 2)

    database.copy("kept", "run")

    assert database.count("run", "post") == 3


def test_what_is_dropped_is_gone_with_its_journal(tmp_path: Path):
    database = Sqlite(tmp_path)
    write(database, "run", 1)

    database.drop("run")

    assert list(database.home.iterdir()) == []
