"""The machine is not trusted: other accounts, hostile modes, secrets in
files, and whoever can write to Redis.
"""

import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.jsoncache import JsonSerializer
from config.private import is_private, keep_private, private_folder_beside
from config.secret import SecretFiles

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("given", [0o755, 0o777, 0o750, 0o701])
def test_a_folder_that_the_host_made_is_closed_to_other_accounts(
    tmp_path: Path, given: int
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(given)

    keep_private(folder)

    assert mode(folder) == 0o700


def test_files_made_afterwards_are_closed_under_a_hostile_umask(tmp_path: Path) -> None:
    keep_private(tmp_path / "data")
    (tmp_path / "data" / "file").write_text("")
    (tmp_path / "data" / "folder").mkdir()

    assert mode(tmp_path / "data" / "file") == 0o600
    assert mode(tmp_path / "data" / "folder") == 0o700


def test_a_folder_of_another_account_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)

    with pytest.raises(SystemExit, match="belongs to another account"):
        keep_private(tmp_path)


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SystemExit, match="cannot be made"):
        keep_private(tmp_path / "file" / "data")


def test_the_database_and_all_else_are_closed_under_a_hostile_umask(
    tmp_path: Path,
) -> None:
    """The settings close the folder before the first file is written,
    whichever command comes first.
    """
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    for name in ("DATABASE_URL", "TEST_DATABASE_URL"):
        environment.pop(name, None)

    command = (
        'umask 0; exec "$0" manage.py shell -v 0 -c \'from django.db import '
        "connection as c; c.cursor()'"
    )
    subprocess.run(
        ["sh", "-c", command, sys.executable],
        cwd=ROOT,
        env=environment,
        check=True,
        timeout=120,
    )

    assert (folder / "minibatch.sqlite3").exists()
    assert mode(folder) == 0o700
    open_ones = [path for path in folder.rglob("*") if mode(path) & 0o077]
    assert not open_ones


def test_the_socket_folder_cannot_be_guessed_and_stays(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = set(
            pool.map(lambda _: private_folder_beside(tmp_path / "note"), range(20))
        )

    [folder] = folders
    assert is_private(folder)
    assert str(os.getuid()) not in folder.name.split("-")
    assert private_folder_beside(tmp_path / "note") == folder


def test_a_socket_folder_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.mkdir(mode=0o777)
    trap.chmod(0o777)
    (tmp_path / "note").write_text(str(trap))

    assert private_folder_beside(tmp_path / "note") != trap
    assert is_private(private_folder_beside(tmp_path / "note"))


def test_a_link_is_not_a_private_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert is_private(tmp_path / "real")
    assert not is_private(tmp_path / "link")
    assert not is_private(tmp_path / "missing")


class Trap:
    """Unpickling it would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.mkdir, (str(self.path),))


def test_a_pickle_in_the_cache_runs_nothing(tmp_path: Path) -> None:
    stored = pickle.dumps(Trap(tmp_path / "ran"))

    assert JsonSerializer().loads(stored) is None
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "value", [None, True, 0, 7, -3, 1.5, "word", [1.5, 2], {"a": [None]}]
)
def test_what_the_cache_is_given_comes_back(value: object) -> None:
    stored = JsonSerializer().dumps(value)
    sent = str(stored).encode() if isinstance(stored, int) else stored

    back = JsonSerializer().loads(sent)

    assert back == value
    assert type(back) is type(value)


def test_the_cache_of_the_site_holds_no_pickles() -> None:
    shown = settings_of("print(settings.CACHES['default']['OPTIONS']['serializer'])")

    assert shown == "config.jsoncache.JsonSerializer"


def test_the_opener_policy_is_sent_only_where_browsers_take_it() -> None:
    policy = "print(settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)"

    assert settings_of(policy, SITE_URL="https://study.example.org") == "same-origin"
    assert settings_of(policy, SITE_URL="http://192.168.0.4:8000") == "None"


def test_sites_on_other_ports_of_a_machine_have_cookies_of_their_own() -> None:
    names = "print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)"

    assert (
        settings_of(names, SITE_URL="", PORT="8001") == "sessionid-8001 csrftoken-8001"
    )
    assert (
        settings_of(names, SITE_URL="http://10.0.0.4:8002", PORT="8001")
        == "sessionid-8002 csrftoken-8002"
    )


def test_cookies_behind_tls_come_from_this_host_alone() -> None:
    names = "print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)"

    assert (
        settings_of(names, SITE_URL="https://study.example.org")
        == "__Host-sessionid __Host-csrftoken"
    )
    assert (
        settings_of(names, SITE_URL="http://study.example.org") == "sessionid csrftoken"
    )


def test_hsts_binds_other_names_only_when_asked() -> None:
    asked = (
        "print(settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD)"
    )

    assert settings_of(asked, SITE_URL="https://study.example.org") == "False False"
    both = {"HSTS_SUBDOMAINS": "yes", "HSTS_PRELOAD": "yes"}
    assert (
        settings_of(asked, SITE_URL="https://study.example.org", **both) == "True True"
    )


def settings_of(code: str, **environment: str) -> str:
    """What `code` prints, where the site's own settings are `settings`."""
    given = {
        **os.environ,
        "SECRET_KEY": "x" * 50,
        "DATA_DIR": os.environ["DATA_DIR"],
        **environment,
    }
    code = f"from django.conf import settings; {code}"
    argv = [sys.executable, "-c", code]
    given["DJANGO_SETTINGS_MODULE"] = "config.settings"
    done = subprocess.run(
        argv,
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("smtp://name:word@host\n")
    environment = SecretFiles(
        {"EMAIL_URL_FILE": str(tmp_path / "secret"), "MAIL_FROM": "a@b.example"}
    )

    assert environment["EMAIL_URL"] == "smtp://name:word@host"
    assert environment["MAIL_FROM"] == "a@b.example"


def test_a_missing_secret_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        SystemExit, match=r"SECRET_KEY_FILE names .* cannot be read: No such file"
    ):
        SecretFiles({"SECRET_KEY_FILE": str(tmp_path / "missing")})["SECRET_KEY"]


def test_the_image_and_the_repository_hold_no_secrets() -> None:
    # A name alone is at any depth in the one file, and at the top only in
    # the other.
    for name, at_any_depth in ((".gitignore", ""), (".dockerignore", "**/")):
        patterns = (ROOT / name).read_text().split()
        assert {f"{at_any_depth}.env", f"{at_any_depth}.env.*"} <= set(patterns), name
        assert f"{at_any_depth}secrets" in {
            pattern.strip("/") for pattern in patterns
        }, name
    copied = [
        line
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY")
    ]
    assert not [line for line in copied if " . " in f"{line} "], (
        "copy by list: whatever lies in the folder stays out"
    )


def test_the_image_holds_every_part_of_the_program() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    left_out = {
        "browser_tests",
        "bench",
        "docs",
        "docker",
        "chaos",
        "validate",
        "requirements",
        ".ci",
    }
    needed = {name.split("/")[0] for name in tracked if "/" in name} - left_out
    copied = (ROOT / "Dockerfile").read_text()

    assert not [
        name
        for name in sorted(needed)
        if f"COPY --chown=root:root {name}/ {name}/" not in copied
    ]
