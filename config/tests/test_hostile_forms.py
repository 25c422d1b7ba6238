"""Every form that a member, a curator or the owner can open takes whatever
is sent to it, one field after the other.

The forms are found by reading the pages, so that a new one is asked too,
and the questions of an address by reading the module that answers it. Each
field gets one hostile value, chosen by its position. `HOSTILE=all` sends
every value to every field, which takes some minutes:

    HOSTILE=all python -m pytest -p no:xdist config/tests/test_hostile_forms.py

The forms of the admin (`/admin/`) are left out: they are
Django's, and for two or three people.
"""

import inspect
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from config.tests.addresses import addresses, patterns
from config.tests.asking import make_busy_world, taken_back
from config.tests.columns import browser_of
from config.tests.filled import TYPED
from config.tests.forms import Form, Reader, Sent
from config.tests.world import World
from operate import health
from text.typed import clean_line

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

ALL = os.environ.get("HOSTILE") == "all"
MISSING: list[str] = []
VALUES: tuple[list[str], ...] = (
    ["9" * 5000],
    ["9" * 30],
    ["-1"],
    ["abc"],
    ["\x00"],
    ["\ud800"],
    ["0000-00-00"],
    ["0001-01-01T00:00:00+14:00"],
    ["9999-12-31"],
    ["é" * 100_000],
    ["1", "abc"],
    MISSING,
)
WHO = ("mem", "cur", "own")
DESK = "/admin/"


@dataclass(slots=True)
class Case:
    who: str
    client: Client
    path: str
    method: str
    name: str  # of the field that is hostile
    fields: Sent
    typed: set[str]

    def fault(self) -> str:
        """What went wrong; empty where nothing did."""
        body = urlencode(
            {name: list(map(_sent, values)) for name, values in self.fields.items()},
            doseq=True,
        )
        with taken_back(self.client):
            if self.method == "post":
                answer = self.client.post(
                    self.path, body, content_type="application/x-www-form-urlencoded"
                )
            else:
                answer = self.client.get(f"{self.path}?{body}")
        sent = [each[:12] for each in self.fields.get(self.name, [])]
        asked = f"{self.who} {self.method} {self.path} {self.name}={sent}"
        if answer.status_code >= 500:
            return f"{asked}: {answer.status_code}"
        lost = self._lost(answer)
        return (
            f"{asked}: {answer.status_code}, without what was typed: {lost}"
            if lost
            else ""
        )

    def _lost(self, answer: Any) -> list[str]:
        """The fields of text whose words are not on the page that says
        what is wrong.
        """
        if answer.status_code in (204, 301, 302) or "html" not in answer.headers.get(
            "Content-Type", ""
        ):
            return []
        page = _spaces(unescape(answer.content.decode()))
        return [
            name
            for name in sorted(self.typed)
            if not any(_spaces(clean_line(v)) in page for v in self._of(name))
        ]

    def _of(self, name: str) -> list[str]:
        return self.fields.get(name) or [""]


def _sent(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _spaces(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    # whatever this machine lacks just now
    monkeypatch.setattr(health, "problems", list)
    return make_busy_world()


def _pages(client: Client, world: World) -> Iterator[tuple[str, str]]:
    """Path and HTML of every page that answers."""
    for address in addresses(world):
        if address.path.startswith(DESK):
            continue
        with taken_back(client):
            answer = client.get(address.path)
        if (
            answer.status_code == 200
            and not answer.streaming
            and "html" in answer.headers.get("Content-Type", "")
        ):
            yield address.path, answer.content.decode()


def _forms(client: Client, world: World) -> Iterator[tuple[str, str, Form]]:
    """Path, route and form, for every form of every page that
    leads to this site.
    """
    for page, html in _pages(client, world):
        reader = Reader()
        reader.feed(html)
        for form in reader.forms:
            path = urlsplit(urljoin(page, form.action)).path
            try:
                yield path, resolve(path).view_name, form
            except Resolver404:
                raise AssertionError(
                    f"A form of {page} leads to {path}, which is not there"
                ) from None


def _cases(world: World) -> Iterator[Case]:
    asked, turn = set(), count()
    for who in WHO:
        client = browser_of(who, world)
        for path, route, form in _forms(client, world):
            typed = TYPED.get(route, {}) if form.method == "post" else {}
            more = typed(world) if callable(typed) else typed
            more = {
                name: [str(value)]
                for name, value in more.items()
                if name not in form.fields.keys() - form.typed
            }
            fields = {**form.fields, **more}
            kind = (route, form.method, *sorted(fields))
            if path.startswith(DESK) or kind in asked:
                continue
            asked.add(kind)
            for name in fields:
                for values in _values(next(turn)):
                    yield Case(
                        who,
                        client,
                        path,
                        form.method,
                        name,
                        {**fields, name: values},
                        form.typed,
                    )


def _values(turn: int) -> tuple[list[str], ...]:
    return VALUES if ALL else (VALUES[turn % len(VALUES)],)


def test_whatever_is_sent_to_a_form_is_answered_and_what_was_typed_stays(
    world: World,
) -> None:
    cases = list(_cases(world))

    assert len(cases) > 100, "no forms were found"
    assert [fault for case in cases if (fault := case.fault())] == []


def test_whatever_an_address_asks_is_answered(world: World) -> None:
    turn, faults = count(), []
    client = browser_of("own", world)
    for path, _html in _pages(client, world):
        source = _source_of(resolve(path).func)
        for name in sorted(set(re.findall(r'GET\.get\("(\w+)"', source))):
            for values in _values(next(turn)):
                faults.append(
                    Case(
                        "own", client, path, "get", name, {name: values}, set()
                    ).fault()
                )

    assert len(faults) > 50, "no questions were found"
    assert [fault for fault in faults if fault] == []


def _source_of(view: Any) -> str:
    """The module of a view, with the other modules of its package
    of views.
    """
    path = Path(inspect.getsourcefile(inspect.unwrap(view)) or "")
    modules = [path]
    if "views" in path.parent.parts:
        modules = sorted(path.parent.glob("*.py"))
    return "".join(module.read_text() for module in modules)


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_id_that_no_row_can_have_is_not_found(world: World, method: str) -> None:
    client = browser_of("own", world)
    codes: dict[tuple[str, int], int] = {}
    for name, wanted in patterns():
        if "pk" in wanted and not name.startswith("admin:"):
            known = world.parameters[""] | world.parameters.get(name, {})
            for pk in ("9" * 30, "9" * 4000, "9" * 5000):
                path = reverse(
                    name,
                    kwargs={each: known[each] for each in wanted} | {"pk": 987_654_321},
                )
                with taken_back(client):
                    codes[name, len(pk)] = getattr(client, method)(
                        path.replace("987654321", pk)
                    ).status_code

    assert len(codes) > 50, "no addresses with an id were found"
    assert {
        asked: code for asked, code in codes.items() if code not in (404, 405)
    } == {}
