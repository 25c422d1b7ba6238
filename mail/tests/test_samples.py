"""The owner looks at every kind of mail before a member gets it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.urls import reverse

from mail import samples, tokens
from mail.models import Delivery
from members.tests.make import make_group, make_member

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FOLDERS = [
    Path(allauth.__file__).parent / "templates",
    Path(settings.BASE_DIR) / "templates",
    Path(settings.BASE_DIR) / "django_templates",
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(client):
    make_group()
    owner = make_member(
        name="Olga", owner_since=LONG_AGO, joined_at=LONG_AGO, onboarded_at=LONG_AGO
    )
    client.force_login(owner)
    return owner


def account_templates():
    """Every mail that has templates, ours or allauth's, in an app
    that is installed.
    """
    found = {
        f"{app}/email/{path.name.removesuffix('_subject.txt')}"
        for folder in FOLDERS
        for app in ("account", "mfa")
        for path in (folder / app / "email").glob("*_subject.txt")
    }
    assert len(found) > 15
    return found


def test_every_mail_that_has_a_template_or_a_kind_has_an_example():
    assert {
        kind.template for kind in samples.KINDS.values() if kind.is_of_account
    } == account_templates()
    assert {
        name for name, kind in samples.KINDS.items() if not kind.is_of_account
    } == set(Delivery.Kind.values)


@pytest.mark.parametrize("name", samples.KINDS)
def test_an_example_shows_text_and_html_and_names_nobody(
    client, olga, name, mailoutbox
):
    make_member(name="Real Person", email="real@example.net")

    page = client.get(reverse("mail:kind", args=[name])).content.decode()

    text = re.search(r'<pre class="mail-text">(.*?)</pre>', page, re.S)[1]
    assert len(text) > 80
    assert not re.search(r"\{\{|\{%|None", text)
    assert "real@example.net" not in page
    assert olga.email not in page
    has_html = not samples.KINDS[name].is_of_account
    assert ("<iframe" in page) is has_html
    frame = client.get(reverse("mail:kind_html", args=[name]))
    assert frame.status_code == (200 if has_html else 404)
    assert not mailoutbox
    assert not Delivery.objects.exists()


def test_no_link_of_an_example_works(client, olga):
    for name in ("digest", "inactivity"):
        page = client.get(reverse("mail:kind", args=[name])).content.decode()
        made = re.findall(r"/mail/(unsubscribe|preferences)/([^/\s]+)/", page)
        assert {kind for kind, _token in made} == {"unsubscribe", "preferences"}
        for kind, token in made:
            with pytest.raises(tokens.BadLink):
                (
                    tokens.read_unsubscribe_token
                    if kind == "unsubscribe"
                    else tokens.read_preferences_token
                )(token)


def test_codes_are_invented_and_shown_where_a_mail_has_one(client, olga):
    shown = {
        name
        for name in samples.KINDS
        if samples.CODE
        in client.get(reverse("mail:kind", args=[name])).content.decode()
    }
    assert shown == {
        "login_code",
        "email_confirmation_signup",
        "email_confirmation",
        "password_reset_code",
    }


def test_the_list_leads_to_each_and_is_for_owners(client, olga):
    page = client.get(reverse("mail:kinds")).content.decode()

    assert all(reverse("mail:kind", args=[name]) in page for name in samples.KINDS)
    assert reverse("mail:kinds") in client.get(reverse("mail:runs")).content.decode()
    assert client.get(reverse("mail:kind", args=["no-such"])).status_code == 404
    client.force_login(make_member(name="Ines", onboarded_at=LONG_AGO))
    for address in (reverse("mail:kinds"), reverse("mail:kind", args=["digest"])):
        assert client.get(address).status_code == 404
