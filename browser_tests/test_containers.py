"""docker-compose.yml without Docker: its very commands and health checks,
on a real PostgreSQL and a real Valkey.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from browser_tests.running import ROOT, free_port
from docker.make_secrets import make_secrets
from operate.embedded import valkey_binary
from operate.testing_postgres import SUPERUSER, EmbeddedPostgres

GIVEN = {
    "SITE_URL": "http://study.example.org",
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
def secrets(tmp_path: Path) -> Path:
    """The files of `make secrets`."""
    folder = tmp_path / "secrets"
    make_secrets(folder)
    return folder


@pytest.fixture
def redis_port(tmp_path: Path, secrets: Path) -> Iterator[int]:
    """The Valkey of the file, by its very command, on a port of its own."""
    port = free_port()
    argv = [
        word.replace("/run/secrets", str(secrets))
        for word in composed()["redis"]["command"]
    ]
    argv = [
        str(valkey_binary()),
        *argv[1:],
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(tmp_path),
    ]
    server = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    yield port
    server.terminate()
    server.wait(20)


def composed() -> dict[str, Any]:
    """The services of docker-compose.yml."""
    file = yaml.safe_load(substituted((ROOT / "docker-compose.yml").read_text(), GIVEN))
    services: dict[str, Any] = file["services"]
    return services


def asked_as_site(
    postgres: EmbeddedPostgres, sql: str
) -> subprocess.CompletedProcess[str]:
    argv = [
        str(postgres.bin / "psql"),
        "-h",
        str(postgres.home),
        "-U",
        "minibatch_site",
        "-d",
        "minibatch",
        "-qtAc",
        sql,
    ]
    return subprocess.run(argv, capture_output=True, text=True)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    folder, port = tmp_path / "mails", free_port()
    controller = Controller(Mailbox(str(folder)), hostname="127.0.0.1", port=port)
    controller.start()
    yield port, folder / "new"
    controller.stop()


@dataclass(frozen=True, slots=True)
class Services:
    """The services of docker-compose.yml, run as processes of this machine."""

    folder: Path
    secrets: Path
    web_port: int
    services: dict[str, Any]

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def command(self, words: list[str]) -> list[str]:
        return [word.replace(":8000", f":{self.web_port}") for word in words]

    def environment(self, name: str) -> dict[str, str]:
        """The environment of a service. Asserts that it names all of its secrets."""
        service = self.services[name]
        given = {
            key: str(value).replace("/run/secrets", str(self.secrets))
            for key, value in service["environment"].items()
        }
        named = {
            Path(value).name for key, value in given.items() if key.endswith("_FILE")
        }
        assert named == set(service["secrets"])
        outside = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("DJANGO_")
        }
        return {
            **outside,
            **given,
            "DATA_DIR": str(self.folder / "data"),
            "MAIL_TICK_SECONDS": "2",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def run(self, name: str, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            cwd=ROOT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            timeout=300,
        )

    @contextmanager
    def running(self, *names: str) -> Iterator[None]:
        """Run these services. At the end all must stop with exit code 0."""
        with (self.folder / "log").open("a+") as log:
            processes = [
                subprocess.Popen(
                    self.command(self.services[name]["command"]),
                    cwd=ROOT,
                    env=self.environment(name),
                    stdout=log,
                    stderr=log,
                )
                for name in names
            ]
            try:
                yield
            finally:
                for process in processes:
                    process.terminate()
                codes = [process.wait(60) for process in processes]
        assert codes == [0] * len(names)

    def wait_until(self, is_true: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_true():
            assert time.monotonic() < deadline, self.log
            time.sleep(0.5)

    def is_healthy(self, name: str) -> bool:
        check = self.command(self.services[name]["healthcheck"]["test"][1:])
        return self.run(name, check).returncode == 0


def point_secrets_to_this_machine(
    secrets: Path, postgres: EmbeddedPostgres, redis_port: int, smtp_port: int
) -> None:
    """Replace the hosts in the secrets, which are names of containers."""
    for name in ("owner-database-url", "site-database-url"):
        found = re.search(
            r"//(\w+):([^@]+)@db:5432/minibatch", (secrets / name).read_text()
        )
        assert found
        role, password = found.groups()
        (secrets / name).write_text(
            f"postgres://{role}:{password}@/{postgres.home}/minibatch\n"
        )
    redis_password = (secrets / "redis-password").read_text().strip()
    (secrets / "redis-url").write_text(
        f"redis://:{redis_password}@127.0.0.1:{redis_port}/0"
    )
    (secrets / "email-url").write_text(f"smtp://127.0.0.1:{smtp_port}")


def prepare_with_a_member_who_is_due(services: Services) -> None:
    words = services.command(services.services["prepare"]["command"])
    prepared = services.run("prepare", words)
    assert prepared.returncode == 0, prepared.stderr
    assert "http://study.example.org/set-up/?token=" in prepared.stdout
    shell = [sys.executable, "manage.py", "shell", "-v", "0", "-c", DUE_MEMBER]
    made = services.run("prepare", shell)
    assert made.returncode == 0, made.stderr


def assert_that_the_site_cannot_change_tables(postgres: EmbeddedPostgres) -> None:
    counted = asked_as_site(postgres, "SELECT count(*) FROM members_member")
    assert counted.stdout == "1\n"
    for beyond in (
        "CREATE TABLE x (y int)",
        "DROP TABLE members_member",
        "CREATE ROLE x",
        "TRUNCATE members_member",
    ):
        assert asked_as_site(postgres, beyond).returncode != 0, beyond


def test_the_composed_services_come_up_healthy_and_a_digest_arrives(
    tmp_path: Path,
    secrets: Path,
    postgres: EmbeddedPostgres,
    redis_port: int,
    mailbox: tuple[int, Path],
) -> None:
    smtp_port, mails = mailbox
    services = Services(tmp_path, secrets, free_port(), composed())
    (tmp_path / "data").mkdir()
    make_roles(postgres, secrets)
    point_secrets_to_this_machine(secrets, postgres, redis_port, smtp_port)
    prepare_with_a_member_who_is_due(services)
    assert_that_the_site_cannot_change_tables(postgres)

    with services.running("web", "worker", "beat"):
        for name in ("web", "worker"):
            services.wait_until(partial(services.is_healthy, name), 180)
        services.wait_until(lambda: mails.exists() and any(mails.iterdir()), 180)
        time.sleep(5)  # two more ticks, in which nothing may be sent again
        [arrived] = [path.read_text() for path in mails.iterdir()]

    assert "\nTo: mira@example.org\n" in arrived
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in arrived


def make_roles(postgres: EmbeddedPostgres, secrets: Path) -> None:
    """Run the file's own script for a new database, with the folder of
    secrets in its place.
    """
    [mount] = [each for each in composed()["db"]["volumes"] if "initdb.d" in each]
    script = (
        (ROOT / mount.split(":")[0]).read_text().replace("/run/secrets", str(secrets))
    )
    # Encrypted sign-in as in the container; the server's own account still
    # comes in without a password.
    environment = {
        **os.environ,
        "PATH": f"{postgres.bin}:{os.environ['PATH']}",
        "PGHOST": str(postgres.home),
        "POSTGRES_USER": SUPERUSER,
        "POSTGRES_DB": "postgres",
    }
    subprocess.run(["sh", "-c", script], env=environment, check=True, timeout=60)


def test_every_container_of_ours_is_restrained() -> None:
    services = composed()
    for name in ("prepare", "web", "worker", "beat"):
        service = services[name]
        assert "size=" in service["tmpfs"][0], name
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert dockerfile.count("FROM ") == 2
    assert "USER minibatch" in dockerfile
    assert "HEALTHCHECK" in dockerfile


def test_no_secret_is_in_the_environment_of_a_container() -> None:
    for name, service in composed().items():
        shown = {
            key: str(value) for key, value in service.get("environment", {}).items()
        }
        secret = [
            key
            for key in shown
            if re.search("PASSWORD|SECRET|_URL", key) and not key.endswith("_FILE")
        ]
        assert set(secret) <= {"SITE_URL"}, name


def test_secrets_are_made_once(tmp_path: Path) -> None:
    first = make_secrets(tmp_path / "secrets")
    key = (tmp_path / "secrets" / "secret-key").read_text()

    assert "secret-key" in first
    assert make_secrets(tmp_path / "secrets") == []
    assert (tmp_path / "secrets" / "secret-key").read_text() == key
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_a_missing_address_stops_compose_with_a_sentence() -> None:
    with pytest.raises(AssertionError, match="SITE_URL must be given"):
        substituted((ROOT / "docker-compose.yml").read_text(), {})
