"""The commands for a backup in docs/install.md, run as they stand there while somebody
writes.
"""

import os
import sqlite3
import stat
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def documented_commands() -> str:
    """The indented lines of the section on backups."""
    text = (ROOT / "docs" / "install.md").read_text()
    section = text.partition("\n## Back up\n")[2].partition("\n## ")[0]
    lines = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    return "\n".join(lines)


def back_up(folder: Path, at: str) -> None:
    """Run the commands in `folder`, which is also the home, where a clock shows `at`."""
    clock = folder / "bin" / "date"
    clock.write_text(f"#!/bin/sh\necho {at}\n")
    clock.chmod(0o755)
    environment = {"HOME": str(folder), "PATH": f"{clock.parent}:{os.environ['PATH']}"}
    subprocess.run(
        ["sh", "-ec", f"umask 022\n{documented_commands()}"],
        cwd=folder,
        env=environment,
        check=True,
        timeout=60,
    )


def test_the_documented_backup_holds_what_was_committed_and_can_be_made_again(
    tmp_path: Path,
) -> None:
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "data").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "data" / "secret-key").write_text("secret")
    picture = Path("media") / "pictures" / "ab" / "key"
    (tmp_path / "data" / picture).parent.mkdir(parents=True)
    (tmp_path / "data" / picture).write_text("points")
    running = sqlite3.connect(
        tmp_path / "data" / "minibatch.sqlite3", isolation_level=None
    )
    running.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE post (words); INSERT INTO post VALUES ('in the log')"
    )
    running.execute("BEGIN IMMEDIATE")
    running.execute("INSERT INTO post VALUES ('not committed')")

    back_up(tmp_path, "2026-11-27-120000")
    back_up(tmp_path, "2026-11-28-120000")

    folder = tmp_path / "minibatch-backups"
    assert sorted(path.name for path in folder.iterdir()) == [
        "2026-11-27-120000.sqlite3",
        "2026-11-28-120000.sqlite3",
        "media",
        "secret-key",
    ]
    assert (folder / picture).read_text() == "points"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    copy = sqlite3.connect(folder / "2026-11-28-120000.sqlite3")
    assert copy.execute("SELECT words FROM post").fetchall() == [("in the log",)]
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    running.close()
    copy.close()
