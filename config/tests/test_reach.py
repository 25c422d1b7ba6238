from types import SimpleNamespace

import pytest

from config.reach import (
    STAYS_HERE,
    is_of_this_machine,
    why_links_are_weak,
    why_mail_is_held,
)
from operate.up import Site

SMTP = "mail.backends.SmtpBackend"


@pytest.mark.parametrize(
    "host",
    "localhost localhost. LOCALHOST app.localhost localhost.localdomain 127.0.0.1 "
    "127.9.9.9 127.1 0x7f.0.0.1 "
    "2130706433 0.0.0.0 0 0.1 [::1] [::] [::ffff:127.0.0.1] 169.254.1.1 [fe80::1] minibatch "
    "study.test no.invalid [::1".split(),
)
def test_addresses_of_this_machine(host):
    assert is_of_this_machine(f"http://{host}/")
    assert is_of_this_machine(f"https://user@{host}/learn")


@pytest.mark.parametrize(
    "url", ["", "study.example.org", "http://", "mailto:a@example.org"]
)
def test_what_is_no_address_at_all_is_for_nobody(url):
    assert is_of_this_machine(url)


@pytest.mark.parametrize(
    "host",
    "study.example.org 192.168.1.7 10.0.0.2 [2001:db8::1] bücher.example lab.lan "
    "1.localhost.example 8.8".split(),
)
def test_addresses_that_others_can_open(host):
    assert not is_of_this_machine(f"https://{host}:8000")


def test_only_mail_that_leaves_the_machine_is_held_or_weak():
    for backend in STAYS_HERE:
        assert why_mail_is_held("http://127.0.0.1:8000", backend) == ""
        assert why_links_are_weak("http://study.example.org", backend) == ""
    assert "http://127.0.0.1:8000" in why_mail_is_held("http://127.0.0.1:8000", SMTP)
    assert "members" in why_mail_is_held("http://127.0.0.1:8000", "some.other.Backend")
    assert why_mail_is_held("https://study.example.org", SMTP) == ""
    assert "RFC 8058" in why_links_are_weak("http://study.example.org", SMTP)
    assert why_links_are_weak("https://study.example.org", SMTP) == ""
    assert why_links_are_weak("http://127.0.0.1:8000", SMTP) == ""  # said already


@pytest.mark.parametrize(
    ("site_url", "said"),
    [
        ("http://127.0.0.1:8000", "Digests and reminders are held"),
        ("http://study.example.org", "RFC 8058"),
        ("https://study.example.org", ""),
    ],
)
def test_the_start_says_in_one_sentence_what_is_wrong_with_the_address(
    capsys, site_url, said
):
    settings = SimpleNamespace(
        SITE_URL=site_url,
        EMAIL_BACKEND=SMTP,
        EMAIL_URL="smtp://mail.example.org",
        NETWORK_NAMES=[],
        PORT=8000,
    )
    site = SimpleNamespace(settings=settings, first_run_lines="")

    Site.say_where(site)  # type: ignore[arg-type]

    [_where, *rest] = capsys.readouterr().out.splitlines()
    assert [said in line for line in rest] == ([True] if said else [])
