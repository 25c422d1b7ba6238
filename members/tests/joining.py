"""Steps of joining and signing in, as a browser takes them."""

import re
import time
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core import mail
from django.test import Client
from django.urls import reverse

from members.models import Member
from members.tests.make import make_member

PASSWORD = "a long one indeed"
WRONG = "not it"


def make_reachable(email: str = "ines@example.org", **fields: Any) -> Member:
    """A member with a confirmed address."""
    member = make_member(email=email, **fields)
    EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
    return member


def newest_code() -> str:
    """The code of the newest mail; empty where it holds none."""
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[-1].body, re.MULTILINE)
    return found[0] if found else ""


def ask_to_join(
    client: Client, email: str = "noor@example.org", name: str = "Noor Haddad"
) -> Any:
    return client.post(reverse("account_signup"), {"name": name, "email": email})


def type_joining_code(client: Client, code: str, **more: str) -> Any:
    return client.post(
        reverse("account_email_verification_sent"), {"code": code, **more}
    )


def ask_for_code(client: Client, email: str = "ines@example.org") -> Any:
    return client.post(reverse("account_request_login_code"), {"email": email})


def type_code(client: Client, code: str, **more: str) -> Any:
    return client.post(reverse("account_confirm_login_code"), {"code": code, **more})


def try_password(client: Client, email: str, password: str = WRONG) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def digits(secret: str) -> str:
    """What the member's authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_app(member: Member) -> str:
    """Set up an authenticator app; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    return secret


def with_password(member: Member) -> Client:
    """A browser after the member typed `PASSWORD`; with a second factor it shows the
    page for that.
    """
    client = Client()
    assert try_password(client, member.email, PASSWORD).status_code == 302
    return client


def age_proofs(client: Client, seconds: float) -> None:
    """Date the proofs of the session so many seconds earlier."""
    session = client.session
    for each in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        each["at"] -= seconds
    session.save()


def from_address(number: int) -> Client:
    """A visitor with an address of their own."""
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


def opened_settings(client: Client) -> dict[str, Any]:
    """What a browser sends when the page of settings is saved as
    it was opened.
    """
    form = client.get("/settings/").context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}
