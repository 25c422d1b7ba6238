"""Codes come late, get lost and are mistyped; sign-ups are begun again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from members.tasks import clear_sessions
from members.tests.joining import (
    ask_for_code,
    ask_to_join,
    from_address,
    make_reachable,
    newest_code,
    type_code,
    type_joining_code,
)
from members.tests.make import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]

SIGN_IN, JOIN = "account_confirm_login_code", "account_email_verification_sent"


def age(client: Client, seconds: int) -> None:
    """Let the code that this browser waits for be older."""
    session = client.session
    if "account_email_verification_code" in session:
        session["account_email_verification_code"]["at"] -= seconds
    else:
        session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= (
            seconds
        )
        session["account_login"]["initiated_at"] -= seconds
    session.save()


def begin(client: Client, page: str) -> None:
    if page == SIGN_IN:
        make_reachable()
        ask_for_code(client)
    else:
        ask_to_join(client)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def send_another(client: Client, page: str) -> Any:
    return client.post(reverse(page), {"action": "resend"})


@pytest.mark.parametrize("page", [SIGN_IN, JOIN])
def test_a_code_that_came_after_fourteen_minutes_lets_in(
    client: Client, page: str
) -> None:
    begin(client, page)
    age(client, 14 * 60)

    assert client.post(reverse(page), {"code": newest_code()}).status_code == 302
    assert signed_in(client)


@pytest.mark.parametrize("page", [SIGN_IN, JOIN])
def test_a_late_code_is_answered_in_words_on_its_page_and_another_lets_in(
    client: Client, page: str
) -> None:
    begin(client, page)
    first = newest_code()
    age(client, 16 * 60)

    answer = client.post(reverse(page), {"code": first})
    assert answer.status_code == 200
    assert (
        "it was sent 16 minutes ago and worked for 15 minutes"
        in answer.content.decode()
    )
    assert "Send another code" in answer.content.decode()
    assert not signed_in(client)

    assert send_another(client, page).status_code == 302
    assert newest_code() not in ("", first)
    assert client.post(reverse(page), {"code": newest_code()}).status_code == 302
    assert signed_in(client)


@pytest.mark.parametrize("page", [SIGN_IN, JOIN])
def test_a_code_of_a_clock_that_was_ahead_ends_and_another_can_be_sent(
    client: Client, page: str
) -> None:
    begin(client, page)
    age(client, -16 * 60)

    assert client.post(reverse(page), {"code": newest_code()}).status_code == 200
    assert not signed_in(client)

    assert send_another(client, page).status_code == 302
    assert client.post(reverse(page), {"code": newest_code()}).status_code == 302
    assert signed_in(client)


@pytest.mark.parametrize("page", [SIGN_IN, JOIN])
def test_wrong_codes_are_counted_and_then_the_right_one_is_refused_until_another_is_sent(
    client: Client, page: str
) -> None:
    begin(client, page)
    right = newest_code()

    said = [
        client.post(reverse(page), {"code": "WRNG-CODE"}).content.decode()
        for _ in range(5)
    ]
    assert [
        "4 tries left" in said[0],
        "1 try left" in said[3],
        "too many wrong codes" in said[4],
    ] == [True] * 3
    assert (
        "too many wrong codes"
        in client.post(reverse(page), {"code": right}).content.decode()
    )
    assert not signed_in(client)

    age(client, 61)
    send_another(client, page)
    client.post(reverse(page), {"code": newest_code()})
    assert signed_in(client)


@pytest.mark.parametrize("page", [SIGN_IN, JOIN])
def test_the_code_before_the_newest_is_named_as_such(client: Client, page: str) -> None:
    begin(client, page)
    first = newest_code()
    age(client, 61)
    send_another(client, page)

    answer = client.post(reverse(page), {"code": first}).content.decode()

    assert "This is an earlier code; only the newest works. 4 tries left." in answer


@pytest.mark.parametrize("page", [SIGN_IN, JOIN])
def test_another_code_can_be_asked_for_every_minute(client: Client, page: str) -> None:
    begin(client, page)

    answer = client.post(reverse(page), {"action": "resend"}, follow=True)

    assert answer.status_code == 200
    assert (
        "One more code can be sent every minute. Try again in "
        in answer.content.decode()
    )
    assert "Check your email" in answer.content.decode()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("page", [SIGN_IN, JOIN])
def test_other_codes_are_metered_like_all_mails_to_an_address(
    client: Client, page: str
) -> None:
    begin(client, page)

    answers = []
    for _ in range(8):
        age(client, 61)
        answers.append(send_another(client, page).status_code)

    assert answers == [302] * 5 + [429] * 3
    assert len(mail.outbox) == 6


def test_a_code_with_other_letters_spaces_or_without_its_dash_is_the_code(
    client: Client,
) -> None:
    begin(client, SIGN_IN)

    type_code(client, f" {newest_code().lower().replace('-', ' ')} ")

    assert signed_in(client)


# Who has an account is nobody's business


def words(page: str) -> str:
    """The page without what is drawn again for each."""
    return re.sub(
        r'value="[^"]{40,}"|&quot;X-CSRFToken&quot;.*?}|"X-CSRFToken": "[^"]+"',
        "",
        page,
    )


@pytest.mark.parametrize("kind", ["code", "join"])
def test_known_unproved_and_unknown_addresses_look_the_same_at_every_step(
    kind: str,
) -> None:
    make_reachable("aaaa@example.org")
    ask_to_join(from_address(9), "bbbb@example.org")
    seen = []
    for number, email in enumerate(
        ("aaaa@example.org", "bbbb@example.org", "cccc@example.org")
    ):
        client = from_address(number)
        page = SIGN_IN if kind == "code" else JOIN
        first = (
            ask_for_code(client, email)
            if kind == "code"
            else ask_to_join(client, email)
        )
        shown = client.get(reverse(page))
        wrong = client.post(reverse(page), {"code": "WRNG-CODE"})
        empty = client.post(reverse(page), {"code": ""})
        too_soon = send_another(client, page)
        age(client, 61)
        again = send_another(client, page)
        after = client.get(reverse(page))
        age(client, 1000)
        late = client.post(reverse(page), {"code": "WRNG-CODE"})
        steps = [first, shown, wrong, empty, too_soon, again, after, late]
        seen.append(
            [
                (
                    s.status_code,
                    words(s.content.decode()).replace(email, "theirs"),
                    s.get("Location"),
                )
                for s in steps
            ]
        )

    assert seen[0] == seen[1] == seen[2]


# Joining again


def test_joining_again_in_another_browser_sends_a_fresh_code_that_finishes_joining() -> (
    None
):
    first, second = from_address(1), from_address(1)
    ask_to_join(first, name="Noor")
    old = newest_code()

    answer = ask_to_join(second, name="Noor Haddad")
    assert answer.headers["Location"] == reverse(JOIN)
    assert newest_code() not in ("", old)
    assert "account already" not in mail.outbox[-1].body

    assert (
        type_joining_code(second, newest_code()).headers["Location"] == "/welcome/goal/"
    )
    member = Member.objects.get()
    assert (member.name, member.proved_at is not None) == ("Noor Haddad", True)
    assert EmailAddress.objects.get().verified


def test_who_began_first_cannot_give_the_member_a_name() -> None:
    theirs, stranger = from_address(1), from_address(2)
    ask_to_join(theirs, name="Noor Haddad")
    code = newest_code()
    ask_to_join(stranger, name="Somebody else")

    type_joining_code(theirs, code)

    assert Member.objects.get().name == "Noor Haddad"


def test_a_sign_up_can_be_finished_by_signing_in(client: Client) -> None:
    ask_to_join(from_address(1))

    ask_for_code(client, "noor@example.org")
    type_code(client, newest_code())

    assert signed_in(client)
    assert Member.objects.active().count() == 1


def test_joining_as_somebody_who_has_an_account_changes_nothing_and_they_are_told(
    client: Client,
) -> None:
    ines = make_reachable()

    ask_to_join(client, ines.email, name="Not Ines")

    ines.refresh_from_db()
    assert (ines.name, newest_code(), Member.objects.count()) == ("Ines Duarte", "", 1)
    assert "There is an account with this address" in mail.outbox[-1].body


def test_a_mistyped_address_is_corrected_with_the_name_kept(client: Client) -> None:
    ask_to_join(client, "noor@exmaple.org")

    answer = client.post(reverse(JOIN), {"action": "correct"}, follow=True)
    page = answer.content.decode()
    assert 'value="Noor Haddad"' in page
    assert 'value="noor@exmaple.org"' in page

    ask_to_join(client, "noor@example.org")
    type_joining_code(client, newest_code())
    assert signed_in(client)
    assert [member.email for member in Member.objects.active()] == ["noor@example.org"]


# Addresses that were never confirmed


def test_who_never_confirmed_an_address_is_counted_and_shown_nowhere(
    client: Client,
) -> None:
    member = make_member()
    ask_to_join(from_address(1))
    waiting = Member.objects.get(email="noor@example.org")

    assert client.get("/").context["counts"] == {"members": 1}
    assert list(Member.objects.active()) == [member]
    assert waiting not in Member.objects.visible_to(member)


def test_sign_ups_that_nobody_proved_go_after_three_days_and_nobody_else_does() -> None:
    now = timezone.now()
    kept = [
        make_member("Of long ago", joined_at=now - timedelta(days=400)),
        make_member("Just now", proved_at=None, joined_at=now - timedelta(days=2)),
        make_member(
            "Was here",
            proved_at=None,
            joined_at=now - timedelta(days=9),
            last_login=now,
        ),
        make_member(
            "Curates",
            proved_at=None,
            joined_at=now - timedelta(days=9),
            curator_since=now,
        ),
    ]
    make_member("Never came", proved_at=None, joined_at=now - timedelta(days=4))

    clear_sessions()

    assert list(Member.objects.order_by("pk")) == kept


# A mistyped address


def test_signing_in_begins_anew_with_another_address(client: Client) -> None:
    ines = make_reachable()
    client.post(
        reverse("account_request_login_code"),
        {"email": "ines@exmaple.org", "next": "/progress/"},
    )

    page = client.get("/accounts/login/?next=/progress/")
    assert page.status_code == 200
    assert "You asked for a code for <b>ines@exmaple.org</b>" in page.content.decode()
    assert "/accounts/login/code/confirm/?next=%2Fprogress%2F" in page.content.decode()
    answer = client.post(
        reverse("account_request_login_code"),
        {"email": ines.email, "next": "/progress/"},
    )
    assert answer.url == "/accounts/login/code/confirm/?next=%2Fprogress%2F"
    answer = client.post(answer.url, {"code": newest_code(), "next": "/progress/"})

    assert answer.url == "/progress/"
    assert signed_in(client)


def test_a_mistyped_address_is_corrected_where_one_signs_in(client: Client) -> None:
    ask_for_code(client, "ines@exmaple.org")

    answer = client.post(
        reverse(SIGN_IN), {"action": "correct", "next": "/progress/"}, follow=True
    )

    assert answer.redirect_chain == [("/accounts/login/?next=%2Fprogress%2F", 302)]
    page = answer.content.decode()
    assert 'value="ines@exmaple.org"' in page
    assert 'value="/progress/"' in page
    assert "You asked for a code" not in page
