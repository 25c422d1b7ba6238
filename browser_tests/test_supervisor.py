"""The running site under kill -9: every part comes back, and
nothing is left over.
"""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from browser_tests.running import ROOT, Site

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
PATIENCE = 180.0


def processes(folder: Path) -> dict[int, tuple[int, str]]:
    """Process id to parent and command, of all that belong to the site of
    this data folder.
    """
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (entry / "environ").read_bytes().split(b"\0")
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if (
            f"DATA_DIR={folder}".encode() in environment
            or f"{folder}/valkey.sock" in command
        ):
            found[int(entry.name)] = (parent, command)
    return found


def one(folder: Path, words: str, *, is_child: bool | None = None) -> int | None:
    """The one process whose command holds `words`; of gunicorn's two, the
    master or the worker.
    """
    running = processes(folder)
    named = {
        pid: parent for pid, (parent, command) in running.items() if words in command
    }
    pids = [pid for pid, parent in named.items() if is_child in (None, parent in named)]
    return pids[0] if len(pids) == 1 else None


def until(condition: Callable[[], object], what: str, site: Site) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, (
            f"{what}\n{processes(site.folder)}\n{site.log()}"
        )
        time.sleep(0.2)


def answers(site: Site) -> bool:
    try:
        with urllib.request.urlopen(
            f"{site.url}/accounts/login/", timeout=10
        ) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def kinds(site: Site) -> set[str]:
    """What the health page calls red."""
    request = urllib.request.Request(
        f"{site.url}/health/", headers={"Accept": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=20):
            return set()
    except urllib.error.HTTPError as error:
        with error:
            return {p["kind"] for p in json.loads(error.read())["problems"] if p["red"]}
    except OSError:
        return {"no answer"}


PARTS = [
    ("operate.beat", None),
    ("celery", None),
    ("valkey-server", None),
    ("gunicorn", True),
    ("gunicorn", False),
    ("operate.beat", None),
]


def test_whatever_is_killed_comes_back_and_nothing_is_left_over(site: Site) -> None:
    folder = site.folder
    site.environment["WEB_CONCURRENCY"] = "1"  # whatever the number of cores
    site.start()
    assert site.process is not None
    until(lambda: len(processes(folder)) == 6, "six processes", site)

    for words, is_child in PARTS:
        pid = one(folder, words, is_child=is_child)
        assert pid, processes(folder)
        os.kill(pid, signal.SIGKILL)
        until(
            lambda: (
                one(folder, words, is_child=is_child) not in (None, pid)  # noqa: B023
                and len(processes(folder)) == 6
                and answers(site)
            ),
            f"{words} again",
            site,
        )
    # a heartbeat came through beat and worker
    until(lambda: not kinds(site), "green", site)

    again = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (again.returncode, again.stderr) == (
        1,
        f"The site is running already with the data folder {folder}.\n",
    )

    site.process.kill()
    site.process.wait()
    until(lambda: not processes(folder), "nothing left", site)
    said = re.findall(
        r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (\w+) ended \(exit -9\)", site.log(), re.M
    )
    # gunicorn itself replaces its worker
    assert said == ["beat", "worker", "valkey", "web", "beat"]


def test_a_newer_database_is_refused_and_an_older_one_copied(site: Site) -> None:
    site.manage("prepare")
    site.manage("migrate", "-v", "0", "operate", "zero")

    site.manage("prepare")

    with sqlite3.connect(site.folder / "before-upgrade.sqlite3") as copy:
        [[count]] = copy.execute(
            "SELECT count(*) FROM sqlite_master WHERE name = 'operate_standstill'"
        )
        [[steps]] = copy.execute("SELECT count(*) FROM curriculum_release")
    assert (count, steps > 0) == (0, True)

    with sqlite3.connect(site.folder / "minibatch.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('mail', '0999_from_tomorrow', '2027-01-01')"
        )
    refused = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert refused.returncode == 1
    assert "newer version of Minibatch" in refused.stderr
    assert "mail.0999_from_tomorrow" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not processes(site.folder)
