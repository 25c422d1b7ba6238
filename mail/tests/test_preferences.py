"""What a member wants to get: the page, the link in a mail, and one
click to stop.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from mail import actions, tokens
from mail.models import Preference, What
from members.tests.make import make_group, make_member
from notifications.actions import choose_ways

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ALL = {
    "digest": "on",
    "weekday": "2",
    "hour": "7",
    "reminders": "on",
    "paused_until": "",
    "version": "0",
}


@time_machine.travel(NOW, tick=False)
def test_what_is_chosen_is_saved(client):
    ines = make_member(name="Ines")
    client.force_login(ines)

    response = client.post(
        reverse("mail:preferences"),
        {"weekday": "2", "hour": "7", "paused_until": "2026-12-01", "version": "0"},
    )

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

    client.post(reverse("mail:preferences"), ALL | {"reminders": "", "version": "2"})

    preference = Preference.objects.get(member=ines)
    assert preference.digest_stopped_at is None
    assert preference.reminders_stopped_at == NOW


@time_machine.travel(NOW, tick=False)
def test_the_page_says_what_the_members_clock_says(client):
    client.force_login(make_member(name="Ines", time_zone="Asia/Kathmandu"))

    page = client.get(reverse("mail:preferences")).content.decode()

    assert "Your clock now says Saturday, 17:45 (Asia/Kathmandu)." in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": "24"},
        {"weekday": "7"},
        {"paused_until": "2029-01-01"},
        {"paused_until": "2020-01-01"},
        {"paused_until": "soon"},
    ],
)
def test_a_wrong_choice_changes_nothing_and_says_so(client, wrong):
    client.force_login(make_member(name="Ines"))

    response = client.post(reverse("mail:preferences"), ALL | wrong)

    assert response.status_code == 422
    assert b'class="error"' in response.content
    assert not Preference.objects.exists()


def test_a_pause_that_is_over_is_not_in_the_form(client):
    ines = make_member(name="Ines")
    Preference.objects.create(member=ines, paused_until=date(2020, 1, 1), version=1)
    client.force_login(ines)

    page = client.get(reverse("mail:preferences"))
    saved = client.post(reverse("mail:preferences"), ALL | {"version": "1"})

    assert page.context["form"]["paused_until"].value() is None
    assert saved.status_code == 302


def test_the_link_from_a_mail_works_without_signing_in(client):
    ines = make_member(name="Ines")
    address = reverse("mail:preferences_by_link", args=[tokens.preferences_token(ines)])

    page = client.get(address)
    response = client.post(address, ALL)

    assert page.status_code == 200
    assert response.status_code == 302
    assert response["Location"] == address
    assert Preference.objects.get(member=ines).digest_hour == 7


@time_machine.travel(NOW, tick=False)
def test_the_page_of_a_link_shows_the_members_hours(client):
    long_ago = NOW - timedelta(days=30)
    ines = make_member(name="Ines", time_zone="Asia/Kathmandu", joined_at=long_ago)
    address = reverse("mail:preferences_by_link", args=[tokens.preferences_token(ines)])

    page = client.get(address).content.decode()

    assert "Your next digest: Sunday 22 November, 18:00." in page


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t[:-1] + ("x" if t[-1] != "x" else "y"),
        lambda t: "7",
        lambda t: t + "0",
    ],
)
def test_a_link_that_we_did_not_make_opens_nothing(client, change):
    ines = make_member(name="Ines")

    preferences = client.get(
        reverse(
            "mail:preferences_by_link", args=[change(tokens.preferences_token(ines))]
        )
    )
    stop = client.post(
        reverse(
            "mail:unsubscribe", args=[change(tokens.unsubscribe_token(ines, "digest"))]
        )
    )

    assert (preferences.status_code, stop.status_code) == (404, 404)
    assert b"Nothing was changed" in stop.content
    assert not Preference.objects.exists()


def test_a_preferences_link_ends_after_a_good_year_and_an_unsubscribe_link_never(
    client,
):
    with time_machine.travel(NOW, tick=False):
        ines = make_member(name="Ines")
        preferences, stop = (
            tokens.preferences_token(ines),
            tokens.unsubscribe_token(ines, "digest"),
        )

    with time_machine.travel(NOW + timedelta(days=401), tick=False):
        assert (
            client.get(
                reverse("mail:preferences_by_link", args=[preferences])
            ).status_code
            == 404
        )
        assert client.post(reverse("mail:unsubscribe", args=[stop])).status_code == 200


@pytest.mark.parametrize("what", ["digest", "reminders"])
def test_following_the_unsubscribe_link_changes_nothing(client, what):
    ines = make_member(name="Ines")

    response = client.get(
        reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(ines, what)])
    )

    assert response.status_code == 200
    assert b"Stop it" in response.content
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("what", "field"),
    [("digest", "digest_stopped_at"), ("reminders", "reminders_stopped_at")],
)
def test_the_mail_provider_stops_one_kind_with_one_post_and_no_cookies(what, field):
    from django.test import Client

    provider = Client(enforce_csrf_checks=True)
    ines = make_member(name="Ines")
    address = reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(ines, what)])

    response = provider.post(address, {"List-Unsubscribe": "One-Click"})

    stopped = Preference.objects.values(
        "digest_stopped_at", "reminders_stopped_at"
    ).get(member=ines)
    assert response.status_code == 200
    assert [name for name, moment in stopped.items() if moment] == [field]
    assert provider.post(address, {"start": "1"}).status_code == 200
    assert getattr(Preference.objects.get(member=ines), field) is not None


def test_the_link_of_a_member_who_left_for_good_is_not_found(client):
    ines = make_member(name="Ines")
    stop, preferences = (
        tokens.unsubscribe_token(ines, "digest"),
        tokens.preferences_token(ines),
    )
    ines.delete()

    assert client.post(reverse("mail:unsubscribe", args=[stop])).status_code == 404
    assert (
        client.get(reverse("mail:preferences_by_link", args=[preferences])).status_code
        == 404
    )


def test_the_preferences_page_asks_five_queries(client, django_assert_num_queries):
    make_group()
    client.force_login(make_member(name="Ines"))
    client.get(reverse("mail:preferences"))

    # session with member and enrolment, preference, ways, and two for the next
    # digest
    with django_assert_num_queries(5):
        client.get(reverse("mail:preferences"))


# A form that is out of date


def test_an_old_tab_asks_before_it_undoes_an_unsubscribe(client):
    ines = make_member(name="Ines")
    client.force_login(ines)
    client.post(
        reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(ines, "digest")])
    )

    asked = client.post(reverse("mail:preferences"), ALL)

    assert asked.status_code == 409
    assert b"Send me the weekly digest: now no, in this form yes" in asked.content
    assert b'name="version" value="1"' in asked.content
    assert Preference.objects.get(member=ines).digest_stopped_at is not None
    saved = client.post(
        reverse("mail:preferences"), ALL | {"version": "1"}, follow=True
    )
    assert b"Saved." in saved.content
    assert Preference.objects.get(member=ines).digest_stopped_at is None


def test_two_sessions_never_overwrite_each_other(client):
    ines = make_member(name="Ines")
    client.force_login(ines)
    assert (
        client.post(reverse("mail:preferences"), ALL | {"hour": "7"}).status_code == 302
    )

    asked = client.post(reverse("mail:preferences"), ALL | {"hour": "9"})

    assert asked.status_code == 409
    assert b"At: now 7:00, in this form 9:00" in asked.content
    assert asked.context["form"]["hour"].value() == "9"
    assert asked.context["form"]["paused_until"].value() == ALL.get("paused_until")
    assert b"[&#x27;" not in asked.content
    assert Preference.objects.get(member=ines).digest_hour == 7


@pytest.mark.parametrize("version", ["", "soon", "-1", "99999999999999999999"])
def test_a_form_without_its_version_asks_or_says_so(client, version):
    ines = make_member(name="Ines")
    client.force_login(ines)

    assert client.post(
        reverse("mail:preferences"), ALL | {"version": version}
    ).status_code in (409, 422)
    assert not Preference.objects.filter(digest_hour=7).exists()


def test_two_forms_that_want_the_same_are_one(client):
    client.force_login(make_member(name="Ines"))

    assert [
        client.post(reverse("mail:preferences"), ALL).status_code for _ in range(2)
    ] == [302, 302]


# Links of a mail that was forwarded


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unsubscribe_link_names_nobody_and_makes_no_other_link(client, method):
    ines = make_member(
        name="Ines Okafor", email="ines@example.org", time_zone="Asia/Kathmandu"
    )

    page = getattr(client, method)(
        reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(ines, "digest")])
    )

    assert page.status_code == 200
    text = page.content.decode()
    assert "i…@e…org" in text
    for secret in (
        "ines@",
        "example.org",
        "Ines",
        "Okafor",
        "Kathmandu",
        "/mail/preferences/1",
    ):
        assert secret not in text
    assert 'href="/mail/preferences/"' in text


def test_a_preferences_link_masks_the_address_and_starts_nothing(client):
    ines = make_member(
        name="Ines", email="ines@example.org", time_zone="Asia/Kathmandu"
    )
    actions.stop_mail(ines, "digest", now=NOW)
    address = reverse("mail:preferences_by_link", args=[tokens.preferences_token(ines)])

    text = client.get(address).content.decode()
    answer = client.post(address, ALL | {"version": "1"})

    assert "i…@e…org" in text
    assert "Ines" not in text
    assert "Kathmandu" not in text
    assert answer.status_code == 422
    assert b"only after signing in" in answer.content
    assert Preference.objects.get(member=ines).digest_stopped_at == NOW


def test_mail_is_started_again_from_our_own_page_only(client):
    from django.test import Client

    ines = make_member(name="Ines")
    actions.stop_mail(ines, "digest", now=NOW)
    foreign = Client(enforce_csrf_checks=True)
    foreign.force_login(ines)
    client.force_login(ines)

    assert foreign.post(reverse("mail:start", args=["digest"])).status_code == 403
    # to the sign-in
    assert Client().post(reverse("mail:start", args=["digest"])).status_code == 302
    assert Preference.objects.get(member=ines).digest_stopped_at == NOW
    assert client.post(reverse("mail:start", args=["nothing"])).status_code == 404
    client.post(reverse("mail:start", args=["digest"]))
    assert Preference.objects.get(member=ines).digest_stopped_at is None


def test_old_links_end_by_the_button_and_when_the_address_changes(client):
    ines = make_member(name="Ines", email="ines@example.org")

    def answers():
        member = type(ines).objects.get(pk=ines.pk)
        stop, page = (
            tokens.unsubscribe_token(member, "digest"),
            tokens.preferences_token(member),
        )
        return reverse("mail:unsubscribe", args=[stop]), reverse(
            "mail:preferences_by_link", args=[page]
        )

    first = answers()
    client.force_login(ines)
    assert client.post(reverse("mail:end_links")).status_code == 302
    second = answers()
    type(ines).objects.filter(pk=ines.pk).update(email="new@example.org")
    third = answers()

    assert [client.get(address).status_code for address in first + second + third] == [
        404
    ] * 4 + [200] * 2
    assert client.post(first[0]).status_code == 404


def test_a_link_of_before_the_counter_works_until_links_are_ended(client):
    from django.core.signing import Signer

    ines = make_member(name="Ines")
    old = reverse(
        "mail:unsubscribe",
        args=[Signer(salt="mail.unsubscribe").sign(f"{ines.pk}.digest")],
    )

    assert client.post(old).status_code == 200
    actions.end_links(ines)
    assert client.post(old).status_code == 404


@pytest.mark.parametrize("what", ["digest", "reminders"])
def test_a_link_that_stopped_mail_before_says_so_and_asks_for_nothing(client, what):
    ines = make_member(name="Ines")
    actions.stop_mail(ines, what, now=NOW)

    page = client.get(
        reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(ines, what)])
    ).content.decode()

    assert "You have stopped it already." in page
    assert "Stop it" not in page
    assert "without signing in" in page


# Kinds and ways


NEW = ALL | {"daily": "9", "quiet_from": "21:30", "quiet_until": "07:30"}


def test_ways_hours_and_quiet_hours_are_saved(client):
    ines = make_member(name="Ines")
    client.force_login(ines)
    ways = {"way_answer": "once", "way_watched": "app", "way_thanks": "app"}

    saved = client.post(reverse("mail:preferences"), NEW | ways)

    preference = Preference.objects.get(member=ines)
    assert saved.status_code == 302
    assert (preference.bundle_hour, preference.bundle_stopped_at) == (9, None)
    assert (preference.quiet_from, preference.quiet_until) == (
        time(21, 30),
        time(7, 30),
    )
    stored = ines.reaches.order_by("group").values_list("group", "way")
    assert list(stored) == [("answer", "once"), ("watched", "app")]
    page = client.get(reverse("mail:preferences")).content.decode()
    assert re.search(r'name="way_answer"\s+value="once"\s+checked', page)


def test_never_at_that_hour_is_no_daily_mail_and_keeps_the_hour(client):
    ines = make_member(name="Ines")
    Preference.objects.create(member=ines, bundle_hour=9)
    client.force_login(ines)

    client.post(reverse("mail:preferences"), NEW | {"daily": "never"})

    preference = Preference.objects.get(member=ines)
    assert preference.bundle_stopped_at is not None
    assert preference.bundle_hour == 9


def test_a_form_from_before_leaves_what_it_does_not_know(client):
    ines = make_member(name="Ines")
    Preference.objects.create(member=ines, bundle_hour=9, quiet_from=None)
    choose_ways(ines, {"answer": "once"}, now=NOW)
    client.force_login(ines)

    client.post(reverse("mail:preferences"), ALL)

    preference = Preference.objects.get(member=ines)
    assert (preference.bundle_hour, preference.quiet_from) == (9, None)
    assert preference.bundle_stopped_at is None
    assert list(ines.reaches.values_list("way", flat=True)) == ["once"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quiet_until": "21:30"}, "Quiet hours cannot cover the whole day."),
        ({"quiet_until": ""}, "Give both times"),
        ({"quiet_from": "late"}, "Enter a valid time"),
        ({"daily": "24"}, "24 is not one of the available choices"),
        ({"way_watched": "once"}, "once is not one of the available choices"),
        ({"way_answer": "x" * 10_000}, "is not one of the available choices"),
    ],
)
def test_a_wrong_way_or_hour_is_refused_with_a_sentence(client, wrong, words):
    ines = make_member(name="Ines")
    client.force_login(ines)

    response = client.post(reverse("mail:preferences"), NEW | wrong)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Preference.objects.exists()
    assert not ines.reaches.exists()


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ("2", date(2026, 12, 5)),
        ("0", None),
        ("x", None),
        ("9" * 900, None),
        ("²", None),
    ],
)
def test_a_link_proposes_a_pause_and_saves_nothing(client, weeks, expected):
    ines = make_member(name="Ines")
    address = reverse("mail:preferences_by_link", args=[tokens.preferences_token(ines)])

    page = client.get(address, {"weeks": weeks})

    assert page.context["form"]["paused_until"].value() == expected
    assert not Preference.objects.exists()


def test_by_a_link_a_daily_mail_that_was_stopped_is_not_started_again(client):
    ines = make_member(name="Ines")
    stop = reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(ines, "bundle")])
    assert b"Stop the daily mail?" in client.get(stop).content
    client.post(stop)
    address = reverse("mail:preferences_by_link", args=[tokens.preferences_token(ines)])

    response = client.post(address, NEW | {"version": "1"})

    assert response.status_code == 422
    assert Preference.objects.get(member=ines).bundle_stopped_at is not None


def test_one_click_ends_mail_at_once(client):
    ines = make_member(name="Ines")
    choose_ways(ines, {"answer": "once", "reply": "once"}, now=NOW)
    stop = reverse("mail:unsubscribe", args=[tokens.unsubscribe_token(ines, "once")])

    client.post(stop)

    assert set(ines.reaches.values_list("way", flat=True)) == {"bundle"}
    assert b"stopped it already" in client.get(stop).content


def test_two_tabs_that_choose_differently_are_asked(client):
    client.force_login(make_member(name="Ines"))
    client.post(reverse("mail:preferences"), NEW | {"way_answer": "once"})

    second = client.post(reverse("mail:preferences"), NEW | {"way_answer": "app"})

    assert second.status_code == 409
    assert (
        "Answer to my question: now At once, in this form In the app"
        in second.content.decode()
    )


@pytest.mark.django_db
def test_mail_at_once_is_stopped_once_and_started_on_the_page_alone() -> None:
    ines = make_member()
    now = timezone.now()
    before = actions.stop_mail(ines, What.ONCE, now=now).version

    assert actions.stop_mail(ines, What.ONCE, now=now).version == before
    assert actions.start_mail(ines, What.ONCE, now=now).version == before
    assert actions.has_stopped(ines, What.ONCE)
