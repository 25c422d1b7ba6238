"""Every URL is limited: once a member or an address has used up the limit of a
minute, no further request is processed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from config.tests.addresses import Address, addresses
from config.tests.world import World
from members.budget import BudgetMiddleware

pytestmark = pytest.mark.django_db

# Answered all the same, and why that costs little.
NEVER_LIMITED = {
    "operate:health": "one look at a few rows, for programs that ask all day",
}
FORMS_NEVER_LIMITED = {
    "mail:unsubscribe": "programs of mail providers send these, many from one address",
}
ELSEWHERE = (
    302,
    401,
    403,
    404,
    405,
)  # led to the sign-in page, or refused, before any work


def clients(world: World) -> Iterator[tuple[str, Client]]:
    for role in ("visitor", "member", "owner"):
        client = Client(raise_request_exception=False)
        if role in world.people:
            client.force_login(world[role])
        yield role, client


def all_but(names: dict[str, str], world: World) -> list[Address]:
    every = addresses(world)
    assert names.keys() <= {address.name for address in every}
    return [address for address in every if address.name not in names]


def test_no_page_is_shown_to_whoever_has_used_up_the_minute(
    world: World, settings: Settings
) -> None:
    settings.PAGES_PER_MINUTE = 1
    shown = []

    with time_machine.travel(world.now, tick=False):
        for role, client in clients(world):
            for _ in range(2):
                client.get("/learn/")
            for address in all_but(NEVER_LIMITED, world):
                answer = client.get(address.path)
                if answer.status_code != 429:
                    shown.append(f"{role} {address.name} {answer.status_code}")

    assert shown == []


def test_no_form_is_read_of_whoever_has_used_up_the_minute(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_up = type(
        "UsedUp",
        (),
        {
            "name": "used-up",
            "amount": 0,
            "seconds": 60,
            "text": "Too many forms.",
            "in_process": False,
        },
    )
    monkeypatch.setattr("members.budget.FORMS", used_up)
    monkeypatch.setattr("members.budget.FORMS_OF_AN_ADDRESS", used_up)
    read, limited = [], set()

    for role, client in clients(world):
        for address in all_but({**NEVER_LIMITED, **FORMS_NEVER_LIMITED}, world):
            answer = client.post(address.path)
            if answer.status_code == 429:
                limited.add(address.name)
            elif answer.status_code not in ELSEWHERE:
                read.append(f"{role} {address.name} {answer.status_code}")

    assert read == []
    assert len(limited) > 100


def test_a_hundred_equal_forms_of_a_member_do_not_all_go_through(world: World) -> None:
    client = Client()

    with time_machine.travel(world.now, tick=False):  # all within one minute
        client.force_login(world["member"])
        answers = [
            client.post("/settings/", {"name": ""}).status_code for _ in range(100)
        ]

    assert 429 in answers
    assert 200 in answers


def test_the_health_page_answers_who_has_used_up_everything(
    world: World, settings: Settings
) -> None:
    settings.PAGES_PER_MINUTE = 1
    client = Client()

    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        assert [client.get("/learn/").status_code for _ in range(4)] == [
            200,
            200,
            429,
            429,
        ]
    assert client.get("/health/").status_code in (200, 503)


def test_no_number_means_any_number(world: World, settings: Settings) -> None:
    settings.PAGES_PER_MINUTE = 0

    assert {Client().get("/learn/").status_code for _ in range(30)} == {200}


def test_the_middleware_is_in_use(settings: Settings) -> None:
    name = f"{BudgetMiddleware.__module__}.{BudgetMiddleware.__qualname__}"

    assert name in settings.MIDDLEWARE
