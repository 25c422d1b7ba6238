"""Every address asked by everybody, as who_may.txt has it.

A cell of the table is the answer: its status, or `in` for "to the sign-in
page", `key` for "to the second factor", `ask` for "show who you are
first". A `+` behind it says that something was changed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache, caches
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import progress.actions as study
from config.tests.addresses import admin_actions, path_of, routes
from config.tests.columns import COLUMNS, Written, browser_of
from config.tests.filled import filled
from config.tests.world import World, make_world
from curriculum.models import KEPT_OUTLINES, Step
from lists.cache import forget_all
from members.budget import COUNTS

TABLE = Path(__file__).with_name("who_may.txt")
METHODS = ("GET", "POST")
# in this order: the first who sees the form fills it in
FILLERS = ("own", "mem", "oth", "vis")

# method, and route with the name of an action of the admin
Line = tuple[str, str]


def read_table(text: str) -> dict[Line, dict[str, str]]:
    """The cells by line and column."""
    lines = [
        line.split()
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    ]
    head, *rows = lines
    assert head == list(COLUMNS), (
        "the columns of who_may.txt are not those of columns.py"
    )
    cells = {}
    for row in rows:
        name, answers = row[: -len(COLUMNS)], row[-len(COLUMNS) :]
        assert len(name) in (2, 3), f"{row} does not have a cell for each column"
        line = (name[0], " ".join(name[1:]))
        assert line not in cells, f"{line} stands there twice"
        cells[line] = dict(zip(COLUMNS, answers, strict=True))
    return cells


def lines_of_the_site() -> list[Line]:
    asked = [(method, route) for method in METHODS for route in routes()]
    return [
        *asked,
        *(("POST", f"{route} {action}") for route, action in admin_actions()),
    ]


EXPECTED = read_table(TABLE.read_text())


def make_busy_world() -> World:
    """With something to take back and something to publish."""
    world = make_world()
    study.mark_revisit(
        world["member"],
        world.parameters[""]["activity_key"],
        now=timezone.now(),
        flag=True,
    )
    Step.objects.filter(slug="encounter").update(
        title="A title that nobody has published"
    )
    return world


@dataclass(frozen=True, slots=True)
class Answer:
    column: str
    cell: str
    changed: set[str]  # tables
    seen: Any


class Asked:
    """Answers to the lines.

    Whatever an answer changed is taken back before the next one.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.browsers = {column: browser_of(column, world) for column in COLUMNS}

    def answers(
        self, line: Line, columns: str, looked_at: Callable[[], Any] = lambda: None
    ) -> Iterator["Answer"]:
        """What each of the columns is answered, and what `looked_at` gives
        back before that is taken back.
        """
        method, route, action = (line[0], *line[1].split(), "")[:3]
        path = path_of(route, self.world)
        fields = self._fields(method, route, path, action)
        for column in columns.split():
            client = self.browsers[column]
            with taken_back(client), Written() as written:
                cell = _cell(getattr(client, method.lower())(path, fields))
                seen = looked_at()
            yield Answer(
                column, cell + ("+" if written.tables else ""), written.tables, seen
            )

    def _fields(
        self, method: str, route: str, path: str, action: str
    ) -> dict[str, Any]:
        if method == "GET":
            return {}
        if action:
            label, model = path.split("/")[2:4]
            row = path_of(
                f"/admin/{label}/{model}/<path:object_id>/", self.world
            ).split("/")[4]
            return {"action": action, "_selected_action": row, "post": "yes"}
        seen_by = [
            self.browsers[each]
            for each in FILLERS
            if EXPECTED["GET", route][each].startswith("200")
        ]
        with taken_back(*seen_by):
            return filled(route, path, seen_by, self.world)


@contextmanager
def taken_back(*clients: Client) -> Iterator[None]:
    """Leave database, caches and browsers as they were, also where an
    answer signed somebody out.
    """
    before = [
        {name: each.value for name, each in client.cookies.items()}
        for client in clients
    ]
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for client, cookies in zip(clients, before, strict=True):
        client.cookies.clear()
        for name, value in cookies.items():
            client.cookies[name] = value
    forget()


def forget() -> None:
    """What pages keep for a while, and what is counted."""
    cache.clear()
    caches["local"].clear()
    KEPT_OUTLINES.clear()
    forget_all()
    COUNTS.clear()


def _cell(answer: Any) -> str:
    if answer.status_code not in (301, 302):
        return str(answer.status_code)
    to = urlsplit(answer.headers["Location"]).path
    if to in (reverse("account_login"), reverse("admin:login")):
        return "in"
    if to in (reverse("members:second_factor"), reverse("mfa_reauthenticate")):
        return "key"
    return "ask" if to == reverse("members:prove") else "302"
