"""Without a mail server, each page that says an email was sent
says where it is.
"""

from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from members.tests.joining import ask_for_code, ask_to_join, make_reachable
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db
WORDS = "This site does not send mail yet."


def pages(client: Client) -> dict[str, str]:
    make_group()
    make_reachable()
    reset = client.post(
        reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True
    )
    shown = {
        "reset-done": reset.content.decode(),
        **{
            name: client.get(reverse(name)).content.decode()
            for name in ("account_login", "account_reset_password")
        },
    }
    ask_for_code(client)
    shown["code"] = client.get(reverse("account_confirm_login_code")).content.decode()
    joining = Client()
    ask_to_join(joining)
    shown["joining"] = joining.get(
        reverse("account_email_verification_sent")
    ).content.decode()
    signed_in = Client()
    signed_in.force_login(make_member(name="Ines"))
    shown["addresses"] = signed_in.get(reverse("account_email")).content.decode()
    return shown


@pytest.mark.parametrize("has_server", [True, False])
def test_the_pages_say_where_mail_is(client, settings, tmp_path: Path, has_server):
    settings.OUTBOX_DIR = tmp_path
    if not has_server:
        settings.EMAIL_BACKEND = "mail.backends.OutboxBackend"

    shown = pages(client)

    assert {name for name, page in shown.items() if WORDS in page} == (
        set() if has_server else set(shown)
    )
    assert ("We have sent a code to" in shown["code"]) == has_server
    for name in ("code", "joining"):
        assert ("Check your spam folder" in shown[name]) == has_server
        assert ("Check your email" in shown[name]) == has_server
    asked = "An email for <b>ines@example.org</b> is in its outbox"
    assert (asked in " ".join(shown["code"].split())) == (not has_server)


def test_one_address_has_only_the_buttons_that_help(client: Client) -> None:
    make_group()
    ines = make_reachable()
    client.force_login(ines)

    one = client.get(reverse("account_email")).content.decode()
    EmailAddress.objects.create(user=ines, email="other@example.org", verified=False)
    two = client.get(reverse("account_email")).content.decode()

    buttons = ["action_primary", "action_send", "action_remove"]
    assert [name for name in buttons if name in one] == []
    assert [name for name in buttons if name in two] == buttons
