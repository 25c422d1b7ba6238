"""What one member may use up: counted before the work, for each
member apart.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from members.budget import (
    EDITS,
    FORMS,
    FORMS_OF_AN_ADDRESS,
    Budget,
    WindowCounts,
    spend,
)
from members.limits import TooMany
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, 10, tzinfo=UTC)
THREE = Budget("three", 3, 60, EDITS.text)
THREE_OF_A_PROCESS = replace(THREE, in_process=True)


def test_pages_that_were_asked_for_as_the_minute_turned_are_counted_together() -> None:
    pages = WindowCounts()

    assert [pages.count("ines", minute) for minute in (5, 6, 5, 6)] == [1, 1, 2, 3]


def test_a_clock_that_was_ahead_ends_no_count_of_pages_for_long() -> None:
    pages = WindowCounts()

    assert [pages.count("ines", minute) for minute in (500, 5, 5, 6)] == [1, 1, 2, 1]


EACH = pytest.mark.parametrize("three", [THREE, THREE_OF_A_PROCESS])


@EACH
def test_a_budget_ends_and_begins_again(member: Member, three: Budget) -> None:
    for _ in range(3):
        spend(member, three, now=NOW)
    with pytest.raises(TooMany) as refusal:
        spend(member, three, now=NOW)

    assert refusal.value.wait == 50
    spend(member, three, now=NOW + timedelta(seconds=50))


@EACH
def test_one_large_cost_is_refused_at_once(member: Member, three: Budget) -> None:
    with pytest.raises(TooMany):
        spend(member, three, 4, now=NOW)


@EACH
def test_nobody_uses_up_the_budget_of_another(member: Member, three: Budget) -> None:
    for _ in range(3):
        spend(member, three, now=NOW)
    spend(make_member("Wei Tan"), three, now=NOW)
    spend("203.0.113.7", three, now=NOW)


def test_pages_use_up_no_forms(client: Client, member: Member) -> None:
    client.force_login(member)
    with time_machine.travel(NOW, tick=False):
        pages = [client.get("/settings/").status_code for _ in range(FORMS.amount)]
        form = client.post("/settings/", {"name": "words of mine"})

    assert {*pages, form.status_code} == {200}


def test_a_form_of_a_member_waits_for_no_redis(
    client: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(cache, "count", lambda *args, **_options: asked.append(args))
    client.force_login(member)

    assert client.post("/settings/", {"name": ""}).status_code == 200
    assert asked == []


def test_a_count_that_vanishes_meanwhile_is_no_error(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "add", lambda *_args, **_options: False)

    spend(member, THREE, now=NOW)


def test_a_member_who_sends_forms_without_end_is_asked_to_wait(
    client: Client, member: Member
) -> None:
    client.force_login(member)
    with time_machine.travel(NOW, tick=False):
        answers = [
            client.post("/settings/", {"name": "words of mine"}).status_code
            for _ in range(FORMS.amount)
        ]
        last = client.post("/settings/", {"name": "words of mine"})

    assert 429 not in answers
    assert last.status_code == 429
    assert "words of mine" in last.content.decode()
    assert last["Retry-After"] == "50"


def test_visitors_are_counted_by_address(client: Client, member: Member) -> None:
    with time_machine.travel(NOW, tick=False):
        for _ in range(FORMS_OF_AN_ADDRESS.amount):
            spend("203.0.113.7", FORMS_OF_AN_ADDRESS, now=NOW)
        refused = client.post(
            reverse("account_login"),
            {"login": "a@b.example"},
            REMOTE_ADDR="203.0.113.7",
        )
        other = client.post(
            reverse("account_login"),
            {"login": "a@b.example"},
            REMOTE_ADDR="198.51.100.1",
        )

    assert (refused.status_code, other.status_code) == (429, 200)
