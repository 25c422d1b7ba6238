"""docker-compose.yml without Docker: its very commands and health checks, on a real PostgreSQL and a real Valkey."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from browser_tests.running import ROOT, free_port
from config.embedded import valkey_binary
from config.testing_postgres import EmbeddedPostgres

SECRETS = {
    "SITE_URL": "http://localhost",
    "SECRET_KEY": "for-this-test-only-" + "k" * 40,
    "POSTGRES_PASSWORD": "only-a-test",
    "MAIL_FROM": "Minibatch <minibatch@example.org>",
}
DUE_MEMBER = """
from datetime import timedelta
from django.utils import timezone
from allauth.account.models import EmailAddress
from mail.models import Preference
from members.actions import set_up_group
now = timezone.now()
owner = set_up_group(group_name="Compose", tagline="", name="Mira Okafor", email="mira@example.org",
                     password="a long one indeed", time_zone="UTC", now=now - timedelta(days=30))
Preference.objects.create(member=owner, digest_weekday=now.weekday(), digest_hour=now.hour)
"""


def substituted(text: str, values: dict[str, str]) -> str:
    """Compose's own `${NAME}`, `${NAME:-default}` and `${NAME:?message}`."""

    def value(match: re.Match[str]) -> str:
        name, mark, rest = match[1], match[2], match[3]
        if name in values:
            return values[name]
        assert mark != ":?", f"{name} must be given: {rest}"
        return rest or ""

    return re.sub(r"\$\{(\w+)(:[-?])?([^}]*)\}", value, text)


@pytest.fixture
def postgres() -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(f"containers-{os.getpid()}")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    argv = [str(valkey_binary()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", ""]
    server = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    yield port
    server.terminate()
    server.wait(20)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    folder, port = tmp_path / "mails", free_port()
    controller = Controller(Mailbox(str(folder)), hostname="127.0.0.1", port=port)
    controller.start()
    yield port, folder / "new"
    controller.stop()


def test_the_composed_services_come_up_healthy_and_a_digest_arrives(
    tmp_path: Path, postgres: EmbeddedPostgres, redis_port: int, mailbox: tuple[int, Path]
) -> None:
    smtp_port, mails = mailbox
    web_port = free_port()
    file = yaml.safe_load(substituted((ROOT / "docker-compose.yml").read_text(), SECRETS))
    services: dict[str, Any] = file["services"]
    (tmp_path / "data").mkdir()

    outside = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}

    def here(text: str) -> str:
        return text.replace(":8000", f":{web_port}")

    def environment(name: str) -> dict[str, str]:
        given = {key: str(value) for key, value in services[name]["environment"].items()}
        assert given["DATABASE_URL"] == "postgres://minibatch:only-a-test@db:5432/minibatch"
        given |= {"DATABASE_URL": postgres.url, "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0"}
        given |= {"DATA_DIR": str(tmp_path / "data"), "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}"}
        return {
            **outside,
            **given,
            "MAIL_TICK_SECONDS": "2",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def command(words: list[str]) -> list[str]:
        return [here(word) for word in words]

    def run(name: str, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=ROOT, env=environment(name), capture_output=True, text=True, timeout=300)

    prepared = run("prepare", command(services["prepare"]["command"]))
    assert prepared.returncode == 0, prepared.stderr
    assert "http://localhost/set-up/?token=" in prepared.stdout
    made = run("prepare", [sys.executable, "manage.py", "shell", "-v", "0", "-c", DUE_MEMBER])
    assert made.returncode == 0, made.stderr

    log = open(tmp_path / "log", "a+")  # noqa: SIM115  (the services write to it as long as they run)
    running = [
        subprocess.Popen(command(services[name]["command"]), cwd=ROOT, env=environment(name), stdout=log, stderr=log)
        for name in ("web", "worker", "beat")
    ]
    try:
        for name in ("web", "worker"):
            check = command(services[name]["healthcheck"]["test"][1:])
            deadline = time.monotonic() + 90
            while run(name, check).returncode:
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(1)
        deadline = time.monotonic() + 60
        while not (mails.exists() and list(mails.iterdir())):
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.5)
        time.sleep(5)  # two more ticks, in which nothing may be sent again
        arrived = [path.read_text() for path in mails.iterdir()]
        assert len(arrived) == 1
        assert "\nTo: mira@example.org\n" in arrived[0]
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in arrived[0]
    finally:
        for process in running:
            process.terminate()
        codes = [process.wait(60) for process in running]
        log.close()
    assert codes == [0, 0, 0]


def test_every_container_of_ours_is_restrained() -> None:
    file = yaml.safe_load(substituted((ROOT / "docker-compose.yml").read_text(), SECRETS))

    for name in ("prepare", "web", "worker", "beat"):
        service = file["services"][name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert dockerfile.count("FROM ") == 2
    assert "USER minibatch" in dockerfile
    assert "HEALTHCHECK" in dockerfile


def test_a_missing_secret_stops_compose_with_a_sentence() -> None:
    with pytest.raises(AssertionError, match="SECRET_KEY must be given"):
        substituted((ROOT / "docker-compose.yml").read_text(), {"SITE_URL": "https://x"})
