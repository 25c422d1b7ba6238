"""How long sessions last: a visitor's as long as the code, a
member's for weeks.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import actions
from members.models import Member
from members.tests.joining import (
    ask_for_code,
    ask_to_join,
    make_reachable,
    newest_code,
    type_code,
    type_joining_code,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]


def lasts(client: Client) -> timedelta:
    """How long the row of the browser's session stays from now on."""
    return (
        Session.objects.get(session_key=client.session.session_key).expire_date
        - timezone.now()
    )


def by_code(client: Client) -> None:
    type_code(client, newest_code())


def by_link(client: Client) -> None:
    token = actions.make_sign_in_link(
        make_reachable("other@example.org"), now=timezone.now()
    )
    client.post(reverse("members:sign_in_link", args=[token]))


def test_a_session_that_waits_for_a_code_ends_within_hours(client: Client) -> None:
    make_reachable()

    ask_for_code(client)

    assert timedelta(hours=1) < lasts(client) <= timedelta(hours=2)


def test_a_session_of_a_sign_up_that_nobody_finishes_ends_within_hours(
    client: Client,
) -> None:
    ask_to_join(client)

    assert timedelta(hours=1) < lasts(client) <= timedelta(hours=2)


@pytest.mark.parametrize("way_in", [by_code, by_link])
def test_who_signs_in_stays_for_weeks(
    client: Client, way_in: Callable[[Client], None]
) -> None:
    make_reachable()
    ask_for_code(client)

    way_in(client)

    assert "_auth_user_id" in client.session
    assert lasts(client) > timedelta(days=50)
    client.get("/settings/")
    assert lasts(client) > timedelta(days=50)


def test_who_joins_stays_for_weeks(client: Client) -> None:
    ask_to_join(client)

    type_joining_code(client, newest_code())

    assert "_auth_user_id" in client.session
    assert lasts(client) > timedelta(days=50)


def test_who_signs_out_leaves_no_session(client: Client) -> None:
    client.force_login(make_reachable())
    client.get("/settings/")

    client.post(reverse("account_logout"))

    assert Session.objects.count() == 0


def test_a_page_gets_the_member_and_nothing_that_stands_for_them(
    client: Client,
) -> None:
    client.force_login(make_reachable())

    request = client.get("/settings/").wsgi_request

    assert type(request.user) is Member
