"""Redis stopped, gone or hanging: every page answers, people sign in and
join, and limits count.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import Settings
from redis.connection import AbstractConnection as Connection

from config import standbycache
from members.actions import clear_standby_cache
from members.tests.joining import (
    ask_for_code,
    ask_to_join,
    make_reachable,
    newest_code,
    try_password,
    type_code,
    type_joining_code,
)
from members.tests.make import make_group
from operate import embedded

pytestmark = pytest.mark.django_db

PASSWORD = "a long one indeed"


def use_redis_at(address: str, settings: Settings) -> None:
    settings.CACHES = {
        **configured.CACHES,
        "default": {**configured.REDIS_CACHE, "LOCATION": address},
    }
    standbycache._left_alone_until.clear()


@pytest.fixture
def away(settings: Settings) -> None:
    """A Redis that is not there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    use_redis_at(f"redis://127.0.0.1:{port}", settings)


@pytest.fixture
def valkey(settings: Settings, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real server on a socket."""
    path = tmp_path / "v.sock"
    process = subprocess.Popen(embedded.valkey_command(tmp_path, path))
    deadline = time.monotonic() + 120
    while not embedded.answers(path):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    use_redis_at(f"unix://{path}", settings)
    yield process
    os.kill(process.pid, signal.SIGCONT)
    process.kill()
    process.wait()


def addresses(
    patterns: list[URLPattern | URLResolver], prefix: str = "/"
) -> Iterator[str]:
    """Every address of the site, with something plausible in the place of
    each argument.
    """
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^").rstrip("$").replace("\\Z", "")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif "(?" not in route:
            parts = route.split("<")
            yield parts[0] + "".join(_fill(part) for part in parts[1:])


def _fill(part: str) -> str:
    kind, _, rest = part.partition(">")
    values = {
        "int": "1",
        "uuid": "11111111-1111-4111-8111-111111111111",
        "day": "2026-05-05",
    }
    return values.get(kind.partition(":")[0], "x") + rest


def test_a_value_survives_in_the_database_while_redis_is_away(away: None) -> None:
    assert cache.get("a") is None
    cache.set("a", [1.5, 2], 60)
    assert cache.get("a") == [1.5, 2]
    assert cache.add("a", 1) is False
    cache.delete("a")
    assert cache.get("a") is None
    assert cache.get_many(["a"]) == {}


def test_what_is_used_up_is_counted_while_redis_is_away(away: None) -> None:
    assert [cache.count(name, 2, timeout=60) for name in "aab"] == [2, 4, 2]  # type: ignore[attr-defined]


def test_a_number_ends_a_while_after_it_began(
    valkey: subprocess.Popen[bytes],
) -> None:
    counted = [cache.count(name, 2, timeout=60) for name in "aab"]  # type: ignore[attr-defined]
    later = cache.count("a", 2, timeout=6000)  # type: ignore[attr-defined]

    client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
    assert (counted, later) == ([2, 4, 2], 6)
    assert 0 < client.ttl(cache.make_key("a")) <= 60


def test_a_number_is_counted_in_one_round_trip(
    valkey: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.get("a")  # a connection
    sent: list[object] = []
    send = Connection.send_packed_command
    monkeypatch.setattr(
        Connection,
        "send_packed_command",
        lambda self, *args, **kw: (sent.append(args), send(self, *args, **kw))[1],
    )

    cache.count("a", 1, timeout=60)  # type: ignore[attr-defined]

    assert len(sent) == 1


@pytest.mark.parametrize("who", ["visitor", "member", "owner"])
def test_every_address_answers_while_redis_is_away(away: None, who: str) -> None:
    make_group()
    client = Client(raise_request_exception=False)
    if who != "visitor":
        client.force_login(
            make_reachable(owner_since=timezone.now() if who == "owner" else None)
        )
    # red is its answer
    walked = [
        path for path in addresses(get_resolver().url_patterns) if path != "/health/"
    ]

    answers = {path: client.get(path).status_code for path in walked}

    assert len(walked) > 80
    assert not {path: status for path, status in answers.items() if status >= 500}


def test_people_join_and_sign_in_by_code_and_password_while_redis_is_away(
    away: None,
) -> None:
    make_group()
    ines = make_reachable(password=PASSWORD)

    joining, by_code, by_password, resetting = Client(), Client(), Client(), Client()
    ask_to_join(joining)
    assert (
        type_joining_code(joining, newest_code()).headers["Location"]
        == "/welcome/goal/"
    )
    ask_for_code(by_code)
    assert type_code(by_code, newest_code()).headers["Location"] == "/"
    assert try_password(by_password, ines.email, PASSWORD).headers["Location"] == "/"
    assert (
        resetting.post(
            reverse("account_reset_password"), {"email": ines.email}
        ).status_code
        == 302
    )


def test_guessing_is_limited_while_redis_is_away(away: None) -> None:
    make_group()
    ines = make_reachable(password=PASSWORD)

    answers = [try_password(Client(), ines.email).status_code for _ in range(8)]

    assert answers == [200] * 5 + [429] * 3


def test_what_is_over_is_taken_out_of_the_table(away: None) -> None:
    cache.set("old", 1, 1)
    cache.set("new", 1, 600)
    time.sleep(2.1)

    clear_standby_cache(now=timezone.now())

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM standby_cache")
        assert [key.rpartition(":")[2] for (key,) in cursor.fetchall()] == ["new"]


def test_the_table_is_bounded() -> None:
    assert configured.CACHES["standby"]["OPTIONS"]["MAX_ENTRIES"] <= 20_000


def test_a_redis_that_hangs_is_waited_for_once_and_found_again(
    valkey: subprocess.Popen[bytes],
) -> None:
    cache.set("a", "in redis", 60)
    assert caches["standby"].get("a") is None

    os.kill(valkey.pid, signal.SIGSTOP)
    begun = time.monotonic()
    for n in range(20):
        cache.set(f"b{n}", n, 60)
    assert time.monotonic() - begun < 4
    assert cache.get("b19") == 19

    os.kill(valkey.pid, signal.SIGCONT)
    standbycache._left_alone_until[next(iter(standbycache._left_alone_until))] = 0
    assert cache.get("a") == "in redis"


def test_sign_in_answers_within_seconds_while_redis_hangs(
    valkey: subprocess.Popen[bytes],
) -> None:
    make_group()
    ines = make_reachable(password=PASSWORD)
    os.kill(valkey.pid, signal.SIGSTOP)

    begun = time.monotonic()
    assert try_password(Client(), ines.email, PASSWORD).headers["Location"] == "/"
    assert time.monotonic() - begun < 4
