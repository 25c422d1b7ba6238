"""A site that listens everywhere is reached from other machines, by
exactly the addresses that it prints.
"""

import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import Settings

from config import network
from config.network import EVERYWHERE, allowed_hosts, listening_at, names_here
from members.models import StudyGroup
from members.setup import setup_token
from members.tests.make import make_group
from operate.up import Site, why_not_listen

ROOT = Path(__file__).parents[2]
HERE = ["192.168.4.7", "10.8.0.3", "garden"]
SITE = "http://192.168.4.7:8190"


@pytest.fixture
def _everywhere(settings: Settings, db: None) -> None:
    settings.NETWORK_NAMES = HERE
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = allowed_hosts(SITE, HERE)
    make_group()


def settings_of(**environment: str) -> list[str]:
    """SITE_URL, NETWORK_NAMES and ALLOWED_HOSTS as the settings make them,
    and whether Django was loaded.
    """
    code = (
        "import sys; from config import settings as s; "
        "print(s.SITE_URL, ','.join(s.NETWORK_NAMES), ','.join(s.ALLOWED_HOSTS), "
        "'django.http' in sys.modules)"
    )
    ours = ("HOST", "PORT", "SITE_URL", "ALLOWED_HOSTS")
    rest = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-c", code]
    return subprocess.check_output(
        command, cwd=ROOT, env={**rest, **environment}, text=True
    ).split(" ")


def test_names_are_those_of_this_machine_and_can_be_typed_on_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "_towards", lambda family: "192.168.4.7")
    monkeypatch.setattr(
        network,
        "_of_interfaces",
        lambda: ["127.0.0.1", "192.168.4.7", "169.254.3.3", "10.8.0.3"],
    )
    monkeypatch.setattr(network.socket, "gethostname", lambda: "Garden")

    assert names_here("0.0.0.0") == HERE  # noqa: S104
    assert names_here("127.0.0.1") == names_here("192.168.4.7") == []


def test_without_a_network_there_is_no_other_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "_towards", lambda family: "")
    monkeypatch.setattr(network, "_of_interfaces", lambda: ["127.0.0.1"])

    assert names_here("0.0.0.0") == []  # noqa: S104


def test_listening_everywhere_takes_an_address_of_the_network_into_links() -> None:
    site, found, allowed, _ = settings_of(HOST="0.0.0.0", PORT="8190")  # noqa: S104

    names = [name for name in found.split(",") if name]
    assert site == f"http://{(names or ['127.0.0.1'])[0]}:8190"
    assert set(allowed.split(",")) == {*names, "localhost", "127.0.0.1", "[::1]"}


def test_an_address_that_was_given_is_kept_and_the_others_lead_there() -> None:
    site, found, allowed, _ = settings_of(
        HOST="0.0.0.0",  # noqa: S104
        SITE_URL="https://study.example.org",
    )

    assert site == "https://study.example.org"
    assert set(allowed.split(",")) >= {"study.example.org", *found.split(",")} - {""}


def test_the_settings_can_be_read_without_django() -> None:
    assert settings_of()[-1].strip() == "False"


@pytest.mark.usefixtures("_everywhere")
@pytest.mark.parametrize("name", [*HERE, "127.0.0.1", "localhost"])
def test_pages_and_forms_work_by_every_address_of_the_machine(name: str) -> None:
    browser = Client(enforce_csrf_checks=True, HTTP_HOST=f"{name}:8190")
    browser.get("/accounts/signup/")
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value

    answer = browser.post(
        "/theme/",
        {"theme": "dark", "csrfmiddlewaretoken": token},
        headers={"Origin": f"http://{name}:8190", "Referer": f"http://{name}:8190/"},
    )

    assert answer.status_code in (200, 204, 302)


@pytest.mark.usefixtures("_everywhere")
@pytest.mark.parametrize(
    "host",
    ["192.168.4.8:8190", "evil.example", "garden.evil.example:8190", "a_b", "<b>", ""],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_name_gets_a_page_with_the_address_and_one_line_in_the_log(
    host: str, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = getattr(Client(HTTP_HOST=host), method)("/learn/")

    # no name at all, which Django takes for the name of the server
    if answer.status_code == 302:
        assert answer.headers["Location"] == f"{SITE}/learn/"
        return
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'<a href="{SITE}/{"learn/" if method == "get" else ""}">' in page
    assert "<b>" not in page
    assert [
        (each.name, each.exc_info)
        for each in caplog.records
        if each.name == "config.hosts"
    ] == [("config.hosts", None)]
    assert not [each for each in caplog.records if each.exc_info]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("site", "words"),
    [
        (SITE, f"People can join at {SITE}"),
        ("http://127.0.0.1:8190", "Only this machine can open it now"),
    ],
)
def test_who_opens_the_group_is_told_an_address_that_others_can_open(
    settings: Settings, client: Client, site: str, words: str
) -> None:
    settings.SITE_URL, settings.NETWORK_NAMES = site, HERE
    settings.ALLOWED_HOSTS = allowed_hosts(site, HERE)
    form = {
        "token": setup_token(),
        "group_name": "Batch",
        "name": "Mira",
        "email": "mira@example.org",
    }

    answer = client.post(
        "/set-up/",
        {**form, "password": "a long one indeed", "time_zone": "UTC"},
        headers={"Host": site[7:]},
    )

    assert StudyGroup.objects.exists(), answer.content.decode()
    assert words in str(next(iter(get_messages(answer.wsgi_request))))


def test_the_start_says_every_address(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.NETWORK_NAMES, settings.SITE_URL, settings.PORT, settings.EMAIL_URL = (
        HERE,
        SITE,
        8190,
        "",
    )

    Site.say_where(type("Bare", (), {"settings": settings, "first_run_lines": ""})())  # type: ignore[arg-type]

    said = capsys.readouterr().out
    assert all(f"  http://{name}:8190\n" in said for name in HERE)
    assert f"Links in mail start with {SITE}" in said


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        (" 192.168.4.7 ", "192.168.4.7"),
        ("garden", "garden"),
        ("[::1]", "::1"),
        *(
            (everywhere, EVERYWHERE[0])
            for everywhere in (
                EVERYWHERE[0],
                "0",
                "*",
                "0x0",
                "0.0",
                "::ffff:0.0.0.0",
                " 0",
            )
        ),
        *(
            (everywhere, EVERYWHERE[1])
            for everywhere in ("::", "[::]", "::0", "0:0:0:0:0:0:0:0")
        ),
    ],
)
def test_everywhere_is_known_in_every_spelling(typed: str, host: str) -> None:
    assert listening_at(typed) == host


def test_a_place_where_nothing_can_listen_is_said_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert why_not_listen("127.0.0.1", port).startswith(
            f"Port {port} is taken by another program"
        )
    assert why_not_listen("127.0.0.1", port) == ""
    for host in ("198.51.100.7", "2001:db8::7", "no such name.invalid"):
        assert why_not_listen(host, port).startswith(
            f"HOST={host} is no address of this machine."
        )
