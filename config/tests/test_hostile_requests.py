"""Headers and values that no browser sends, to every address: each is
answered, none is an error of ours.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from config.tests.addresses import Address, addresses
from config.tests.world import World, make_world
from members.tests.spent import forget_spent
from operate import health

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
LONG, MARKS = "9" * 5_000, "a" + "\u0301" * 300 + "\u0323" * 300
HEADERS = [
    {"Host": "testserver:99999"},
    {"Origin": "http://["},
    {"Referer": "http://["},
    {"Referer": "http://testserver:x/"},
    {"Content-Type": "text/plain; charset=rot13"},
    {"Content-Type": f"{FORM}; charset=utf-16"},
    {"Content-Type": f"{PARTS}; charset=raw_unicode_escape"},
    {"Content-Type": "text/plain; charset*=nonsense''x"},
    {"HX-Request": "true", "HX-Target": "\xff", "HX-Current-URL": "http://["},
    {
        "Accept": "\x00;q=x",
        "Accept-Language": "x" * 900,
        "Range": "bytes=9-1",
        "If-Modified-Since": LONG,
    },
    {
        "Cookie": "sessionid=\xff; csrftoken=\x01; theme=\x02; messages=x; device=é",
        "X-Forwarded-For": "\x00, 999.1.1.1",
    },
]
VALUES = [
    "\x00",
    LONG,
    MARKS,
    "http://[",
    '{"a":' * 2_000,
    "\\ud800",
    "0000-00-00",
    "١",
    "-1",
    "\ufffe<b>",
]
# Names that pages read from their address or their form.
NAMES = (
    "q before after comment without look category kind page next moved token step "
    "paper show order parent from e p o"
    " route body title number do in wanted confidence done minutes up down retire "
    "email login password code name"
    " credential newest keep hide helped thanks resource seen_edited_at until "
    "studied_on version slug action"
    " _selected_action query reason revisit undo place here theme curriculum choices "
    "goal time_zone pk key changelog"
).split()

METHODS = ("GET", "POST")
NUL = "\\000aaaaaaaaaaaaa"  # in a cookie


def clients(world: World) -> Iterator[tuple[str, Client]]:
    for role in ("visitor", "member"):
        client = Client(raise_request_exception=False)
        if role in world.people:
            client.force_login(world[role])
        yield role, client


def walked(world: World) -> Iterator[tuple[str, Client, int, Address]]:
    """Each address as each of them.

    Whatever was changed is taken back, and no limit is used up.
    """
    for role, client in clients(world):
        for at, address in enumerate(addresses(world)):
            forget_spent()
            before = transaction.savepoint()
            yield role, client, at, address
            transaction.savepoint_rollback(before)


def fields(at: int) -> dict[str, str]:
    """A value for each name, another one at each address."""
    return {
        name: VALUES[(at + place) % len(VALUES)] for place, name in enumerate(NAMES)
    }


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> World:
    # whatever this machine lacks just now
    monkeypatch.setattr(health, "problems", list)
    settings.ALLOWED_HOSTS = ["*"]
    return make_world()


def test_no_header_is_an_error_of_ours_on_any_address(world: World) -> None:
    broken = []

    for role, client, at, address in walked(world):
        for place, headers in enumerate(HEADERS):
            method = METHODS[(at + place) % 2]
            answer = client.generic(method, address.path, b"body=x", headers=headers)
            if answer.status_code >= 500:
                broken.append((role, method, address.name, headers))

    assert broken == []


def test_no_value_is_an_error_of_ours_on_any_address(world: World) -> None:
    broken = []

    for role, client, at, address in walked(world):
        values = fields(at)
        query = urlencode({name: value[:200] for name, value in values.items()})
        for method, path in (
            ("GET", f"{address.path}?{query}"),
            ("POST", address.path),
        ):
            answer = client.generic(method, path, urlencode(values), content_type=FORM)
            if answer.status_code >= 500:
                broken.append((role, method, address.name, values))

    assert broken == []


def test_no_nul_is_an_error_of_ours_on_any_address(world: World) -> None:
    """PostgreSQL fails for it, wherever it would be looked for or stored."""
    broken = []
    values = urlencode(dict.fromkeys(NAMES, "\0a"))
    cookies = {"Cookie": f'{settings.SESSION_COOKIE_NAME}="{NUL}"; device="{NUL}"'}

    for role, client, _at, address in walked(world):
        path = f"{address.path}?{values}"
        answers = {
            "question": client.get(path),
            "form": client.generic("POST", path, values, content_type=FORM),
            "path": client.get(f"{address.path}%00"),
        }
        if role == "visitor":
            answers["cookie"] = client.get(address.path, headers=cookies)
        broken += [
            (role, address.name, sent)
            for sent, answer in answers.items()
            if answer.status_code >= 500
        ]

    assert broken == []
