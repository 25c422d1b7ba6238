"""A setting that is wrong ends the start with one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.given import whole_number, with_scheme

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = ("DATABASE_URL", "TEST_DATABASE_URL", "EMAIL_URL", "REDIS_URL", "SITE_URL")
# variable, wrong value, words of the sentence
WRONG = [
    ("PORT", "abc", "PORT must be a whole number, not “abc”."),
    ("PORT", "-1", "PORT must be a whole number"),
    ("PORT", "0", "PORT must be from 1 to 65535, not 0."),
    ("PORT", "99999", "PORT must be from 1 to 65535, not 99999."),
    ("WEB_CONCURRENCY", "many", "WEB_CONCURRENCY must be a whole number"),
    ("WEB_CONCURRENCY", "0", "WEB_CONCURRENCY must be at least 1"),
    ("MAIL_TICK_SECONDS", "0", "MAIL_TICK_SECONDS must be at least 1"),
    ("MAIL_TICK_SECONDS", "1.5", "MAIL_TICK_SECONDS must be a whole number"),
    ("TRUSTED_PROXIES", "one", "TRUSTED_PROXIES must be a whole number"),
    ("EMAIL_URL", "nonsense", "EMAIL_URL must begin with one of smtp://"),
    (
        "EMAIL_URL",
        "imap://me:word@mail.example.org",
        "EMAIL_URL must begin with one of smtp://",
    ),
    (
        "DATABASE_URL",
        "mysql://me:word@127.0.0.1/site",
        "DATABASE_URL must begin with one of postgres://",
    ),
    (
        "DATABASE_URL",
        "/srv/site.sqlite3",
        "DATABASE_URL must begin with one of postgres://",
    ),
    ("REDIS_URL", "localhost:6379", "REDIS_URL must begin with one of redis://"),
]


def start(folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ADDRESSES
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(folder),
        "SECRET_KEY": "x" * 50,
    }
    return subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**environment, **given},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    done = start(tmp_path, **{name: value})

    assert done.returncode == 1
    [line] = (done.stdout + done.stderr).splitlines()
    assert line.startswith(words)
    assert "word@" not in line


def test_a_number_is_read_or_the_default_taken() -> None:
    assert whole_number("PORT", "9000", 8000, least=1, most=65_535) == 9000
    assert whole_number("PORT", "", 8000, least=1, most=65_535) == 8000
    with pytest.raises(SystemExit, match="whole number"):
        whole_number("PORT", "9" * 5000, 8000)


@pytest.mark.parametrize("text", ["", "smtp://127.0.0.1:2525", "SMTP://127.0.0.1"])
def test_an_address_with_a_known_scheme_comes_back(text: str) -> None:
    assert with_scheme("EMAIL_URL", text, ["smtp", "smtp+tls"]) == text
