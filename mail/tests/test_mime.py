"""A letter is written down as Python's email package would have
written it.
"""

import re
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from hypothesis import example, given
from hypothesis import strategies as st

from mail.mime import LONGEST_LINE, Letter, written

SUBJECT = "Your week at ⁨Dienstag⁩, no. 3: 2 h 10 min"
characters = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
# Long words of ASCII are folded otherwise than words that are encoded.
plain = st.lists(st.text("abc", min_size=1, max_size=90), max_size=8).map(" ".join)
words = st.one_of(st.text(characters, max_size=90), plain)
lines = st.lists(
    st.one_of(
        words,
        st.sampled_from([".", "..", "From here", "=3D", " ", "a " * 700, "é" * 600]),
    ),
    max_size=6,
)
# Django leaves out a part that is empty; no mail has one.
texts = lines.map("\n".join).filter(bool)
names = st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=40)


def both(text="Hello", html="<p>Hello</p>", subject="Week", name="Group", **headers):
    values = {
        "subject": subject,
        "body": text,
        "from_email": f'"{name}" <from@example.org>',
        "to": ["ines@example.org"],
        "headers": {"Message-ID": "<1@example.org>", **headers},
    }
    made = []
    for kind in (EmailMultiAlternatives, Letter):
        message = kind(**values)
        message.attach_alternative(html, "text/html")
        made.append(message)
    usual, letter = made
    return usual.message().as_bytes(linesep="\r\n"), letter.as_wire()


def read(written):
    parsed = message_from_bytes(written, policy=policy.default)
    headers = {
        name: " ".join(str(value).split())
        for name, value in parsed.items()
        if name not in ("Content-Type", "Date")
    }
    parts = [
        (
            each.get_content_type(),
            each.get_content_charset(),
            each.get_payload(decode=True),
            each["MIME-Version"],
        )
        for each in parsed.iter_parts()
    ]
    return list(headers.items()), parts, parsed.defects


@given(texts, texts, words, names)
@example("a", "b", "", "G")
@example(".\n..\n.x", "<p>.</p>\n.\n", "A.", "A")
@example("a\rb\r\nc", "<p>\r\r\n</p>\r", "A.", "A")
@example("x" * 998, "é" * 499 + "\n", "s" * 300, "Ä")
@example("x" * 999, "é" * 500, "ß " * 200, "A B")
@example("a", "b", "Your week at " + "x" * 80, "x" * 80)
@example("no end", "<p>=20\t</p>  \n", SUBJECT, "Gruppe Ü")
def test_headers_and_parts_are_those_of_the_email_package(text, html, subject, name):
    usual, letter = both(text, html, subject, name)

    assert read(letter) == read(usual)


@given(texts, texts, words, names)
def test_no_line_is_too_long_and_all_end_alike(text, html, subject, name):
    _usual, letter = both(text, html, subject, name)

    assert letter.endswith(b"--\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", letter)
    assert max(map(len, letter.split(b"\r\n"))) <= LONGEST_LINE


def test_long_headers_are_folded_and_read_as_they_were():
    unsubscribe = (
        f"<https://example.org/{'x' * 90}/>, <mailto:a@b.org?subject={'y' * 80}>"
    )
    usual, letter = both(**{"List-Unsubscribe": unsubscribe})

    assert read(letter) == read(usual)
    assert message_from_bytes(letter)["List-Unsubscribe"].split() == unsubscribe.split()


def test_a_name_with_a_quote_and_an_address_in_another_script_are_encoded():
    made = []
    for kind in (EmailMultiAlternatives, Letter):
        message = kind("S", "t", 'O"Brien <a@example.org>', ["ines@bücher.example"])
        message.attach_alternative("<p>t</p>", "text/html")
        message.extra_headers["Message-ID"] = "<1@example.org>"
        made.append(message)

    usual, letter = made
    assert read(letter.as_wire()) == read(usual.message().as_bytes(linesep="\r\n"))


@pytest.mark.parametrize("name", ["Subject", "X-Own"])
def test_a_header_with_a_line_break_is_refused(name):
    letter = Letter(
        "S", "t", "a@example.org", ["b@example.org"], headers={name: "a\nb"}
    )
    letter.attach_alternative("<p>t</p>", "text/html")

    with pytest.raises(ValueError):
        letter.as_wire()


@pytest.mark.parametrize("kind", [EmailMessage, EmailMultiAlternatives])
def test_every_mail_has_a_message_id_with_the_domain_of_the_sender(kind, settings):
    settings.MAIL_DOMAIN = "study.example.org"
    message = kind("Code", "123456", "from@example.org", ["ines@example.org"])

    first, second = (message_from_bytes(written(message)) for _ in range(2))

    assert re.fullmatch("<.+@study.example.org>", first["Message-ID"])
    assert first["Message-ID"] == second["Message-ID"]
