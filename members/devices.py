"""Browsers that somebody has signed in with: a signed cookie that tells a
member's own device from a stranger's.
"""

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from config.cookies import cookie
from members.models import Member

COOKIE = "device"
SALT = "members.devices"
KEPT_FOR = timedelta(days=365)
A_DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Device:
    """Who signed in last with this browser, and a name for the browser
    that nobody can guess.
    """

    member_id: int
    name: str


def device_of(request: HttpRequest) -> Device | None:
    """What the cookie says; None for a browser that nobody has
    signed in with.
    """
    signed = request.COOKIES.get(cookie(COOKIE), "")
    try:
        return _read(signed, settings.SECRET_KEY, int(time.time()) // A_DAY)
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


@lru_cache(maxsize=2_000)
def _read(signed: str, secret: str, day: int) -> Device:
    """Every page of a member has the same cookie, so its signature is checked once a
    day. What raises an error is not cached.
    """
    value = signing.loads(signed, key=secret, salt=SALT, max_age=KEPT_FOR)
    return Device(int(value["member"]), str(value["name"]))


def device_for(request: HttpRequest, email: str) -> Device | None:
    """The device, if it is one of the member who signs in with `email`."""
    device = device_of(request)
    if (
        device
        and Member.objects.filter(pk=device.member_id).with_address(email).exists()
    ):
        return device
    return None


def remember(request: HttpRequest, response: HttpResponse, member: Member) -> None:
    """Leave the cookie with the browser, unless it has it already."""
    device = device_of(request)
    if device and device.member_id == member.pk:
        return
    response.set_cookie(
        cookie(COOKIE),
        signing.dumps({"member": member.pk, "name": secrets.token_hex(8)}, salt=SALT),
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
