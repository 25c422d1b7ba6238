"""Whoever has a second factor shows that one before anything that signs in
is changed, whatever way they signed in.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import actions, proof
from members.adapters import AccountAdapter
from members.models import Member
from members.tests.joining import (
    PASSWORD,
    age_proofs,
    digits,
    give_app,
    make_reachable,
    with_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]


def by_link(member: Member) -> Client:
    if not proof.has_second_factor(member):
        give_app(member)
    client = Client()
    client.post(f"/sign-in/{actions.make_sign_in_link(member, now=timezone.now())}/")
    return client


def by_an_old_cookie_and_the_password(member: Member) -> Client:
    secret = give_app(member)
    client = with_password(member)
    client.post(reverse("mfa_authenticate"), {"code": digits(secret)})
    age_proofs(client, 2 * 60 * 60)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": "/"})
    return client


def what_signs_in(member: Member) -> list[object]:
    return [
        Member.objects.values_list("password", "email").get(pk=member.pk),
        list(
            Authenticator.objects.filter(user=member)
            .order_by("pk")
            .values_list("pk", "data__secret")
        ),
        list(
            EmailAddress.objects.filter(user=member)
            .order_by("pk")
            .values_list("email", "primary")
        ),
    ]


@pytest.mark.parametrize(
    "role", ["owner_since", "curator_since", "moderator_since", ""]
)
@pytest.mark.parametrize("name", sorted(proof.PAGES | proof.FORMS))
@pytest.mark.parametrize("came", [by_link, by_an_old_cookie_and_the_password])
def test_with_a_second_factor_nothing_that_signs_in_is_changed_by_anything_less(
    came: Callable[[Member], Client], name: str, role: str
) -> None:
    member = make_reachable(
        password=PASSWORD, **({role: timezone.now()} if role else {})
    )
    client = came(member)
    path = reverse(
        name, args=[1] if name in ("mfa_remove_webauthn", "mfa_edit_webauthn") else []
    )
    before = what_signs_in(member)

    answers = [client.get(path)] if name in proof.PAGES else []
    answers.append(client.post(path, {"email": "new@example.org", "action_add": "1"}))

    assert {urlsplit(answer.headers["Location"]).path for answer in answers} == {
        reverse("mfa_reauthenticate")
    }
    assert what_signs_in(member) == before


def test_no_page_takes_a_password_from_who_has_a_second_factor(owner: Member) -> None:
    client = by_link(owner)

    for answer in (
        client.get("/accounts/reauthenticate/?next=/settings/"),
        client.post(
            "/accounts/reauthenticate/", {"password": PASSWORD, "next": "/settings/"}
        ),
    ):
        assert (
            answer.headers["Location"]
            == "/accounts/2fa/reauthenticate/?next=%2Fsettings%2F"
        )


def test_allauth_itself_takes_nothing_less_on_a_page_that_nobody_listed(
    owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "PAGES", set())
    client = by_link(owner)

    answer = client.post(reverse("mfa_deactivate_totp"))

    assert urlsplit(answer.headers["Location"]).path == reverse("mfa_reauthenticate")
    assert Authenticator.objects.filter(
        user=owner, type=Authenticator.Type.TOTP
    ).exists()


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The feeds that curators had read again."""
    asked: list[str] = []
    monkeypatch.setattr("papers.tasks.harvest.delay_on_commit", asked.append)
    return asked


@pytest.mark.parametrize("methods", [AccountAdapter, DefaultAccountAdapter])
def test_a_form_of_staff_goes_on_after_the_second_factor_and_after_nothing_less(
    methods: type[DefaultAccountAdapter],
    asked_for: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Even where a page takes the password for a proof, the form asks
    again what it needs.
    """
    monkeypatch.setattr(
        AccountAdapter,
        "get_reauthentication_methods",
        methods.get_reauthentication_methods,
    )
    curator = make_reachable(password=PASSWORD, curator_since=timezone.now())
    secret = give_app(curator)
    client = by_link(curator)
    page = "/papers/feeds/cs.LG/"
    client.post(page)

    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": page})

    assert asked_for == []
    client.post("/accounts/2fa/reauthenticate/", {"code": digits(secret), "next": page})
    assert asked_for == ["cs.LG"]
