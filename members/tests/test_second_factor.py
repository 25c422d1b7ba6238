"""What we changed in the sign-in pages that allauth brings."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from members.tests.make import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]


def test_the_square_code_is_drawn_in_the_page_because_no_picture_may_come_from_a_data_address(
    client: Client,
) -> None:
    client.force_login(make_member())

    page = client.get(reverse("mfa_activate_totp")).content.decode()

    assert re.search(r'<div class="square-code"[^>]*><svg [^>]*><path ', page)
    assert "data:" not in page


def test_a_passkey_is_for_signing_in_unless_somebody_unticks_it(client: Client) -> None:
    client.force_login(make_member())

    form = client.get(reverse("mfa_add_webauthn")).context["form"]

    assert (form["passwordless"].value(), form["name"].value()) == (True, "Passkey")


@pytest.mark.parametrize("email", ["ines@example.org", "nobody@example.org"])
def test_a_mail_about_signing_in_names_the_group_and_asks_nobody_to_shout(
    client: Client, email: str
) -> None:
    make_member(email="ines@example.org")

    client.post(reverse("account_request_login_code"), {"email": email})

    letter = mail.outbox[0]
    assert letter.body.startswith("Hello from Tuesday Gradients.")
    assert letter.body.endswith("http://testserver")
    assert "!" not in letter.body + letter.subject
    assert not re.search(r"\buser\b", letter.body)


@pytest.mark.parametrize(
    ("host", "offered"),
    [("localhost:8000", True), ("127.0.0.1:8000", False), ("[::1]", False)],
)
def test_a_passkey_is_offered_where_browsers_give_one(
    client: Client, settings: Settings, host: str, offered: bool
) -> None:
    settings.SITE_URL = f"http://{host}"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    page = client.get(reverse("account_login"), headers={"host": host}).content.decode()

    assert ('id="passkey_login"' in page) == offered
    assert ('id="mfa_login"' in page) == offered
