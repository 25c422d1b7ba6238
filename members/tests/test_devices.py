"""The cookie of a browser that somebody has signed in with."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from config.cookies import cookie
from members import devices
from members.devices import KEPT_FOR, Device, device_of
from members.models import Member

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def cookie_of(member: Member) -> str:
    response = HttpResponse()
    devices.remember(RequestFactory().get("/"), response, member)
    return response.cookies[cookie(devices.COOKIE)].value


def read(signed: str) -> Device | None:
    request = RequestFactory().get("/")
    request.COOKIES[cookie(devices.COOKIE)] = signed
    return device_of(request)


def test_the_signature_of_a_cookie_is_checked_once_a_day(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    loads = signing.loads

    def noted(signed: str, **options: object) -> object:
        checked.append(signed)
        return loads(signed, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(signing, "loads", noted)
    with time_machine.travel(NOW, tick=False):
        signed = cookie_of(member)
        checked.clear()
        first, second = read(signed), read(signed)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        third = read(signed)

    assert first == second == third
    assert first
    assert first.member_id == member.pk
    assert checked == [signed, signed]


def test_a_cookie_ends_after_a_year(member: Member) -> None:
    with time_machine.travel(NOW, tick=False):
        signed = cookie_of(member)
        assert read(signed)
    with time_machine.travel(NOW + KEPT_FOR + timedelta(days=1), tick=False):
        assert read(signed) is None


def test_a_cookie_that_was_changed_names_nobody(
    member: Member, settings: Settings
) -> None:
    signed = cookie_of(member)
    assert read(signed)

    assert read(f"{signed}a") is None
    assert read(f"{signed}a") is None
    settings.SECRET_KEY = "another"
    assert read(signed) is None
