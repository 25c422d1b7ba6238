"""No secret in the log, one line for an event, and a line for what
somebody may want to look into.
"""

import logging
import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse

from config.logs import LINE_MAX, LineFormatter, clean, shortened
from config.tests.addresses import patterns
from config.tests.world import World, make_world
from mail import tokens
from members.tests.make import make_member

SECRET = "s3cr3t-Value_0123456789"
LINES = LineFormatter(
    **{k: v for k, v in settings.LOGGING["formatters"]["line"].items() if k == "style"}
)


def written(message: str, *args: object) -> str:
    return LINES.format(
        logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, None)
    )


def secret_routes() -> list[tuple[str, frozenset[str]]]:
    """Every address with a parameter that only its owner should know."""
    return [
        (name, wanted)
        for name, wanted in patterns()
        if (wanted & {"token", "key"} and not wanted & {"slug", "kind"})
        or name.startswith("mail:outbox_")
        # whoever knows the key of an upload still has to see what shows it
        if not name.startswith("pictures:")
    ]


@pytest.mark.parametrize(("name", "wanted"), secret_routes())
def test_no_secret_in_an_address_is_logged(name: str, wanted: frozenset[str]) -> None:
    path = reverse(
        name, kwargs={each: "1" if each == "uidb36" else SECRET for each in wanted}
    )

    line = written("Not Found: %s", path)

    assert SECRET not in line
    assert "Not Found: /" in line


def test_there_are_such_addresses() -> None:
    assert len(secret_routes()) >= 6


@pytest.mark.parametrize(
    "text",
    [
        f"GET /set-up/?token={SECRET}",
        f"/accounts/login/?next=%2Fsign-in%2F{SECRET}%2F",
        f"<https://example.org/mail/unsubscribe/{SECRET}/>",
    ],
)
def test_no_secret_elsewhere_is_logged(text: str) -> None:
    assert SECRET not in written(text)


def test_no_signed_value_is_logged() -> None:
    for text in (
        signing.dumps({"member": 1}),
        signing.TimestampSigner().sign(SECRET),
        signing.Signer().sign("1.x"),
    ):
        assert not re.search(r":[\w-]{43}", written(f"Refused: {text}"))
        assert re.search(r":[\w-]{43}", text)


@pytest.mark.django_db
def test_real_links_of_mails_are_cut() -> None:
    ines = make_member("Ines Duarte")
    for token in (
        tokens.preferences_token(ines),
        tokens.unsubscribe_token(ines, "digest"),
    ):
        assert token not in written(f"GET /mail/preferences/{token}/")
        assert token not in written(f"a link with {token} in it")


def test_a_message_is_one_line() -> None:
    assert written("a\r\nWARNING root: forged").count("\n") == 0


def test_a_traceback_keeps_its_lines_and_loses_its_secrets() -> None:
    try:
        raise ValueError(f"/sign-in/{SECRET}/")
    except ValueError as error:
        record = logging.LogRecord(
            "x",
            logging.ERROR,
            "",
            0,
            "broke",
            (),
            (ValueError, error, error.__traceback__),
        )

    text = LINES.format(record)

    assert text.count("\n") > 2
    assert SECRET not in text


def test_a_long_address_is_logged_in_no_time() -> None:
    record = logging.LogRecord(
        "x", logging.WARNING, "", 0, "Not Found: /%s", ("x" * 100_000,), None
    )
    before = time.thread_time()

    LINES.format(record)
    clean("x" * 100_000)

    assert time.thread_time() - before < 1  # it was a minute and more


def test_a_long_line_is_shortened() -> None:
    try:
        raise ValueError("y" * 100_000)
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "x" * 100_000, (), (ValueError, error, None)
        )

    lines = LINES.format(record).split("\n")

    assert len(lines) >= 2
    assert [line for line in lines if len(line) > LINE_MAX + 200] == []


def test_no_part_of_a_signature_is_left_where_a_line_is_cut() -> None:
    signed = signing.dumps({"member": 1})
    value, _, signature = signed.rpartition(":")
    for kept in range(len(signature) + 2):
        before = "x/" * LINE_MAX
        text = before[: LINE_MAX - len(value) - 1 - kept] + signed + " y" * LINE_MAX

        line = shortened(clean(text)) if kept > len(signature) else shortened(text)

        assert signature[:6] not in line


# The security log


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "minibatch.security"]


def test_reading_a_mail_is_noted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "minibatch.security")
    client = Client()
    client.force_login(world["owner"])
    caplog.clear()

    client.get(reverse("mail:outbox"))
    client.get(reverse("mail:preview", args=[world.parameters["mail:digest"]["pk"]]))

    assert [line.partition("{")[0].strip() for line in events(caplog)] == [
        "mail read",
        "mail read",
    ]
    assert f'"member": {world["owner"].pk}' in events(caplog)[0]
    assert '"delivery"' in events(caplog)[1]


@pytest.mark.parametrize("path", ["/outbox/", "/mail/runs/", "/admin/community/post/"])
def test_a_refusal_on_a_page_of_operators_is_noted(
    world: World, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    client = Client()
    client.force_login(world["curator"])
    caplog.set_level(logging.INFO, "minibatch.security")

    assert client.get(path).status_code in (403, 404)

    assert [line for line in events(caplog) if line.startswith("refused")]
    assert world["curator"].email not in "".join(events(caplog))


def test_signing_in_and_failing_to_is_noted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "minibatch.security")
    member = world["member"]
    member.set_password("a long one indeed")
    member.save()
    assert EmailAddress.objects.filter(user=member, verified=True).exists()
    sign_in = {"login": member.email, "password": "wrong"}

    Client().post(reverse("account_login"), sign_in)
    Client().post(
        reverse("account_login"), {**sign_in, "password": "a long one indeed"}
    )

    assert any(line.startswith("sign-in failed") for line in events(caplog))
    assert any(
        line.startswith("signed in") and f'"member": {member.pk}' in line
        for line in events(caplog)
    )
    assert member.email not in "".join(events(caplog))


def test_a_fact_cannot_look_like_a_line(caplog: pytest.LogCaptureFixture) -> None:
    from members.securitylog import note

    caplog.set_level(logging.INFO, "minibatch.security")
    note("refused", view='a\nsigned in {"member": 1}')

    [line] = events(caplog)
    assert "\n" not in line
