"""What pages and emails of accounts say, where a wrong word misleads."""

import logging
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core import context as allauth_context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from members import actions
from members.context import localhost_address
from members.models import USUAL_HOURS
from members.tests.joining import ask_for_code, make_reachable
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 1, 27, tzinfo=UTC)


def test_a_code_names_the_group_and_how_long_it_works(client: Client) -> None:
    group = make_group()
    make_reachable()
    ask_for_code(client)

    [message] = mail.outbox
    assert message.subject == f"Your sign-in code for {group.name}"
    assert message.from_email.startswith(group.name)
    assert "It works once, for 15 minutes." in message.body
    assert "If you did not ask for this, ignore this email." in message.body


@time_machine.travel(NOW, tick=False)
def test_a_notice_says_the_time_on_the_members_clock() -> None:
    make_group()
    ines = make_member(name="Ines", time_zone="America/New_York")
    request = RequestFactory().get("/")
    request.user = ines
    with allauth_context.request_context(request):
        get_adapter().send_notification_mail(
            "account/email/password_changed", ines, {}, ines.email
        )

    assert (
        "Time: Thursday 26 November 2026, 20:27 (America/New_York)"
        in mail.outbox[0].body
    )


def test_a_used_sign_in_link_says_so_before_a_button_is_pressed(client: Client) -> None:
    make_group()
    ines = make_member(name="Ines")
    token = actions.make_sign_in_link(ines, now=timezone.now())
    address = reverse("members:sign_in_link", args=[token])

    assert client.get(address).status_code == 200
    assert client.get(address).status_code == 200  # looking does not use it up
    client.post(address)

    answer = Client().get(address)
    assert answer.status_code == 404
    assert "This link no longer works" in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Authenticator.Type.TOTP, "second factor added"),
        (Authenticator.Type.RECOVERY_CODES, "recovery codes made"),
    ],
)
def test_recovery_codes_are_no_second_factor_in_the_log(
    caplog: pytest.LogCaptureFixture, kind: str, said: str
) -> None:
    ines = make_member(name="Ines")
    caplog.set_level(logging.INFO, "minibatch.security")

    request = RequestFactory().get("/")
    request.session = SessionStore()
    authenticator_added.send(
        Authenticator,
        request=request,
        user=ines,
        authenticator=Authenticator(user=ines, type=kind),
    )

    assert [record.getMessage().partition(" {")[0] for record in caplog.records] == [
        said
    ]


@pytest.mark.parametrize(
    ("host", "leads"), [("127.0.0.1:8000", True), ("study.example.org", False)]
)
def test_where_no_passkey_can_be_the_page_leads_to_where_one_can(
    settings, host: str, *, leads: bool
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    request = RequestFactory().get(reverse("mfa_index"), headers={"host": host})

    assert localhost_address(request) == (
        f"http://localhost:8000{request.path}" if leads else ""
    )
    page = render_to_string(
        "mfa/_no_passkeys.html", {"localhost_address": localhost_address(request)}
    )
    assert "Browsers allow passkeys only" in page
    assert ("Open this page at localhost" in page) == leads


def test_an_empty_number_of_hours_shows_what_counts(client: Client) -> None:
    make_group()
    client.force_login(make_member(name="Ines"))

    page = client.get(reverse("members:settings")).content.decode()

    assert f'placeholder="{USUAL_HOURS}"' in page
    assert f"left empty, {USUAL_HOURS} hours count" in page


def test_members_are_told_who_can_see_what_and_whom_to_ask(client: Client) -> None:
    make_group()
    now = timezone.now()
    make_member(name="Olga Petrova", owner_since=now)
    make_member(name="Former Owner", owner_since=now, is_active=False)
    client.force_login(make_member(name="Ines"))

    page = client.get(reverse("members:settings")).content.decode()

    assert "Whoever runs the machine of this site can read its database" in page
    assert "Ask the owner of this group, Olga Petrova." in strip_tags(page)
