"""Strangers cannot keep a member out, nobody guesses for long, and a room
of people can join.
"""

import logging
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from members.address import UNKNOWN, ProxyWatch, client_address
from members.models import Member
from members.tests.joining import (
    PASSWORD,
    ask_for_code,
    ask_to_join,
    from_address,
    make_reachable,
    try_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def ines() -> Member:
    return make_reachable(password=PASSWORD)


def used_browser(member: Member) -> Client:
    """A browser in which the member has signed in and out."""
    client = from_address(1)
    client.force_login(member)
    client.get("/settings/")
    client.post(reverse("account_logout"))
    return client


def behind_proxy(forwarded: str) -> Client:
    return Client(REMOTE_ADDR="172.18.0.5", HTTP_X_FORWARDED_FOR=forwarded)


# Wrong passwords


def test_strangers_who_guess_at_other_accounts_keep_nobody_out(ines: Member) -> None:
    for number in range(12):
        try_password(from_address(1), f"nobody{number}@example.org")

    assert try_password(from_address(1), ines.email, PASSWORD).status_code == 302


def test_strangers_who_guess_at_an_account_do_not_keep_the_member_out(
    ines: Member,
) -> None:
    for number in range(12):
        try_password(from_address(10 + number), ines.email)

    assert try_password(from_address(99), ines.email, PASSWORD).status_code == 302


def test_who_guesses_at_one_account_is_stopped_after_five_and_told_when_to_go_on(
    ines: Member,
) -> None:
    guesser = from_address(1)

    answers = [try_password(guesser, ines.email).status_code for _ in range(8)]
    refused = try_password(guesser, ines.email, PASSWORD)

    assert answers == [200] * 5 + [429] * 3
    assert refused.status_code == 429
    assert 290 < int(refused.headers["Retry-After"]) <= 300
    page = refused.content.decode()
    assert "too many wrong passwords" in page
    assert reverse("account_request_login_code") in page
    assert PASSWORD not in page


def test_guessing_one_account_from_many_addresses_ends_but_not_for_the_members_browser(
    ines: Member,
) -> None:
    theirs = from_address(200)
    assert try_password(theirs, ines.email, PASSWORD).status_code == 302
    theirs.get("/settings/")
    theirs.post(reverse("account_logout"))

    answers = [
        try_password(from_address(number), ines.email).status_code
        for number in range(1, 40)
    ]

    assert answers == [200] * 30 + [429] * 9
    assert try_password(from_address(201), ines.email, PASSWORD).status_code == 429
    assert try_password(theirs, ines.email, PASSWORD).status_code == 302


def test_a_code_lets_the_member_in_while_somebody_guesses(ines: Member) -> None:
    for number in range(1, 40):
        try_password(from_address(number), ines.email)

    assert ask_for_code(from_address(201)).status_code == 302
    assert mail.outbox[-1].to == [ines.email]


def test_the_cookie_of_another_member_is_not_the_members_browser(ines: Member) -> None:
    other = make_reachable("kofi@example.org", password=PASSWORD)
    other_browser = from_address(1)
    try_password(other_browser, other.email, PASSWORD)
    other_browser.get("/settings/")
    other_browser.post(reverse("account_logout"))

    for number in range(40):
        try_password(from_address(10 + number), ines.email)

    assert try_password(other_browser, ines.email).status_code == 429


def test_a_right_password_uses_nothing_up(ines: Member) -> None:
    for _ in range(12):
        client = from_address(1)
        assert try_password(client, ines.email, PASSWORD).status_code == 302


# Mails


def test_a_room_of_thirty_people_joins_within_a_minute() -> None:
    answers = {
        ask_to_join(from_address(1), f"v{n}@example.org").status_code for n in range(30)
    }
    codes = {
        ask_for_code(from_address(1), f"v{n}@example.org").status_code
        for n in range(30)
    }

    assert (answers, codes) == ({302}, {302})
    assert {letter.to[0] for letter in mail.outbox} == {
        f"v{n}@example.org" for n in range(30)
    }


def test_one_address_gets_few_mails_from_one_visitor_and_not_many_from_all(
    ines: Member,
) -> None:
    answers = [ask_for_code(from_address(1)).status_code for _ in range(8)]
    for number in range(2, 30):
        ask_for_code(from_address(number))

    assert answers == [302] * 6 + [429] * 2
    assert len(mail.outbox) == 18


@pytest.mark.parametrize(
    "address",
    ["account_request_login_code", "account_signup", "account_reset_password"],
    ids=str,
)
def test_every_page_that_mails_to_a_typed_address_counts_the_same_mails(
    address: str, ines: Member
) -> None:
    for number in range(30):
        from_address(number).post(
            reverse(address), {"email": ines.email, "name": "Ines"}
        )

    assert 0 < len(mail.outbox) <= 18


@pytest.mark.parametrize(
    "page",
    ["account_signup", "account_request_login_code", "account_reset_password"],
    ids=str,
)
def test_who_types_one_address_after_another_is_stopped_within_an_hour(
    page: str,
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        answers = []
        for number in range(100):
            typed = {"name": "X", "email": f"v{number}@example.org"}
            answers.append(from_address(1).post(reverse(page), typed).status_code)
            clock.shift(30)

    assert answers[:90] == [302] * 90
    assert answers[90:] == [429] * 10
    assert len(mail.outbox) == 90


def test_a_member_adds_few_addresses_within_an_hour_from_whatever_browser(
    ines: Member,
) -> None:
    answers = []
    for number in range(9):
        client = from_address(number)
        client.force_login(ines)
        typed = {"email": f"v{number}@example.org", "action_add": "1"}
        answers.append(client.post(reverse("account_email"), typed).status_code)

    assert answers == [302] * 6 + [429] * 3
    assert len(mail.outbox) == 6


def test_who_was_a_member_in_this_browser_sends_few_mails_to_others_and_still_gets_their_own(
    ines: Member,
) -> None:
    device = used_browser(ines).cookies["device"].value

    def ask(email: str) -> int:
        client = from_address(1)  # without the session that waits for the code before
        client.cookies["device"] = device
        return int(ask_for_code(client, email).status_code)

    assert [ask(f"v{number}@example.org") for number in range(9)] == [302] * 6 + [
        429
    ] * 3
    assert ask(ines.email) == 302
    assert [letter.to for letter in mail.outbox[6:]] == [[ines.email]]


def test_an_unknown_address_is_counted_as_a_known_one(ines: Member) -> None:
    known = [ask_for_code(from_address(1), ines.email).status_code for _ in range(9)]
    unknown = [
        ask_for_code(from_address(2), "nobody@example.org").status_code
        for _ in range(9)
    ]

    assert known == unknown


def test_the_members_browser_still_gets_a_code_when_strangers_have_used_theirs_up(
    ines: Member,
) -> None:
    theirs = from_address(200)
    try_password(theirs, ines.email, PASSWORD)
    theirs.get("/settings/")
    theirs.post(reverse("account_logout"))
    for number in range(30):
        ask_for_code(from_address(number))

    assert ask_for_code(from_address(201)).status_code == 429
    assert ask_for_code(theirs).status_code == 302


# A page that many use


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("account_login", {"login": "x{n}@example.org", "password": "x"}),
        ("account_signup", {"name": "X", "email": "x{n}@example.org"}),
        ("account_request_login_code", {"email": "x{n}@example.org"}),
        ("account_reset_password", {"email": "x{n}@example.org"}),
    ],
)
def test_a_hundred_of_one_kind_from_one_address_do_not_all_go_through(
    address: str, fields: dict[str, str]
) -> None:
    client = from_address(1)

    answers = []
    for n in range(100):
        client.cookies.clear()
        typed = {name: value.format(n=n) for name, value in fields.items()}
        answers.append(client.post(reverse(address), typed))

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {answer.status_code for answer in answers} <= {200, 302, 429}
    page = refused[-1].content.decode()
    assert "Too many requests" in page
    assert "Try again" in page
    if "password" not in fields:
        assert (
            'value="x99@example.org"' in page or ">x99@example.org</textarea>" in page
        )


def test_a_flood_from_the_same_address_does_not_lock_a_used_browser_out(
    ines: Member,
) -> None:
    theirs = used_browser(ines)
    stranger = from_address(1)
    for number in range(61):
        wrong = stranger.post(
            reverse("account_login"),
            {"login": f"x{number}@example.org", "password": "x"},
        )

    assert wrong.status_code == 429
    assert (
        from_address(1)
        .post(reverse("account_login"), {"login": ines.email, "password": "x"})
        .status_code
        == 429
    )
    assert ask_for_code(theirs).status_code == 302


def test_signing_in_again_and_again_without_the_cookie_makes_no_more_room_for_a_flood(
    ines: Member,
) -> None:
    browsers = [used_browser(ines) for _ in range(3)]

    answers = [
        browsers[number % 3].post(
            reverse("account_login"),
            {"login": f"x{number}@example.org", "password": "x"},
        )
        for number in range(63)
    ]

    assert [answer.status_code for answer in answers] == [200] * 60 + [429] * 3


def test_a_network_of_one_line_counts_as_one_visitor(ines: Member) -> None:
    def guess(address: str) -> int:
        typed = {"login": ines.email, "password": "x"}
        return (
            Client(REMOTE_ADDR=address)
            .post(reverse("account_login"), typed)
            .status_code
        )

    answers = [guess(f"2001:db8:1:1::{number:x}") for number in range(1, 9)]

    assert answers == [200] * 5 + [429] * 3
    assert guess("2001:db8:1:2::1") == 200


# The address


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "203.0.113.7", "", "203.0.113.7"),
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (1, "172.18.0.5", "198.51.100.1", "198.51.100.1"),
        (1, "172.18.0.5", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (2, "172.18.0.5", "1.1.1.1, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "172.18.0.5", "198.51.100.1", "172.18.0.5"),
        (1, "172.18.0.5", "", "172.18.0.5"),
        (1, "172.18.0.5", "rubbish", "172.18.0.5"),
        (1, "172.18.0.5", "198.51.100.1:4711", "198.51.100.1"),
        (1, "172.18.0.5", "[2001:db8::1]:4711", "2001:db8::1"),
        (0, "", "198.51.100.1", UNKNOWN),
    ],
)
def test_the_address_is_what_our_own_proxies_say(
    rf: RequestFactory,
    settings: Settings,
    proxies: int,
    remote: str,
    forwarded: str,
    address: str,
) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert (
        client_address(rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded))
        == address
    )


def test_behind_one_proxy_each_visitor_counts_alone_and_a_forged_header_is_no_new_visitor(
    ines: Member, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1

    answers = [
        try_password(behind_proxy(f"10.9.8.{n}, 203.0.113.7"), ines.email).status_code
        for n in range(8)
    ]

    assert answers == [200] * 5 + [429] * 3
    assert (
        try_password(behind_proxy("203.0.113.8"), ines.email, PASSWORD).status_code
        == 302
    )


def test_without_a_proxy_a_forged_header_is_no_new_visitor(ines: Member) -> None:
    answers = [
        try_password(behind_proxy(f"203.0.113.{n}"), ines.email).status_code
        for n in range(8)
    ]

    assert answers == [200] * 5 + [429] * 3


def test_the_sessions_page_shows_the_address_of_the_browser(
    ines: Member, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    client = behind_proxy("203.0.113.7")
    try_password(client, ines.email, PASSWORD)

    assert "203.0.113.7" in client.get(reverse("usersessions_list")).content.decode()


def test_the_host_is_told_once_that_a_proxy_is_not_counted(
    rf: RequestFactory, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BEHIND_TLS = True
    watch, elsewhere = ProxyWatch(), ProxyWatch()

    with caplog.at_level(logging.WARNING, "members.address"):
        for n in range(60):
            watch.look(
                rf.get(
                    "/", REMOTE_ADDR="172.18.0.5", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}"
                )
            )
            elsewhere.look(
                rf.get(
                    "/",
                    REMOTE_ADDR=f"172.18.0.{n % 2}",
                    HTTP_X_FORWARDED_FOR="203.0.113.1",
                )
            )

    assert [record.message.count("TRUSTED_PROXIES=1") for record in caplog.records] == [
        1
    ]
