"""Session, member and enrolment are read by one statement, and checked as
Django does.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lists.tests.compare import assert_same
from members.models import Member
from members.tests.make import make_member
from progress import actions
from progress.context import current_enrollment
from progress.models import Enrollment
from progress.sessions import SessionStore
from progress.tests.make import make_curriculum, make_enrollment

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(name="member")
def _member() -> Member:
    return make_member()


@pytest.fixture(name="browser")
def _browser(client: Client, member: Member) -> Client:
    client.force_login(member)
    return client


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def is_signed_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def change(client: Client, **values: Any) -> None:
    """Change what the session of this browser holds."""
    session = client.session
    session.update(values)
    session.save()


def test_session_member_and_enrolment_are_one_query(
    browser: Client, member: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_enrollment(member)

    with django_assert_num_queries(1):
        session = SessionStore(key_of(browser))
        assert session[SESSION_KEY] == str(member.pk)

    assert session.member == member
    assert list(session.enrollments) == [member.pk]


def test_the_statement_is_its_queryset(browser: Client, member: Member) -> None:
    for slug in ("one", "two"):
        make_enrollment(member, make_curriculum(slug=slug))

    for key in (key_of(browser), "x" * 32):
        assert_same(SessionStore.statement, key=key, now=timezone.now())


def test_the_enrolment_is_the_current_one_that_was_visited_last(
    browser: Client, member: Member
) -> None:
    rows = [
        make_enrollment(member, make_curriculum(slug=slug))
        for slug in ("one", "two", "three")
    ]
    for number, row in enumerate(rows):
        visited_at = NOON + timedelta(days=number)
        Enrollment.objects.filter(pk=row.pk).update(visited_at=visited_at)
    actions.withdraw(rows[2], now=NOON)
    session = SessionStore(key_of(browser))
    session.load()

    read = session.enrollments[member.pk]

    expected = Enrollment.objects.with_release().get(pk=rows[1].pk)
    assert read == expected
    assert read.__dict__.keys() >= {"visited_at", "carried", "step_key"}
    assert read.curriculum == expected.curriculum
    assert read.release == expected.release
    assert read.release.get_deferred_fields() == expected.release.get_deferred_fields()


def test_a_member_without_an_enrolment_has_none(browser: Client, rf: Any) -> None:
    request = rf.get("/")
    request.session = SessionStore(key_of(browser))
    request.session.load()
    request.user = request.session.member

    assert current_enrollment(request) is None


def test_a_form_reads_the_enrolment_again(
    browser: Client, member: Member, rf: Any
) -> None:
    request = rf.post("/")
    request.session = SessionStore(key_of(browser))
    request.session.load()
    request.user = request.session.member

    enrollment = make_enrollment(member)

    assert current_enrollment(request) == enrollment


def test_the_enrolment_of_another_member_is_never_shown(
    browser: Client, member: Member, rf: Any
) -> None:
    make_enrollment(member)
    request = rf.get("/")
    request.session = SessionStore(key_of(browser))
    request.session.load()
    request.user = make_member()

    assert current_enrollment(request) is None


def test_a_session_that_has_ended_signs_nobody_in(browser: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert not is_signed_in(browser)


def test_a_session_that_was_ended_elsewhere_signs_nobody_in(browser: Client) -> None:
    UserSession.objects.get(session_key=key_of(browser)).end()

    assert not is_signed_in(browser)


def test_another_password_ends_the_session(browser: Client, member: Member) -> None:
    member.set_password("another one, quite long")
    member.save()

    assert not is_signed_in(browser)
    assert not Session.objects.filter(session_key=key_of(browser)).exists()


@pytest.mark.parametrize("wrong", ["", "0" * 64, None])
def test_a_session_with_a_wrong_hash_signs_nobody_in(
    browser: Client, wrong: str | None
) -> None:
    change(browser, **{HASH_SESSION_KEY: wrong})

    assert not is_signed_in(browser)


def test_a_session_with_a_backend_that_is_not_ours_signs_nobody_in(
    browser: Client,
) -> None:
    change(
        browser, **{BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend"}
    )

    assert not is_signed_in(browser)


def test_a_member_who_may_not_sign_in_is_not_signed_in(
    browser: Client, member: Member
) -> None:
    Member.objects.filter(pk=member.pk).update(is_active=False)

    assert not is_signed_in(browser)


def test_a_session_of_an_older_secret_key_still_signs_in(
    browser: Client, settings: Any
) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a newer one " * 6

    assert is_signed_in(browser)


def test_the_session_says_who_it_is_and_not_the_note_about_it(
    browser: Client, member: Member
) -> None:
    other = make_member("Kofi Mensah")
    UserSession.objects.update(user=other)

    page = browser.get("/settings/").content.decode()

    assert member.name in page
    assert other.name not in page


def test_a_session_without_a_note_still_signs_in(browser: Client) -> None:
    UserSession.objects.all().delete()

    assert is_signed_in(browser)


def test_a_key_that_names_no_session_signs_nobody_in(client: Client) -> None:
    for key in ("", "x", "y" * 32, "'; --", "z" * 5000):
        client.cookies[settings.SESSION_COOKIE_NAME] = key

        assert not is_signed_in(client)
