"""What is unread is read with the session, by the same statement."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lists.tests.compare import assert_same
from members.tests.make import make_member
from notifications.sessions import SessionStore
from notifications.tests.make import ask, comment, tell

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_the_count_costs_no_query_and_the_statement_is_its_queryset(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    member = make_member()
    client.force_login(member)
    comment(ask(member), make_member("Yuki Arai"))
    tell()
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert_same(SessionStore.statement, key=key, now=timezone.now())

    with django_assert_num_queries(1):
        session = SessionStore(key)
        session.load()

    assert session.member == member
    assert session.unread[member.pk].count == 1
    assert list(session.enrollments) == [member.pk]
