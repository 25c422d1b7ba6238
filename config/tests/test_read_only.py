"""A folder that cannot be written is said in a sentence when the
site starts.
"""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.private import why_not_writable
from config.tests.without_rights import ROOT, run

UP = (sys.executable, "manage.py", "up")
MIGRATE = (sys.executable, "manage.py", "migrate", "--check")


@contextmanager
def closed(path: Path, mode: int = 0o500) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="module")
def read_only_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project as a package of the system would install it: nobody may
    write there.
    """
    project = tmp_path_factory.mktemp("project")
    ignored = shutil.ignore_patterns(
        ".*", "__pycache__", "data", "browser_tests", "chaos", "node_modules"
    )
    shutil.copytree(ROOT, project, dirs_exist_ok=True, ignore=ignored)
    folders = [project, *(path for path in project.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield project
    for folder in folders:
        folder.chmod(0o755)


@pytest.mark.parametrize("command", [UP, MIGRATE], ids=["up", "migrate"])
def test_an_empty_data_folder_that_is_closed(
    data: Path, command: tuple[str, ...]
) -> None:
    with closed(data):
        done = run(*command, DATA_DIR=str(data), PORT=free_port())

    assert done.returncode == 1
    assert (
        done.stderr
        == f"The secret key {data / 'secret-key'} can be neither read nor made: "
        "Permission denied.\n"
    )


def test_a_data_folder_that_was_closed_after_its_first_start(data: Path) -> None:
    # the secret is made, the database is empty
    assert run(*MIGRATE, DATA_DIR=str(data)).returncode == 1
    (data / "lock").touch()
    with closed(data):
        done = run(*UP, DATA_DIR=str(data), PORT=free_port())

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"The data folder {data} cannot be written: Permission denied. Give this "
        "account the right to, "
        "or choose another folder with DATA_DIR."
    )
    assert "Traceback" not in done.stderr + done.stdout


def test_a_secret_that_was_emptied(data: Path) -> None:
    (data / "secret-key").write_text("x")
    done = run(*MIGRATE, DATA_DIR=str(data))

    assert (
        done.stderr
        == f"{data / 'secret-key'} holds no secret; delete the file and start again.\n"
    )
    assert done.returncode == 1


@pytest.mark.parametrize("name", ["secret-key", "lock"])
def test_a_file_in_it_that_is_closed(data: Path, name: str) -> None:
    run(*MIGRATE, DATA_DIR=str(data))
    (data / name).touch()
    with closed(data / name, 0o000):
        done = run(*UP, DATA_DIR=str(data), PORT=free_port())

    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert str(data) in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_project_that_cannot_be_written_has_its_data_elsewhere(
    read_only_project: Path, data: Path
) -> None:
    refused = run(*UP, folder=read_only_project, PORT=free_port(), DATA_DIR="")
    migrated = run(
        sys.executable,
        "manage.py",
        "prepare",
        folder=read_only_project,
        DATA_DIR=str(data),
    )

    assert refused.returncode == 1
    assert refused.stderr == (
        f"The data folder {read_only_project / 'data'} cannot be made: Permission denied. "
        "Choose another folder with DATA_DIR.\n"
    )
    assert migrated.returncode == 0, migrated.stderr
    assert (data / "minibatch.sqlite3").exists()
    assert (data / "static").is_dir()
    assert not (read_only_project / "data").exists()


def test_make_says_that_packages_cannot_be_installed_there(
    read_only_project: Path,
) -> None:
    done = run("make", "up", folder=read_only_project)

    assert done.returncode == 2
    assert done.stdout == (
        "This folder cannot be written, and packages go into .venv in it: run make as "
        "the account that owns it.\n"
    )


def test_a_folder_that_can_be_written_has_nothing_left_in_it(data: Path) -> None:
    assert why_not_writable(data) == ""
    assert os.listdir(data) == []
    assert "No such file or directory" in why_not_writable(data / "gone")
