from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.views.defaults import server_error
from pytest_django import Settings

from config.cookies import cookie
from members.models import Member, check_zone
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db

ROLES = {
    "owner": {"owner_since": timezone.now()},
    "curator": {"curator_since": timezone.now()},
}
ROLES |= {"moderator": {"moderator_since": timezone.now()}, "member": {}}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (
            "owner",
            {
                "curriculum.change_step",
                "community.change_post",
                "members.change_member",
                "mail.view_delivery",
            },
        ),
        ("curator", {"curriculum.change_step"}),
        ("moderator", {"community.change_post"}),
        ("member", set()),
    ],
)
def test_permissions_follow_roles(role: str, allowed: set[str]) -> None:
    member = make_member(**ROLES[role])
    asked = [
        "curriculum.change_step",
        "community.change_post",
        "members.change_member",
        "mail.view_delivery",
    ]

    assert {perm for perm in asked if member.has_perm(perm)} == allowed
    assert member.is_staff == bool(allowed)


def test_who_may_not_sign_in_has_no_permission() -> None:
    owner = make_member(owner_since=timezone.now(), is_active=False)

    assert not owner.has_perm("curriculum.change_step")
    assert not owner.is_staff


def test_an_address_in_other_letters_is_the_same_address() -> None:
    make_member(email="ines@example.org")

    with pytest.raises(IntegrityError):
        Member.objects.create(email="INES@example.org", name="Ines")


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="Mars/Olympus"):
        check_zone("Mars/Olympus")


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ines Duarte", "ID"), ("Wei", "WE"), ("Aidan N. Gomez", "AG"), ("", "XX")],
)
def test_initials_are_two_letters_where_there_are_two(name: str, initials: str) -> None:
    assert Member(name=name, email="xx@example.org").initials == initials


def test_moments_are_shown_in_the_members_time_zone() -> None:
    member = Member(time_zone="Asia/Kathmandu")

    assert (
        member.local(datetime(2026, 1, 1, 0, 0, tzinfo=UTC)).strftime("%H:%M")
        == "05:45"
    )


def test_the_theme_is_kept_in_a_cookie_and_forgotten_on_auto(client: Client) -> None:
    make_group()

    answer = client.post(
        "/theme/", {"theme": "dark"}, headers={"referer": "http://testserver/learn/"}
    )
    assert (answer.headers["Location"], client.cookies[cookie("theme")].value) == (
        "http://testserver/learn/",
        "dark",
    )
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()

    answer = client.post("/theme/", {"theme": "auto"}, headers={"HX-Request": "true"})
    assert (answer.status_code, client.cookies[cookie("theme")].value) == (204, "")


def test_a_theme_that_does_not_exist_is_auto(client: Client) -> None:
    client.post(
        "/theme/", {"theme": '"><script>'}, headers={"referer": "https://evil.example/"}
    )

    assert client.cookies[cookie("theme")].value == ""


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/signup/", "/accounts/login/code/", "/set-up/"],
)
def test_pages_for_visitors_open_without_signing_in(
    client: Client, address: str
) -> None:
    if address != "/set-up/":
        make_group()

    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/accounts/email/", "/accounts/2fa/", "/accounts/sessions/", "/settings/"],
)
def test_account_pages_open_for_a_member(client: Client, address: str) -> None:
    make_group()
    client.force_login(make_member())

    assert client.get(address).status_code in {200, 302}


def test_the_page_for_our_own_faults_asks_nothing_of_the_database() -> None:
    with CaptureQueriesContext(connection) as queries:
        page = server_error(RequestFactory().get("/"))

    assert (page.status_code, len(queries)) == (500, 0)
    assert "css/minibatch.css" in page.content.decode()


@pytest.mark.parametrize("address", ["/nowhere/", "/learn/nowhere/", "/posts/1/"])
def test_a_missing_page_says_so_in_the_groups_look(
    client: Client, address: str
) -> None:
    make_group()
    client.force_login(make_member())

    page = client.get(address)

    assert page.status_code == 404
    assert "There is nothing at this address" in page.content.decode()


def test_the_theme_can_be_chosen_in_the_settings_and_stands_there_once(
    client: Client,
) -> None:
    client.force_login(make_member())

    page = client.get("/settings/").content.decode()

    assert page.count('id="theme-dark"') == 1
    assert page.index("<main") < page.index('id="theme-dark"') < page.index("</main>")


def test_password_managers_find_the_form(client: Client) -> None:
    assert (
        client.get("/.well-known/change-password").headers["Location"]
        == "/accounts/password/change/"
    )


def test_the_contact_is_told_only_where_the_host_gave_one(
    client: Client, settings: Settings
) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404

    settings.SECURITY_CONTACT = "host@example.org"

    assert (
        "Contact: mailto:host@example.org"
        in client.get("/.well-known/security.txt").content.decode()
    )
