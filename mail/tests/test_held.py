"""Mail with links that only this machine can open goes to no member, and
is not lost.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from mail import actions
from mail.models import Delivery
from mail.notices import Notice
from mail.notices import write as write_notice
from mail.tests.make import make_delivery
from mail.tests.smtp import smtp_server
from members.tests.make import make_group, make_member

SUNDAY = datetime(2026, 11, 22, 18, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HELD = b"Digests and reminders are held"
pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp(settings):
    with smtp_server(settings) as server:
        settings.SITE_URL, settings.ALLOWED_HOSTS = "http://127.0.0.1:8000", ["*"]
        yield server


@pytest.fixture
def olga():
    make_group()
    return make_member(
        name="Olga", owner_since=LONG_AGO, joined_at=LONG_AGO, onboarded_at=LONG_AGO
    )


@pytest.fixture
def ines(olga):
    return make_member(name="Ines", joined_at=LONG_AGO, onboarded_at=LONG_AGO)


def here(settings):
    """Headers of a request by the name of the site, the only one
    that gets a page.
    """
    return {"host": urlsplit(settings.SITE_URL).netloc}


def send(now):
    return actions.send_waiting(lambda: now)


def test_members_get_nothing_and_the_owner_a_test_until_the_address_is_set(
    client, settings, smtp, olga, ines
):
    client.force_login(olga)
    actions.write_due_digests(SUNDAY)
    actions.write_test(olga, now=SUNDAY)
    notice = Notice(
        subject="One", paragraphs=["Words."], path="/health/", button="Look"
    )
    write_notice([olga], key="one", notice=notice, now=SUNDAY)
    assert send(SUNDAY).later == 2

    assert smtp.recipients == [olga.email] * 2
    page = client.get(reverse("mail:runs"), headers=here(settings)).content
    assert HELD in page
    assert b"SITE_URL" in page

    settings.SITE_URL = "https://study.example.org"
    assert send(SUNDAY + timedelta(minutes=6)).sent == 2
    assert smtp.recipients.count(ines.email) == 1
    assert HELD not in client.get(reverse("mail:runs"), headers=here(settings)).content


def test_what_is_held_is_never_given_up_and_old_news_is_not_sent_afterwards(
    settings, smtp, olga
):
    actions.write_due_digests(SUNDAY)
    for hours in range(0, 24 * 10, 5):
        assert send(SUNDAY + timedelta(hours=hours)).given_up == 0
    actions.write_due_digests(SUNDAY + timedelta(days=7))
    assert Delivery.objects.waiting().count() == 2

    settings.SITE_URL = "https://study.example.org"
    run = send(SUNDAY + timedelta(days=10))

    assert (run.sent, run.given_up) == (1, 1)
    assert [d.key for d in Delivery.objects.filter(sent_at__isnull=False)] == [
        "2026-W48"
    ]
    [old] = Delivery.objects.filter(given_up_at__isnull=False)
    assert old.error


def test_a_member_who_stops_mail_while_it_is_held_does_not_get_it_later(
    settings, smtp, olga
):
    actions.write_due_digests(SUNDAY)
    send(SUNDAY)
    actions.stop_mail(olga, "digest", now=SUNDAY)

    assert send(SUNDAY + timedelta(minutes=6)).given_up == 1


def test_a_reminder_is_held_too(smtp, ines):
    make_delivery(
        ines, kind=Delivery.Kind.INACTIVITY, key="2026-11-14", written_at=SUNDAY
    )

    assert send(SUNDAY).later == 1
    assert smtp.recipients == []


def test_every_kind_is_for_members_and_held_or_for_owners_and_sent(smtp, olga):
    for kind in Delivery.Kind:
        content = (
            {"subject": "S", "paragraphs": ["P"], "path": "/", "button": "B"}
            if kind == "notice"
            else {}
        )
        make_delivery(
            olga, kind=kind, key=f"key-{kind}", written_at=SUNDAY, content=content
        )
    Delivery.objects.filter(kind=Delivery.Kind.TEST).delete()
    actions.write_test(olga, now=SUNDAY)

    send(SUNDAY)

    sent = set(
        Delivery.objects.filter(sent_at__isnull=False).values_list("kind", flat=True)
    )
    assert sent == {Delivery.Kind.TEST, Delivery.Kind.NOTICE}


def test_a_sign_in_code_still_goes_out(client, settings, smtp, ines):
    client.post(
        reverse("account_request_login_code"),
        {"email": ines.email},
        headers=here(settings),
    )

    assert smtp.recipients == [ines.email]


def test_an_address_without_tls_is_said_and_mail_goes_out(client, settings, smtp, olga):
    settings.SITE_URL = "http://study.example.org"
    client.force_login(olga)
    actions.write_due_digests(SUNDAY)

    assert send(SUNDAY).sent == 1
    assert (
        b"RFC 8058" in client.get(reverse("mail:runs"), headers=here(settings)).content
    )


def test_starting_a_run_says_that_it_is_held(client, settings, smtp, olga, monkeypatch):
    monkeypatch.setattr("mail.tasks.send_due_digests.delay_on_commit", lambda: None)
    monkeypatch.setattr(
        "mail.views.runs.due_digests", lambda now: iter([("2026-W47", [olga])])
    )
    client.force_login(olga)

    page = client.post(
        reverse("mail:start_run"), follow=True, headers=here(settings)
    ).content

    assert b"1 digest is due, and held." in page
