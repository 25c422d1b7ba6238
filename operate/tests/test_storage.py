"""A full or read-only disk: nothing typed is lost, and reading goes on."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from members.models import Member
from members.tests.make import make_group, make_member
from operate import storage

pytestmark = pytest.mark.django_db

TEXT = "The error of a layer is the error it hands down,\nline by line."


@pytest.fixture
def member(client: Client) -> Member:
    make_group()
    member = make_member(owner_since=timezone.now())
    client.force_login(member)
    client.raise_request_exception = False
    return member


@contextmanager
def read_only() -> Iterator[None]:
    """Each write fails as on a disk that is read-only, in the words of the
    database itself.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
        else:
            # those that wait for the end would fail then
            connection.check_constraints()
            cursor.execute("SET TRANSACTION READ ONLY")
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = OFF")


@contextmanager
def full() -> Iterator[None]:
    """The database may not grow by a single page."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such limit")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        [pages] = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


def test_a_post_on_a_read_only_disk_is_shown_to_be_sent_again(
    client: Client, member: Member
) -> None:
    with read_only():
        answer = client.post(
            "/posts/new/", {"kind": "discussion", "title": "Why?", "body": TEXT}
        )

    assert answer.status_code == 503
    assert "Nothing new can be saved now" in answer.text
    assert TEXT in answer.text
    assert "Try again" in answer.text
    assert 'action="/posts/new/"' in answer.text
    assert '<input type="hidden" name="kind" value="discussion">' in answer.text


def test_a_post_on_a_full_disk_is_shown_to_be_sent_again(
    client: Client, member: Member
) -> None:
    long = TEXT + "x" * 20_000
    with full():
        answer = client.post(
            "/posts/new/", {"kind": "discussion", "title": "Why?", "body": long}
        )

    assert answer.status_code == 507
    assert "The disk is full" in answer.text
    assert long in answer.text


def test_a_password_is_not_repeated_and_the_form_not_sent_without_it(
    client: Client, member: Member
) -> None:
    fields = {
        "title": "Why?",
        "body": TEXT,
        "kind": "discussion",
        "password": "a member's secret",
    }

    with read_only():
        answer = client.post("/posts/new/", fields)

    assert answer.status_code == 503
    assert TEXT in answer.text
    assert "a member's secret" not in answer.text
    assert "Try again" not in answer.text


def pages(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every address of the site that takes no argument."""
    for each in patterns:
        address = prefix + str(each.pattern).lstrip("^")
        if isinstance(each, URLResolver):
            yield from pages(each.url_patterns, address)
        elif not any(sign in address for sign in "<(\\[?*"):
            yield "/" + address.rstrip("$")


# PostgreSQL ends a transaction in which a write fails
@pytest.mark.django_db(transaction=True)
def test_reading_goes_on_where_nothing_can_be_written(
    client: Client, member: Member
) -> None:
    addresses = sorted(set(pages(get_resolver().url_patterns)))
    assert len(addresses) > 30
    with_disk = {address: client.get(address).status_code for address in addresses}
    client.force_login(member)

    with read_only():
        without = {address: client.get(address).status_code for address in addresses}

    worse = {a: s for a, s in without.items() if s >= 500 and with_disk[a] < 500}
    assert set(worse) <= {"/health/"}, worse  # red is what it says then


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OperationalError("database or disk is full"), storage.FULL),
        (OperationalError("attempt to write a readonly database"), storage.READ_ONLY),
        (OperationalError("unable to open database file"), storage.READ_ONLY),
        (OSError(errno.ENOSPC, "No space left on device"), storage.FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), storage.FULL),
        (OSError(errno.EROFS, "Read-only file system"), storage.READ_ONLY),
        (OperationalError("database is locked"), ""),
        (OSError(errno.ENOENT, "No such file"), ""),
        (ValueError("database or disk is full"), ""),
        (None, ""),
    ],
)
def test_what_such_an_error_looks_like(error: Exception | None, trouble: str) -> None:
    assert storage.trouble(error) == trouble


def test_an_error_that_hides_the_disk_behind_another_is_seen() -> None:
    error = DatabaseError("could not")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")

    assert storage.trouble(error) == storage.FULL


def test_only_the_disk_excuses_what_is_noted_in_passing() -> None:
    with storage.best_effort():
        raise OperationalError("attempt to write a readonly database")

    with pytest.raises(OperationalError), storage.best_effort():
        raise OperationalError("no such table")


def test_every_other_error_is_the_plain_page(
    client: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("operate.health.problems", fail)

    answer = client.get("/health/")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
