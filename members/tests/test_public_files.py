"""What stands at fixed addresses, and what a link to a public page
shows elsewhere.
"""

import re
import struct

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from config.tests.test_middleware import simple_paths
from members.tests.make import make_group
from progress.tests.make import make_curriculum, step

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _group() -> None:
    group = make_group(name="Batch of Ghent")
    group.tagline = "We learn on Tuesdays."
    group.save()


def is_allowed(rules: str, path: str) -> bool:
    """As RFC 9309 has it: the longest rule that fits decides."""
    best, allowed = -1, True
    for word, pattern in re.findall(r"^(Allow|Disallow): (\S+)$", rules, re.MULTILINE):
        fits = re.match(
            re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$"), path
        )
        if fits and len(pattern) > best:
            best, allowed = len(pattern), word == "Allow"
    return allowed


def test_search_engines_may_read_what_visitors_may_read_and_nothing_else(
    client: Client,
) -> None:
    make_curriculum(step("first"), slug="short")
    rules = client.get("/robots.txt").content.decode()
    public = [
        "/",
        "/learn/",
        "/learn/short/",
        "/learn/short/first/",
        "/learn/short/releases/",
    ]

    assert [path for path in public if client.get(path).status_code != 200] == []
    assert [path for path in public if not is_allowed(rules, path)] == []
    leads_away = [
        path for path in simple_paths() if client.get(path).status_code != 200
    ]
    assert len(leads_away) > 10
    assert [path for path in leads_away if is_allowed(rules, path)] == []
    assert not is_allowed(rules, "/learn/short/releases/1/file/")
    assert not is_allowed(rules, "/sign-in/secret/")


def test_the_manifest_names_the_group_and_icons_of_the_stated_size(
    client: Client,
) -> None:
    answer = client.get("/manifest.json")
    facts = answer.json()

    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (facts["name"], facts["display"], facts["start_url"]) == (
        "Batch of Ghent",
        "standalone",
        "/",
    )
    for each in facts["icons"]:
        found = finders.find(each["src"].removeprefix("/static/"))
        with open(str(found), "rb") as file:
            assert (
                "{}x{}".format(*struct.unpack(">II", file.read(24)[16:]))
                == each["sizes"]
            )


def test_a_browser_that_asks_for_an_icon_by_itself_gets_one(client: Client) -> None:
    answer = client.get("/favicon.ico")

    assert finders.find(answer.headers["Location"].removeprefix("/static/"))


@pytest.mark.parametrize(
    ("path", "title", "text"),
    [
        ("/", "Batch of Ghent", "We learn on Tuesdays."),
        ("/learn/", "Curricula", None),
        ("/learn/short/", "Short", None),
        ("/learn/short/first/", "First", None),
        ("/learn/short/releases/", "Releases of Short", None),
        ("/learn/short/releases/1/", "Short", None),
    ],
)
def test_a_link_to_a_public_page_shows_title_text_and_picture(
    client: Client, path: str, title: str, text: str | None
) -> None:
    make_curriculum(step("first"), slug="short")

    page = client.get(path).content.decode()
    told = dict(
        re.findall(
            r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page
        )
    )

    assert told["og:title"].lower() == title.lower()
    assert text is None or told["og:description"] == text
    assert told["og:url"] == f"http://testserver{path}"
    assert f'<link rel="canonical" href="http://testserver{path}">' in page
    assert finders.find(told["og:image"].removeprefix("http://testserver/static/"))


def test_pages_of_an_account_have_no_second_address(client: Client) -> None:
    assert 'rel="canonical"' not in client.get("/accounts/login/").content.decode()
