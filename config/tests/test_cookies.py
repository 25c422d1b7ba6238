"""Behind TLS every cookie that any answer sets is bound to this very host."""

from collections.abc import Iterator
from http.cookies import Morsel

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config.cookies import cookie
from config.network import allowed_hosts
from config.tests.addresses import addresses
from config.tests.world import World
from members.devices import device_of

pytestmark = pytest.mark.django_db

COOKIES = ("sessionid", "csrftoken", "device", "messages", "theme")
BEHIND_TLS = {"HTTP_HOST": "study.example.org", "HTTP_X_FORWARDED_PROTO": "https"}


def is_bound(morsel: Morsel[str]) -> bool:
    """Whether browsers take it from this host alone: the name, and what
    such a name asks for.
    """
    return bool(
        morsel.key.startswith("__Host-")
        and morsel["secure"]
        and not morsel["domain"]
        and morsel["path"] == "/"
    )


def cookies_of(world: World, **headers: str) -> Iterator[tuple[str, Morsel[str]]]:
    """What every address sets for a visitor and a member, with the name of
    the address.
    """
    for role in ("visitor", "member"):
        for method in ("get", "post"):
            client = Client(raise_request_exception=False, **headers)
            if role == "member":
                client.force_login(world[role])
            for address in addresses(world):
                fields = {"theme": "dark"} if address.name == "members:theme" else {}
                answer = getattr(client, method)(address.path, fields)
                yield from (
                    (address.name, morsel) for morsel in answer.cookies.values()
                )


@pytest.fixture
def _tls(settings: Settings) -> None:
    settings.SITE_URL = "https://study.example.org"
    settings.BEHIND_TLS = settings.SESSION_COOKIE_SECURE = (
        settings.CSRF_COOKIE_SECURE
    ) = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = (
        "__Host-sessionid",
        "__Host-csrftoken",
    )
    settings.ALLOWED_HOSTS = allowed_hosts(settings.SITE_URL, [])
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.usefixtures("_tls")
def test_every_cookie_behind_tls_is_bound_to_this_host(world: World) -> None:
    met = list(cookies_of(world, **BEHIND_TLS))

    assert {
        f"{name} {morsel.OutputString()}"
        for name, morsel in met
        if not is_bound(morsel)
    } == set()
    assert {morsel.key for _, morsel in met} == {f"__Host-{each}" for each in COOKIES}


def test_every_cookie_without_tls_names_the_port_of_the_site(
    world: World, settings: Settings
) -> None:
    settings.SITE_URL = "http://127.0.0.1:8123"
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = (
        cookie("sessionid"),
        cookie("csrftoken"),
    )

    assert {
        morsel.key for _, morsel in cookies_of(world, HTTP_HOST="127.0.0.1:8123")
    } == {f"{each}-8123" for each in COOKIES}


@pytest.mark.usefixtures("_tls")
def test_the_cookies_are_read_by_these_names(world: World) -> None:
    client = Client(**BEHIND_TLS)
    client.force_login(world["member"])
    client.post(reverse("members:theme"), {"theme": "dark"})
    answer = client.get("/settings/")

    assert 'data-theme="dark"' in answer.content.decode()
    device = device_of(answer.wsgi_request)
    assert device
    assert device.member_id == world["member"].pk


@pytest.mark.usefixtures("_tls")
def test_a_cookie_that_a_neighbour_planted_counts_for_nothing(world: World) -> None:
    client = Client(**BEHIND_TLS)
    client.force_login(world["other"])
    client.get("/settings/")
    planted = client.cookies["__Host-device"].value
    victim = Client(**BEHIND_TLS)
    victim.cookies["device"] = planted

    answer = victim.get("/learn/")

    assert device_of(answer.wsgi_request) is None
    assert list(get_messages(answer.wsgi_request)) == []


def test_the_cookie_of_messages_is_deleted_where_there_is_one(world: World) -> None:
    client = Client()
    client.force_login(world["member"])
    name = cookie("messages")
    page = client.get("/settings/")
    sent = {
        bound.html_name: bound.value()
        for bound in page.context["form"]
        if bound.value()
    }

    saved = client.post("/settings/", sent)
    shown = client.get("/settings/")
    del client.cookies[name]  # as a browser does, unlike the client of tests
    after = client.get("/settings/")

    assert name not in page.cookies
    assert saved.cookies[name].value
    assert "Saved." in shown.content.decode()
    assert shown.cookies[name]["max-age"] == 0
    assert name not in after.cookies
