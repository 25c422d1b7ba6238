"""`make check`: run every check of the project. All failures are shown; with any the
exit code is 1.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
# Licences compatible with a project under the MIT licence, as parts of the names that
# packages state.
ALLOWED_LICENCES = (
    "MIT;BSD;0BSD;ISC;Apache;Python Software Foundation;PSF-2.0;MPL;Unlicense;LGPL"
)
PRODUCTION = {
    "SITE_URL": "https://study.example.org",
    "SECRET_KEY": "a-key-that-only-this-check-sees-0123456789abcdefghijklmnop",
    "DATABASE_URL": "postgres://minibatch@db/minibatch",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
}


def pages(*folders: str) -> list[str]:
    patterns = [f"{folder}/*.html" for folder in folders]
    listed = subprocess.run(
        ["git", "ls-files", *patterns], capture_output=True, text=True, check=True
    )
    return listed.stdout.split()


def licence_command() -> list[str]:
    """The command that checks the licences of the packages in the lock file. It fails
    for one that is not listed.
    """
    names = re.findall(
        r"^([a-z0-9._-]+)==",
        "".join(
            Path(f"requirements/{each}.txt").read_text() for each in ("base", "s3")
        ),
        re.MULTILINE | re.IGNORECASE,
    )
    flags = ["--partial-match", f"--allow-only={ALLOWED_LICENCES}"]
    return [
        str(BIN / "pip-licenses"),
        f"--python={sys.executable}",
        *flags,
        "--packages",
        *names,
    ]


def checks() -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, command and extra environment of each check."""
    data = {
        "DATA_DIR": tempfile.mkdtemp(prefix="minibatch-check-"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return [
        ("style", [str(BIN / "ruff"), "check", "."], {}),
        ("format", [str(BIN / "ruff"), "format", "--check", "."], {}),
        ("plain code", [sys.executable, "-m", "operate.style"], {}),
        ("English", [sys.executable, "-m", "operate.english"], {}),
        ("types", [str(BIN / "mypy"), "."], {}),
        (
            "templates",
            [
                str(BIN / "djade"),
                "--target-version",
                "5.2",
                "--check",
                *pages("django_templates"),
            ],
            {},
        ),
        (
            "indentation",
            [
                str(BIN / "djhtml"),
                "--tabwidth",
                "2",
                "--check",
                *pages("templates", "django_templates"),
            ],
            {},
        ),
        ("layers", [str(BIN / "lint-imports")], {}),
        (
            "migrations",
            [
                *MANAGE,
                "makemigrations",
                "--check",
                "--dry-run",
                "--settings",
                "config.test_settings",
            ],
            {},
        ),
        (
            "deployment",
            [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
            {**data, **PRODUCTION},
        ),
        ("licences", licence_command(), {}),
    ]


def main() -> int:
    failed = []
    for name, command, extra in checks():
        done = subprocess.run(
            command, env={**os.environ, **extra}, capture_output=True, text=True
        )
        if done.returncode == 0:
            print(f"ok   {name}", flush=True)
        else:
            print(f"FAIL {name}", flush=True)
            print(done.stdout, done.stderr, sep="\n", flush=True)
            failed.append(name)
    print(f"{len(checks()) - len(failed)} checks passed, {len(failed)} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
