"""What a member wants to get: her page, the link in her mail, and one click to stop."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from mail import actions, tokens
from mail.models import Preference
from members.tests.make import make_group, make_member

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ALL = {"digest": "on", "weekday": "2", "hour": "7", "reminders": "on", "paused_until": ""}


def test_what_she_chooses_is_kept(client):
    ines = make_member(name="Ines")
    client.force_login(ines)

    response = client.post(reverse("mail:preferences"), {"weekday": "2", "hour": "7", "paused_until": "2026-12-01"})

    preference = Preference.objects.get(member=ines)
    assert response.status_code == 302
    assert (preference.digest_weekday, preference.digest_hour) == (2, 7)
    assert preference.digest_stopped_at is not None
    assert preference.reminders_stopped_at is not None
    assert preference.paused_until == date(2026, 12, 1)


def test_ticking_again_starts_mail_again_and_the_first_stop_keeps_its_date(client):
    ines = make_member(name="Ines")
    actions.stop_mail(ines, "digest", now=NOW)
    actions.stop_mail(ines, "digest", now=NOW + timedelta(days=1))
    actions.stop_mail(ines, "reminders", now=NOW)
    assert Preference.objects.get(member=ines).digest_stopped_at == NOW
    client.force_login(ines)

    client.post(reverse("mail:preferences"), ALL | {"reminders": ""})

    preference = Preference.objects.get(member=ines)
    assert preference.digest_stopped_at is None
    assert preference.reminders_stopped_at == NOW


@time_machine.travel(NOW, tick=False)
def test_the_page_says_what_her_clock_says(client):
    client.force_login(make_member(name="Ines", time_zone="Asia/Kathmandu"))

    page = client.get(reverse("mail:preferences")).content.decode()

    assert "Your clock now says Saturday, 17:45 (Asia/Kathmandu)." in page


@pytest.mark.parametrize(
    "wrong", [{"hour": "24"}, {"weekday": "7"}, {"paused_until": "2029-01-01"}, {"paused_until": "soon"}]
)
def test_a_wrong_choice_changes_nothing_and_says_so(client, wrong):
    client.force_login(make_member(name="Ines"))

    response = client.post(reverse("mail:preferences"), ALL | wrong)

    assert response.status_code == 422
    assert b'class="error"' in response.content
    assert not Preference.objects.exists()


def test_the_link_from_a_mail_works_without_signing_in(client):
    ines = make_member(name="Ines")
    address = reverse("mail:preferences_by_link", args=[tokens.preferences_token(ines.pk)])

    page = client.get(address)
    response = client.post(address, ALL)

    assert page.status_code == 200
    assert response.status_code == 302
    assert response["Location"] == address
    assert Preference.objects.get(member=ines).digest_hour == 7


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("x" if t[-1] != "x" else "y"), lambda t: "7", lambda t: t + "0"]
)
def test_a_link_that_we_did_not_make_opens_nothing(client, change):
    ines = make_member(name="Ines")

    preferences = client.get(reverse("mail:preferences_by_link", args=[change(tokens.preferences_token(ines.pk))]))
    stop = client.post(reverse("mail:unsubscribe", args=[change(tokens.unsubscribe_token(ines.pk, "digest"))]))

    assert (preferences.status_code, stop.status_code) == (404, 404)
    assert b"Nothing was changed" in stop.content
    assert not Preference.objects.exists()


def test_a_preferences_link_ends_after_a_good_year_and_an_unsubscribe_link_never(client):
    with time_machine.travel(NOW, tick=False):
        ines = make_member(name="Ines")
        preferences, stop = tokens.preferences_token(ines.pk), tokens.unsubscribe_token(ines.pk, "digest")

    with time_machine.travel(NOW + timedelta(days=401), tick=False):
        assert client.get(reverse("mail:preferences_by_link", args=[preferences])).status_code == 404
        assert client.post(reverse("mail:unsubscribe", args=[stop])).status_code == 200


@pytest.mark.parametrize("what", ["digest", "reminders"])
def test_following_the_unsubscribe_link_changes_nothing(client, what):
    ines = make_member(name="Ines")

    response = client.get(reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(ines.pk, what)]))

    assert response.status_code == 200
    assert b"Stop it" in response.content
    assert not Preference.objects.exists()


@pytest.mark.parametrize(("what", "field"), [("digest", "digest_stopped_at"), ("reminders", "reminders_stopped_at")])
def test_the_mail_provider_stops_one_kind_with_one_post_and_no_cookies(what, field):
    from django.test import Client

    provider = Client(enforce_csrf_checks=True)
    ines = make_member(name="Ines")
    address = reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(ines.pk, what)])

    response = provider.post(address, {"List-Unsubscribe": "One-Click"})

    stopped = Preference.objects.values("digest_stopped_at", "reminders_stopped_at").get(member=ines)
    assert response.status_code == 200
    assert [name for name, moment in stopped.items() if moment] == [field]
    assert provider.post(address, {"start": "1"}).status_code == 200
    assert getattr(Preference.objects.get(member=ines), field) is None


def test_the_link_of_a_member_who_left_for_good_is_not_found(client):
    ines = make_member(name="Ines")
    stop, preferences = tokens.unsubscribe_token(ines.pk, "digest"), tokens.preferences_token(ines.pk)
    ines.delete()

    assert client.post(reverse("mail:unsubscribe", args=[stop])).status_code == 404
    assert client.get(reverse("mail:preferences_by_link", args=[preferences])).status_code == 404


def test_the_preferences_page_asks_four_queries(client, django_assert_num_queries):
    make_group()
    client.force_login(make_member(name="Ines"))
    client.get(reverse("mail:preferences"))

    with django_assert_num_queries(4):  # session, member, where she is, preference
        client.get(reverse("mail:preferences"))
