"""Plain addresses are said to a server without parsing, as smtplib says them."""

import smtplib
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.backends import PLAIN_ADDRESS, PlainConnection, _address


class Saying(PlainConnection):
    """A connection that notes what it would send."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.does_esmtp = True

    def putcmd(self, cmd: str, args: str = "") -> None:
        self.said.append(f"{cmd} {args}")

    def getreply(self) -> tuple[int, bytes]:
        return 250, b"yes"


class Parsing(Saying):
    """As smtplib does."""

    mail = smtplib.SMTP.mail
    rcpt = smtplib.SMTP.rcpt


def parsed(written: str) -> str:
    local, _, domain = parseaddr(written)[1].rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


@given(st.from_regex(PLAIN_ADDRESS, fullmatch=True), st.booleans())
def test_a_plain_address_is_said_as_smtplib_says_it(
    address: str, has_size: bool
) -> None:
    ours, theirs = Saying(), Parsing()
    options = ["size=20000"] if has_size else []

    for connection in (ours, theirs):
        connection.mail(address, options)
        connection.rcpt(address, [])

    assert ours.said == theirs.said
    assert _address(address) == parsed(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ines",
        "ines@",
        "@example.org",
        "ines@example.org\n",
        "ines@example.org>\r\nRCPT TO:<other@example.org",
        "ines@example.org, other@example.org",
        '"in es"@example.org',
        "Ines <ines@example.org>",
        "ines..b@example.org",
        ".ines@example.org",
        "ines@example..org",
        "ines@[127.0.0.1]",
        "ines@bücher.example",
        "zoë@example.org",
        f"ines@{'a' * 64}.org",
    ],
)
def test_any_other_address_is_parsed(address: str) -> None:
    assert not PLAIN_ADDRESS.fullmatch(address)


def test_an_address_with_a_name_is_said_without_it() -> None:
    connection = Saying()

    connection.mail("Group <group@example.org>")
    connection.rcpt('"in es"@example.org')

    assert connection.said == [
        "mail FROM:<group@example.org>",
        'rcpt TO:<"in es"@example.org>',
    ]
