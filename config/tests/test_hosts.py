"""SITE_URL is the only origin: of pages, of redirects, of every
address in every mail.
"""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config.network import allowed_hosts
from members.tests.joining import make_reachable
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db

FOREIGN = [
    "localhost:6666",
    "localhost",
    "127.0.0.1",
    "127.0.0.1:8001",
    "[::1]:6666",
    "study.example.org:444",
    "www.study.example.org",
    "evil.example",
    "study.example.org.evil.example",
    "study.example.org@evil.example",
    "study.example.org:8000",
    "",
]


@pytest.fixture(autouse=True)
def _study(settings: Settings) -> None:
    settings.SITE_URL = "https://study.example.org"
    settings.BEHIND_TLS = True
    settings.ALLOWED_HOSTS = allowed_hosts(settings.SITE_URL, ["www.study.example.org"])
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    make_group()


def asked_by(host: str) -> Client:
    return Client(HTTP_HOST=host, HTTP_X_FORWARDED_PROTO="https")


@pytest.mark.parametrize(
    "host", ["study.example.org", "study.example.org:443", "STUDY.example.org"]
)
def test_the_site_answers_by_its_own_name(host: str) -> None:
    assert asked_by(host).get("/").status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_another_name_or_port_is_led_to_the_site_or_refused(host: str) -> None:
    answer = asked_by(host).get("/learn/?a=1")

    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        assert answer.headers["Location"] == "https://study.example.org/learn/?a=1"


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize(
    "page",
    [
        "account_reset_password",
        "account_request_login_code",
        "account_signup",
        "account_login",
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_no_mail_is_caused_by_another_name(host: str, page: str, known: bool) -> None:
    email = make_reachable().email if known else "nobody@example.org"

    asked_by(host).post(
        reverse(page), {"email": email, "name": "N", "login": email, "password": "x"}
    )

    assert not mail.outbox


@pytest.mark.parametrize(
    "page", ["account_reset_password", "account_request_login_code", "account_signup"]
)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("site", ["https://study.example.org", "http://127.0.0.1:8000"])
def test_every_address_in_a_mail_begins_with_the_address_of_the_site(
    settings: Settings, page: str, known: bool, site: str
) -> None:
    settings.SITE_URL = site
    email = make_reachable().email if known else "nobody@example.org"
    host = "localhost:8000" if "127" in site else "study.example.org:443"

    asked_by(host).post(reverse(page), {"email": email, "name": "N"})

    [letter] = mail.outbox
    addresses = re.findall(r"\bhttps?:\S+", letter.body)
    assert addresses
    assert not [
        each for each in addresses if each != site and not each.startswith(f"{site}/")
    ]
    assert host not in letter.body.replace(site, "")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "study.example.org"])
def test_the_health_check_asks_by_the_names_of_this_machine(host: str) -> None:
    assert asked_by(host).get("/health/").status_code != 302


def test_on_one_machine_its_names_are_one_site_on_one_port(settings: Settings) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"
    settings.BEHIND_TLS = False
    settings.ALLOWED_HOSTS = allowed_hosts(settings.SITE_URL, [])

    answers = {
        host: Client(HTTP_HOST=host).get("/").status_code
        for host in ("127.0.0.1:8000", "localhost:8000")
    }
    others = {
        host: Client(HTTP_HOST=host).get("/").status_code
        for host in ("localhost:6666", "localhost")
    }

    assert (set(answers.values()), set(others.values())) == ({200}, {302})


@pytest.mark.parametrize(
    "wanted",
    ["http://localhost/", "https://evil.example/", "//evil.example", "javascript:x"],
)
def test_signing_in_leads_nowhere_else(wanted: str) -> None:
    client = asked_by("study.example.org")
    make_member()
    make_reachable(password="a long one indeed")
    page = f"{reverse('account_login')}?next={wanted}"

    answer = client.post(
        page,
        {"login": "ines@example.org", "password": "a long one indeed", "next": wanted},
    )

    assert answer.headers["Location"] == "/"
