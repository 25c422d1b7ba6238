"""What holds for every page: bounded bodies, private answers, and no rows
written for visitors.
"""

import io

import pytest
from csp.utils import build_policy
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from config.middleware import PIECE, drain
from config.tests.addresses import addresses
from config.tests.world import make_world
from members.models import Member, StudyGroup
from members.tests.make import make_group, make_member


def simple_paths() -> list[str]:
    """Every address without a parameter."""
    found = []

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for each in patterns:
            path = before + str(each.pattern)
            if isinstance(each, URLResolver):
                walk(each.url_patterns, path)
            elif "<" not in path and "(?P" not in path and "^" not in path:
                found.append(f"/{path}".replace("\\Z", ""))

    walk(get_resolver().url_patterns, "")
    return sorted(set(found))


@pytest.fixture
def study_group(db: None) -> StudyGroup:
    return make_group()


@pytest.fixture
def member(study_group: StudyGroup) -> Member:
    return make_member()


class Counting(io.RawIOBase):
    """A body that counts how much of it was read, and in which pieces."""

    def __init__(self, size: int) -> None:
        self.left, self.largest = size, 0

    def read(self, size: int = -1) -> bytes:
        self.largest = max(self.largest, size)
        taken = min(size, self.left)
        self.left -= taken
        return b"x" * taken


def test_a_body_is_read_away_in_small_pieces_and_to_a_limit() -> None:
    body = Counting(1_000_000)

    drain(body, 300_000)

    assert body.left == 700_000
    assert body.largest == PIECE


def test_a_body_that_ends_early_does_not_hold_the_site() -> None:
    body = Counting(10)

    drain(body, 1_000_000)

    assert body.left == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/posts/new/", "/health/", "/nowhere/", "/admin/"]
)
def test_too_large_a_body_is_refused_before_it_is_parsed(
    client: Client, path: str
) -> None:
    with override_settings(
        BODY_BYTES_MAX=1000,
        UPLOAD_BYTES_MAX=1000,
        FILE_UPLOAD_HANDLERS=["nothing.may.be.Parsed"],
    ):
        answer = client.post(path, {"file": SimpleUploadedFile("big", b"x" * 2000)})

    assert answer.status_code == 413
    assert "at most" in answer.content.decode()
    assert "Content-Security-Policy" in answer


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nowhere/", "/accounts/login/", "/admin/"])
def test_every_page_has_the_policy_of_the_settings(client: Client, path: str) -> None:
    make_group()

    answers = [client.get(path)["Content-Security-Policy"] for _asked in range(2)]

    assert answers == [build_policy(), build_policy()]
    assert "script-src 'self'" in answers[0]


@pytest.mark.django_db
def test_pages_of_django_about_an_error_keep_their_styles(client: Client) -> None:
    make_group()

    with override_settings(DEBUG=True):
        missing, found = client.get("/nowhere/"), client.get("/")

    assert "Content-Security-Policy" not in missing
    assert "Content-Security-Policy" in found


@pytest.mark.parametrize("path", simple_paths())
def test_no_cache_keeps_a_page_of_a_member(
    client: Client, member: Member, path: str
) -> None:
    client.force_login(member)

    control = client.get(path).get("Cache-Control", "")

    assert "no-store" in control or path.endswith((".txt", ".webmanifest", ".js")), (
        control
    )


@pytest.mark.django_db
def test_no_cache_keeps_a_page_that_a_link_opens() -> None:
    world = make_world()
    links = [
        address
        for address in addresses(world)
        if "token" in resolve(address.path).kwargs
    ]

    kept = {
        each.name
        for each in links
        if "no-store" not in Client().get(each.path).get("Cache-Control", "")
    }

    assert (len(links), kept) == (3, set())


@pytest.mark.django_db
def test_no_cache_keeps_the_page_that_opens_the_site() -> None:
    answer = Client().get("/set-up/?token=of-the-first-start")

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_no_cache_keeps_a_page_of_staff_or_of_one_thing() -> None:
    world = make_world()
    client = Client()
    client.force_login(world["owner"])

    kept = {
        address.name
        for address in addresses(world)
        if "no-store" not in client.get(address.path).get("Cache-Control", "")
        and "logout" not in address.name
    }

    # A release says nothing of the member; the browser asks before it shows it again.
    assert kept == {"curriculum:release_file"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", simple_paths())
def test_a_visitor_writes_no_session(
    client: Client, study_group: StudyGroup, path: str
) -> None:
    client.get(path)
    client.post(
        path, {"body": "x" * 10_000, "title": "y", "name": "z", "next": "/posts/new/"}
    )

    assert not Session.objects.exists()


def test_a_form_answered_in_place_is_told_the_next_page(
    client: Client, member: Member
) -> None:
    client.force_login(member)
    words = {"kind": "discussion", "title": "Hello", "body": "Good morning."}
    in_place = {"X-In-Place": "true"}

    refused = client.post("/posts/new/", {**words, "body": ""}, headers=in_place)
    posted = client.post("/posts/new/", words, headers=in_place)

    assert (refused.status_code, "X-In-Place-Location" in refused) == (200, False)
    assert (posted.status_code, "Location" in posted) == (204, False)
    assert posted["X-In-Place-Location"].startswith("/posts/")
