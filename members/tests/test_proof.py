"""One way to sign in; a role counts with a second factor only; what signs
in is changed with a fresh proof only.
"""

import re
from io import StringIO
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from community.models import Post
from community.tests.make import make_post
from members import proof
from members.models import Member
from members.tests.joining import (
    PASSWORD,
    age_proofs,
    ask_for_code,
    digits,
    give_app,
    make_reachable,
    newest_code,
    type_code,
    with_password,
)
from members.tests.make import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]

STAFF_PAGES = [
    "/admin/",
    "/admin/community/post/",
    "/outbox/",
    "/mail/runs/",
    "/papers/feeds/",
    reverse_lazy("curate:desk"),
]


# allauth tells of a new factor after the commit
TRANSACTION = pytest.mark.django_db(transaction=True)


# One door


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/login/",
        "/admin/login/?next=/admin/papers/",
        "/admin/nowhere/",
    ],
)
def test_the_admin_has_no_sign_in_of_its_own(client: Client, path: str) -> None:
    for answer in (
        client.get(path),
        client.post(path, {"username": "mira@example.org", "password": PASSWORD}),
    ):
        assert answer.status_code == 302
        assert unquote(answer.headers["Location"]).startswith("/accounts/login/?next=/")


def test_a_password_sent_to_the_admin_signs_nobody_in(
    client: Client, owner: Member
) -> None:
    client.post(
        "/admin/login/?next=/admin/", {"username": owner.email, "password": PASSWORD}
    )

    assert "_auth_user_id" not in client.session


def test_the_admin_changes_no_password(client: Client, owner: Member) -> None:
    client.force_login(owner)

    assert (
        client.post("/admin/password_change/").headers["Location"]
        == "/accounts/password/change/"
    )


def test_a_member_without_a_role_is_refused_at_the_admin(client: Client) -> None:
    client.force_login(make_member())

    assert [client.get(path).status_code for path in ("/admin/", "/admin/login/")] == [
        403,
        403,
    ]


# A second factor


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_a_password_alone_opens_no_page_of_staff_and_leads_to_the_second_factor(
    owner: Member, path: str
) -> None:
    client = with_password(owner)

    answer = client.get(path)

    assert answer.status_code == 302
    assert unquote(answer.headers["Location"]).startswith("/second-factor/?next=/")
    assert "second factor" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_a_code_alone_opens_no_page_of_staff(owner: Member, path: str) -> None:
    client = Client()
    ask_for_code(client, owner.email)
    type_code(client, newest_code())

    assert client.get(path).headers["Location"].startswith("/second-factor/")


def test_with_an_app_the_owner_signs_in_and_acts(owner: Member) -> None:
    secret = give_app(owner)
    client = with_password(owner)
    assert client.get("/outbox/").headers["Location"].startswith("/accounts/login/")

    client.post(reverse("mfa_authenticate"), {"code": digits(secret)})

    assert [client.get(path).status_code for path in STAFF_PAGES] == [200] * len(
        STAFF_PAGES
    )


def test_a_role_without_a_second_factor_gives_no_power_on_any_page() -> None:
    moderator = make_reachable(password=PASSWORD, moderator_since=timezone.now())
    post = make_post(make_member("Kofi Mensah"))
    client = with_password(moderator)

    answers = [
        client.post(f"/posts/{post.pk}/remove/").status_code,
        client.post(
            "/posts/new/", {"kind": "announcement", "title": "Now", "body": "All"}
        ).status_code,
    ]

    post.refresh_from_db()
    assert (answers, post.removed_at, Post.objects.count()) == ([404, 200], None, 1)
    assert "Your role needs a second factor" in client.get("/").content.decode()


def test_the_same_role_with_a_second_factor_acts(client: Client) -> None:
    post = make_post(make_member("Kofi Mensah"))
    client.force_login(make_member(moderator_since=timezone.now()))

    client.post(f"/posts/{post.pk}/remove/")

    post.refresh_from_db()
    assert post.removed_at is not None
    assert "Your role needs a second factor" not in client.get("/").content.decode()


@TRANSACTION
def test_the_app_is_set_up_by_the_form_shows_recovery_codes_and_leads_on(
    owner: Member,
) -> None:
    client = with_password(owner)
    client.get(client.get("/outbox/").headers["Location"])
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="secret"[^>]*>((?:\w{4} ){7}\w{4})<', page)
    assert secret

    code = digits(secret[1].replace(" ", ""))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})

    codes = client.get(answer.headers["Location"]).content.decode()
    assert (
        len(
            re.findall(
                r"^\S{8,}$",
                codes.partition("<pre")[2].partition("</pre>")[0],
                re.MULTILINE,
            )
        )
        >= 9
    )
    assert 'href="/second-factor/"' in codes
    assert client.get("/second-factor/").headers["Location"] == "/outbox/"
    assert client.get("/outbox/").status_code == 200
    assert mail.outbox[-1].to == [owner.email]


@TRANSACTION
def test_without_the_last_factor_the_role_rests_again(
    client: Client, owner: Member
) -> None:
    client.force_login(owner)
    assert client.get("/outbox/").status_code == 200

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=owner).exists()
    assert client.get("/outbox/").headers["Location"].startswith("/second-factor/")


def test_pages_of_staff_ask_again_after_a_while_and_a_form_that_took_long_goes_through(
    owner: Member,
) -> None:
    secret = give_app(owner)
    client = with_password(owner)
    client.post(reverse("mfa_authenticate"), {"code": digits(secret)})
    age_proofs(client, 20 * 60)

    assert (
        client.get("/mail/runs/").headers["Location"]
        == "/accounts/2fa/reauthenticate/?next=%2Fmail%2Fruns%2F"
    )
    assert client.post("/mail/runs/test/").status_code in (302, 404)
    age_proofs(client, 60 * 60)
    assert (
        client.post("/mail/runs/test/")
        .headers["Location"]
        .startswith("/accounts/2fa/reauthenticate/")
    )


# The way back in


def test_a_locked_out_owner_is_let_in_by_a_command_and_can_set_up_a_new_app(
    owner: Member,
) -> None:
    give_app(owner)
    said = StringIO()
    call_command("let_in", owner.email.upper(), "--forget-second-factor", stdout=said)
    link = re.search(r"(/sign-in/\S+)", said.getvalue())
    assert link

    client = Client()
    client.post(link[1])

    assert not Authenticator.objects.exists()
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_who_signed_in_with_a_lost_factor_is_signed_out(owner: Member) -> None:
    secret = give_app(owner)
    thief = with_password(owner)
    thief.post(reverse("mfa_authenticate"), {"code": digits(secret)})
    assert thief.get("/mail/runs/").status_code == 200

    call_command("let_in", owner.email, "--forget-second-factor", stdout=StringIO())

    assert thief.get("/mail/runs/").headers["Location"].startswith("/accounts/login/")


def test_the_host_is_told_that_a_link_alone_is_not_enough(owner: Member) -> None:
    give_app(owner)
    said = StringIO()

    call_command("let_in", owner.email, stdout=said)

    assert (
        "The second factor is still asked for; --forget-second-factor takes it away."
        in said.getvalue()
    )
    assert Authenticator.objects.filter(user=owner).exists()


def test_nobody_is_let_in_who_is_not_there() -> None:
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        call_command("let_in", "nobody@example.org")


# Fresh proof


@pytest.mark.parametrize("name", sorted(proof.PAGES | proof.FORMS))
def test_nothing_that_signs_in_is_changed_without_a_fresh_proof(name: str) -> None:
    client = Client()
    member = make_reachable()
    ask_for_code(client)
    type_code(client, newest_code())
    age_proofs(client, 11 * 60)
    path = reverse(
        name, args=[1] if name in ("mfa_remove_webauthn", "mfa_edit_webauthn") else []
    )

    answer = client.post(path, {"email": "new@example.org", "action_add": "1"})

    assert answer.headers["Location"].startswith("/is-it-you/?next=")
    assert EmailAddress.objects.get().email == member.email


def test_a_code_by_mail_is_a_fresh_proof_and_what_was_sent_goes_on(
    client: Client,
) -> None:
    member = make_reachable()
    ask_for_code(client)
    type_code(client, newest_code())
    age_proofs(client, 11 * 60)
    page = client.post(
        reverse("account_email"), {"email": "new@example.org", "action_add": "1"}
    ).headers["Location"]
    assert "Send me a code" in client.get(page).content.decode()

    client.post(page, {"send": "1"})
    assert mail.outbox[-1].to == [member.email]
    assert (
        "This is not the code"
        in client.post(
            page, {"code": "WRNG-CODE", "next": "/accounts/email/"}
        ).content.decode()
    )
    client.post(page, {"code": newest_code(), "next": "/accounts/email/"})

    assert mail.outbox[-1].to == ["new@example.org"]
    client.post(reverse("account_email_verification_sent"), {"code": newest_code()})
    assert EmailAddress.objects.filter(email="new@example.org", verified=True).exists()
    notices = [
        letter
        for letter in mail.outbox
        if letter.to == [member.email] and "new@example.org" in letter.body
    ]
    assert len(notices) == 1


def test_who_has_an_app_cannot_prove_by_mail_instead(owner: Member) -> None:
    """Whoever has a member's session and mailbox, but not the phone, changes
    nothing that signs in.
    """
    secret = give_app(owner)
    client = with_password(owner)
    client.post(reverse("mfa_authenticate"), {"code": digits(secret)})
    age_proofs(client, 11 * 60)
    page = client.get(reverse("mfa_deactivate_totp")).headers["Location"]
    assert not page.startswith("/is-it-you/")
    letters = len(mail.outbox)

    answer = client.post(
        "/is-it-you/?next=/accounts/2fa/totp/deactivate/", {"send": "1"}, follow=True
    )

    assert len(mail.outbox) == letters
    asked = (
        "/accounts/2fa/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Fdeactivate%2F"
    )
    assert answer.redirect_chain[0][0] == asked
    assert (
        'name="next" value="/accounts/2fa/totp/deactivate/"' in answer.content.decode()
    )
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert Authenticator.objects.filter(user=owner).exists()


def test_the_address_before_is_told_when_another_becomes_the_one_we_write_to(
    client: Client,
) -> None:
    member = make_reachable()
    EmailAddress.objects.create(user=member, email="new@example.org", verified=True)
    client.force_login(member)

    client.post(
        reverse("account_email"), {"email": "new@example.org", "action_primary": "1"}
    )

    member.refresh_from_db()
    assert member.email == "new@example.org"
    assert mail.outbox[-1].to == ["ines@example.org"]
    assert "is new@example.org now" in mail.outbox[-1].body


def test_a_new_password_is_told_by_mail(client: Client) -> None:
    member = make_reachable()
    client.force_login(member)

    client.post(
        reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD}
    )

    assert mail.outbox[-1].to == [member.email]
