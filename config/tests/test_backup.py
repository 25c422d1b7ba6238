"""The command for a backup in docs/install.md, run as it stands there
while somebody writes.
"""

import re
import sqlite3
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_documented_backup_holds_what_was_committed_while_the_site_runs(
    tmp_path: Path,
) -> None:
    [command] = re.findall(
        r"^    (.*VACUUM INTO.*)$",
        (ROOT / "docs" / "install.md").read_text(),
        re.MULTILINE,
    )
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "data").mkdir()
    running = sqlite3.connect(
        tmp_path / "data" / "minibatch.sqlite3", isolation_level=None
    )
    running.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE post (words); INSERT INTO post VALUES ('in the log')"
    )
    running.execute("BEGIN IMMEDIATE")
    running.execute("INSERT INTO post VALUES ('not committed')")

    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, timeout=60)

    copy = sqlite3.connect(tmp_path / "backup.sqlite3")
    assert copy.execute("SELECT words FROM post").fetchall() == [("in the log",)]
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    running.close()
    copy.close()
