"""Commands that are run by hand use the settings of the last start of the site."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from config import started
from config.secret import SecretFiles
from operate import up

NAMES = {
    "DATA_DIR",
    "DATABASE_URL",
    "EMAIL_URL",
    "MAIL_FROM",
    "PORT",
    "SECRET_KEY",
    "SITE_URL",
}


def run(folder: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in NAMES}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env={**environment, "DATA_DIR": str(folder), **given},
        capture_output=True,
        text=True,
        timeout=60,
    )


def completed(folder: Path, **given: str) -> dict[str, str]:
    environment = {"DATA_DIR": str(folder), **given}
    started.complete(environment)
    return environment


def test_a_command_uses_the_address_and_the_mail_server_of_the_site(
    tmp_path: Path,
) -> None:
    (tmp_path / "email-url").write_text("smtp://127.0.0.1:2525\n")
    start = {"PORT": "8372", "EMAIL_URL_FILE": str(tmp_path / "email-url")}
    started.store(tmp_path, NAMES, start)
    show = (
        "from django.conf import settings; "
        "print(settings.SITE_URL, settings.EMAIL_BACKEND, settings.EMAIL_PORT)"
    )

    done = run(tmp_path, "shell", "-v0", "-c", show)

    assert done.stdout == ("http://127.0.0.1:8372 mail.backends.SmtpBackend 2525\n"), (
        done.stderr
    )


def test_the_environment_of_the_command_comes_first(tmp_path: Path) -> None:
    start = {"PORT": "8372", "MAIL_FROM": "a@example.org", "SITE_URL": "http://a.b"}
    started.store(tmp_path, NAMES, start)

    given = completed(
        tmp_path, PORT="9000", MAIL_FROM="", SITE_URL_FILE="/run/site-url"
    )

    assert given == {
        "DATA_DIR": str(tmp_path),
        "PORT": "9000",
        "MAIL_FROM": "",
        "SITE_URL_FILE": "/run/site-url",
    }


def test_a_later_start_without_a_setting_takes_it_back(tmp_path: Path) -> None:
    started.store(tmp_path, NAMES, {"PORT": "8372"})

    started.store(tmp_path, NAMES, {})

    assert completed(tmp_path) == {"DATA_DIR": str(tmp_path)}


def test_only_settings_of_the_site_are_stored(tmp_path: Path) -> None:
    environment = {"PORT": "8372", "HOME": "/root", "DATA_DIR": "x"}

    started.store(tmp_path, NAMES, environment)

    stored = json.loads((tmp_path / started.FILE).read_text())
    assert stored == {"given": {"PORT": "8372"}, "secret": []}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "smtp+tls://name:word@mail.example.org:587"),
        ("DATABASE_URL", "postgres://db/minibatch?password=word"),
        ("SECRET_KEY", "word" * 10),
    ],
)
def test_what_may_be_a_password_is_not_stored_and_a_command_asks_for_it(
    tmp_path: Path, name: str, value: str
) -> None:
    started.store(tmp_path, NAMES, {name: value, "PORT": "8372"})
    assert "word" not in (tmp_path / started.FILE).read_text().replace("password", "")

    with pytest.raises(SystemExit) as refusal:
        completed(tmp_path)

    assert str(refusal.value).startswith(f"The site was started with {name}. ")
    assert f"{name}_FILE" in str(refusal.value)
    assert completed(tmp_path, **{name: ""})["PORT"] == "8372"


def test_a_refused_command_ends_with_one_sentence(tmp_path: Path) -> None:
    started.store(tmp_path, NAMES, {"EMAIL_URL": "smtp://name:word@localhost"})

    done = run(tmp_path, "send_digests")

    assert done.returncode == 1
    assert done.stderr.startswith("The site was started with EMAIL_URL.")
    assert done.stderr.count("\n") == 1


def test_the_path_of_a_secret_is_stored_from_the_root(tmp_path: Path) -> None:
    started.store(tmp_path, NAMES, {"EMAIL_URL_FILE": "data/email-url"})

    assert completed(tmp_path)["EMAIL_URL_FILE"] == os.path.abspath("data/email-url")


def test_a_broken_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / started.FILE).write_text("{")

    with pytest.raises(SystemExit, match="Start the site again, or delete the file"):
        completed(tmp_path)


def test_a_folder_of_no_start_changes_nothing(tmp_path: Path) -> None:
    assert completed(tmp_path) == {"DATA_DIR": str(tmp_path)}


def test_every_setting_that_is_read_is_known_by_its_name() -> None:
    variables = SecretFiles({"PORT": "1"})
    variables.get("PORT"), variables.get("HOST")

    assert variables.asked == {"PORT", "HOST"}


def test_a_start_stores_its_settings_before_its_first_command_and_a_refused_one_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = SimpleNamespace(
        DATA_DIR=tmp_path,
        HOST="127.0.0.1",
        PORT=0,
        REDIS_URL="redis://localhost",
        WEB_CONCURRENCY=1,
        env=SimpleNamespace(ENVIRON=SecretFiles()),
    )
    given.env.ENVIRON.asked.add("SITE_URL")
    monkeypatch.setenv("SITE_URL", "http://study.local:8372")
    taken = pytest.MonkeyPatch()
    taken.setattr(up, "why_not_listen", lambda host, port: "Port 1 is taken.")
    with pytest.raises(up.CannotStart, match="taken"):
        up.Site(given).prepare()  # type: ignore[arg-type]
    assert not (tmp_path / started.FILE).exists()
    taken.undo()
    at_start: list[dict[str, str]] = []

    def look(*args: object, **options: object) -> None:
        at_start.append(completed(tmp_path))
        raise up.CannotStart

    monkeypatch.setattr(up.subprocess, "Popen", look)
    with pytest.raises(up.CannotStart):
        up.Site(given).prepare()  # type: ignore[arg-type]

    [environment] = at_start
    assert environment["SITE_URL"] == "http://study.local:8372"
    mode = (tmp_path / started.FILE).stat().st_mode
    assert not stat.S_IMODE(mode) & 0o077
