import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.secret import keep_secret


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret-key"

    secrets = {keep_secret(path) for _ in range(3)}

    assert len(secrets) == 1
    assert len(secrets.pop()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [child.name for child in path.parent.iterdir()] == ["secret-key"]


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    assert keep_secret(tmp_path / "a") != keep_secret(tmp_path / "b")


def test_of_many_at_once_all_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: keep_secret(tmp_path / "key"), range(50)))

    assert len(secrets) == 1


def test_an_emptied_secret_is_said_so_instead_of_signing_with_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "key").write_text("\n")

    with pytest.raises(ValueError, match="holds no secret"):
        keep_secret(tmp_path / "key")
