"""HEAD has the headers of GET and no body, on every address."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from config.head import Application, with_head
from config.tests.addresses import addresses
from config.tests.asking import forget
from config.tests.world import make_world

Answer = tuple[str, dict[str, str], bytes]
# Other values in each answer, and the length of what holds such values.
VARIES = {"Content-Length", "ETag", "Set-Cookie", "X-Request-Id"}


def ask(application: Application, method: str, path: str, **more: str) -> Answer:
    """Status, headers and body, as a server of WSGI reads them."""
    told: list[tuple[str, dict[str, str]]] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_ACCEPT": "text/html",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        **more,
    }
    body = application(
        environ, lambda status, headers, *_: told.append((status, dict(headers)))
    )
    sent = b"".join(body)
    if close := getattr(body, "close", None):
        close()
    return *told[0], sent


@pytest.mark.django_db
@time_machine.travel(datetime(2026, 11, 27, 12, tzinfo=UTC), tick=False)
@pytest.mark.parametrize("role", ["visitor", "member", "owner"])
def test_every_address_answers_head_as_get_without_a_body(role: str) -> None:
    world = make_world()
    client = Client()
    if role in world.people:
        client.force_login(world[role])
    cookies = "; ".join(
        f"{name}={morsel.value}" for name, morsel in client.cookies.items()
    )
    application = with_head(WSGIHandler())
    wrong = {}

    for address in addresses(world):
        if address.name.startswith("admin:") or address.name.endswith("logout"):
            continue
        answers = []
        for method in ("GET", "HEAD"):
            forget()
            answers.append(ask(application, method, address.path, HTTP_COOKIE=cookies))
        (status, headers, _body), (head_status, head_headers, head_body) = answers
        same = {k: v for k, v in headers.items() if k not in VARIES}
        head_same = {k: v for k, v in head_headers.items() if k not in VARIES}
        if (status, headers.keys(), same, b"") != (
            head_status,
            head_headers.keys(),
            head_same,
            head_body,
        ):
            wrong[address.name] = (status, same, head_status, head_same)

    assert wrong == {}


SERVED = """
import config.wsgi
from config.tests.test_head import ask
status, headers, body = ask(config.wsgi.application, "HEAD", "/robots.txt")
print(status, int(headers["Content-Length"]) > 0, body)
"""


def test_the_site_is_served_with_head() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVED],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.test_settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "200 OK True b''\n"


class Body:
    """A body that notices what becomes of it."""

    closed = False

    def __iter__(self) -> Any:
        raise AssertionError("the body of an answer to HEAD was read")

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("body", [Body(), [b"page"]])
def test_what_is_not_sent_is_closed(body: Iterable[bytes]) -> None:
    def site(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Length", "4")])
        assert environ["REQUEST_METHOD"] == "GET"
        return body

    assert ask(with_head(site), "HEAD", "/") == ("200 OK", {"Content-Length": "4"}, b"")
    assert getattr(body, "closed", True)
