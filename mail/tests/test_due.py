"""Who is due, each in their own time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from hypothesis import given, settings
from hypothesis import strategies as st

from community.tests.make import make_comment, make_post
from mail import actions
from mail.due import looks
from mail.due.digests import due_digests
from mail.due.reminders import due_reminders
from mail.due.slots import CATCH_UP, instant, slots, week_key
from mail.models import Delivery, Preference
from mail.tests.make import make_delivery
from members.models import Member
from members.tests.make import make_member
from progress.models import Enrollment
from progress.tests.make import make_curriculum, make_enrollment

BERLIN, LORD_HOWE, KATHMANDU = (
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Asia/Kathmandu"),
)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "Africa/Casablanca",
]


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "zone", "expected"),
    [
        (date(2026, 11, 22), 18, BERLIN, utc(2026, 11, 22, 17)),
        (date(2026, 7, 5), 18, BERLIN, utc(2026, 7, 5, 16)),
        # does not exist: 3:00, the next that does
        (date(2026, 3, 29), 2, BERLIN, utc(2026, 3, 29, 1)),
        (date(2026, 10, 25), 2, BERLIN, utc(2026, 10, 25, 0)),  # comes twice: the first
        # clocks jump half an hour: 2:30
        (date(2026, 10, 4), 2, LORD_HOWE, utc(2026, 10, 3, 15, 30)),
        (date(2026, 4, 5), 1, LORD_HOWE, utc(2026, 4, 4, 14)),
        (date(2026, 11, 22), 18, KATHMANDU, utc(2026, 11, 22, 12, 15)),
        # a day that was left out
        (date(2011, 12, 30), 18, ZoneInfo("Pacific/Apia"), utc(2011, 12, 30, 10)),
    ],
)
def test_an_hour_of_a_day_is_one_instant(day, hour, zone, expected):
    assert instant(day, hour, zone) == expected


days = st.dates(date(2010, 1, 1), date(2037, 12, 31))
zones = st.sampled_from(ZONES).map(ZoneInfo)
FIRST, LAST = datetime(2010, 1, 3), datetime(2037, 12, 30)  # noqa: DTZ001
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@settings(deadline=None)
@given(days, st.integers(0, 23), zones)
def test_the_instant_shows_the_hour_or_the_first_thing_after_the_clocks_jumped_over_it(
    day, hour, zone
):
    at = instant(day, hour, zone)
    shown, wanted = (
        at.astimezone(zone).replace(tzinfo=None),
        datetime.combine(day, datetime.min.time()) + timedelta(hours=hour),
    )

    before = (at - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert shown >= wanted
    assert before < wanted
    assert shown == wanted or shown - before > timedelta(seconds=1)


@settings(deadline=None)
@given(days, zones)
def test_the_instants_of_a_day_go_forward(day, zone):
    instants = [instant(day, hour, zone) for hour in range(24)]

    assert instants == sorted(instants)


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(0, 6), st.integers(0, 23), zones, st.integers(1, 3600))
def test_a_weekly_slot_is_due_in_exactly_one_window_a_week_whatever_the_ticks(
    start, weekday, hour, zone, step
):
    """Ticks anywhere from seconds to an hour apart: each slot of three
    weeks is seen, always under the same key.
    """
    seen: dict[date, set[str]] = {}
    first = start.astimezone(zone).date()
    ticks = [
        start + timedelta(hours=n, seconds=step * n % 3600)
        for n in range(0, 24 * 21, 7)
    ]

    for now in ticks:
        for slot in slots(zone, now):
            if (slot.on.weekday(), slot.hour) == (weekday, hour):
                assert timedelta() <= now - slot.at < CATCH_UP
                seen.setdefault(slot.on, set()).add(slot.key)

    inner = [
        day
        for day in seen
        if first + timedelta(days=2) <= day <= first + timedelta(days=18)
    ]
    assert all(len(keys) == 1 for keys in seen.values())
    assert len({key for keys in seen.values() for key in keys}) == len(seen)
    assert len(inner) in (2, 3)


def member(
    zone="UTC", weekday=6, hour=18, name="Ines", joined_at=LONG_AGO, **preference
):
    made = make_member(
        name=name, time_zone=zone, joined_at=joined_at, onboarded_at=joined_at
    )
    Preference.objects.create(
        member=made, digest_weekday=weekday, digest_hour=hour, **preference
    )
    return made


def due_at(now):
    return [(key, [m.name for m in batch]) for key, batch in due_digests(now)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sunday", "instants"),
    [
        # each Sunday at 2:00 on their own clocks
        (
            date(2026, 3, 8),
            {
                "Bo": utc(2026, 3, 8, 1),
                "Noa": utc(2026, 3, 8, 7),
                "Lea": utc(2026, 3, 7, 15),
            },
        ),
        (
            date(2026, 3, 29),
            {
                "Bo": utc(2026, 3, 29, 1),
                "Noa": utc(2026, 3, 29, 6),
                "Lea": utc(2026, 3, 28, 15),
            },
        ),
        (
            date(2026, 10, 4),
            {
                "Bo": utc(2026, 10, 4, 0),
                "Noa": utc(2026, 10, 4, 6),
                "Lea": utc(2026, 10, 3, 15, 30),
            },
        ),
        (
            date(2026, 10, 25),
            {
                "Bo": utc(2026, 10, 25, 0),
                "Noa": utc(2026, 10, 25, 6),
                "Lea": utc(2026, 10, 24, 15),
            },
        ),
        (
            date(2026, 11, 1),
            {
                "Bo": utc(2026, 11, 1, 1),
                "Noa": utc(2026, 11, 1, 7),
                "Lea": utc(2026, 10, 31, 15),
            },
        ),
    ],
)
def test_three_members_in_three_zones_get_one_digest_each_whatever_their_clocks_do(
    sunday, instants
):
    now, written = utc(2026, sunday.month, sunday.day) - timedelta(days=2), {}
    people = {
        "Bo": member("Europe/Berlin", hour=2, name="Bo", joined_at=now),
        "Noa": member("America/New_York", hour=2, name="Noa", joined_at=now),
        "Lea": member("Australia/Lord_Howe", hour=2, name="Lea", joined_at=now),
    }

    for _ in range(3 * 24 * 2):  # three days of half hours
        for key, batch in due_digests(now):
            for one in batch:
                make_delivery(one, written_at=now, key=key)
                written.setdefault(one.name, []).append((now, key))
        now += timedelta(minutes=30)

    assert written == {name: [(instants[name], week_key(sunday))] for name in people}


@pytest.mark.django_db
def test_without_preferences_the_digest_comes_on_sunday_at_six_in_the_evening():
    make_member(
        name="Ines",
        time_zone="Europe/Berlin",
        joined_at=LONG_AGO,
        onboarded_at=LONG_AGO,
    )

    assert due_at(utc(2026, 11, 22, 16, 59)) == []
    assert due_at(utc(2026, 11, 22, 17)) == [("2026-W47", ["Ines"])]


@pytest.mark.django_db
def test_a_site_that_was_off_at_the_hour_catches_up_until_two_days_before_the_next():
    member()

    assert due_at(utc(2026, 11, 27, 17, 59)) == [("2026-W47", ["Ines"])]
    assert due_at(utc(2026, 11, 27, 18)) == []


@pytest.mark.django_db
def test_a_digest_that_is_written_is_not_due_again():
    ines, kim = member(), member(name="Kim")
    make_delivery(ines, written_at=utc(2026, 11, 22, 18), key="2026-W47")
    make_delivery(kim, written_at=utc(2026, 11, 15, 18), key="2026-W46")

    assert due_at(utc(2026, 11, 22, 18, 5)) == [("2026-W47", ["Kim"])]


@pytest.mark.django_db
def test_around_midnight_of_wednesday_two_weeks_are_due_at_once():
    member("Pacific/Kiritimati", weekday=3, hour=0, name="Early")
    member("Pacific/Honolulu", weekday=2, hour=0, name="Late")

    assert sorted(due_at(utc(2026, 11, 25, 10))) == [
        ("2026-W47", ["Late"]),
        ("2026-W48", ["Early"]),
    ]


@pytest.mark.django_db
def test_who_stopped_paused_left_or_has_just_come_is_not_due():
    now = utc(2026, 11, 22, 18)
    member(name="Stopped", digest_stopped_at=LONG_AGO)
    member(name="Paused", paused_until=date(2026, 11, 23))
    member(name="Back today", paused_until=date(2026, 11, 22))
    member(name="New", joined_at=now - timedelta(hours=23))
    member(name="A day old", joined_at=now - timedelta(hours=24))
    left = member(name="Left")
    left.is_active = False
    left.save()
    for name, hours in (("Being welcomed", 23), ("Left the welcome", 24)):
        unborn = member(name=name, joined_at=now - timedelta(hours=hours))
        unborn.onboarded_at = None
        unborn.save()
    for name, verified in (("Waiting", False), ("Confirmed", True)):
        one = member(name=name)
        EmailAddress.objects.create(user=one, email=one.email, verified=verified)

    assert due_at(now) == [
        ("2026-W47", ["Back today", "A day old", "Left the welcome", "Confirmed"])
    ]


@pytest.mark.django_db
def test_a_newcomer_does_not_catch_up_with_an_hour_that_was_too_early():
    now = utc(2026, 11, 22, 18)
    member(name="New", joined_at=now - timedelta(hours=23))

    assert [due_at(now + timedelta(hours=hours)) for hours in (0, 1, 2, 23)] == [[]] * 4
    assert due_at(now + timedelta(days=7)) == [("2026-W48", ["New"])]


@pytest.mark.django_db
def test_members_come_in_batches_of_three_queries(
    django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(looks, "BATCH", 2)
    for name in "ABCDE":
        member(name=name)
    Member.objects.update(digest_look_at=LONG_AGO)

    # three batches, each with the weeks written and the last digest, and
    # the empty one
    with django_assert_num_queries(10):
        assert due_at(utc(2026, 11, 22, 18)) == [
            ("2026-W47", ["A", "B"]),
            ("2026-W47", ["C", "D"]),
            ("2026-W47", ["E"]),
        ]


# Reminders

NOON = utc(2026, 11, 25, 12)  # a Wednesday
AWAY = NOON - timedelta(days=8)


@pytest.fixture
def curriculum():
    return make_curriculum()


def away(curriculum, name="Ines", since=AWAY, zone="UTC", **preference):
    one = member(zone, name=name, **preference)
    make_enrollment(one, curriculum, since)
    return one


def away_at(now):
    return [
        (one.member.name, one.since_day)
        for batch in due_reminders(now)
        for one in batch
    ]


@pytest.mark.django_db
def test_a_member_who_was_heard_of_seven_days_ago_is_away(curriculum):
    away(curriculum, "Seven", since=NOON - timedelta(days=7))
    away(curriculum, "Less", since=NOON - timedelta(days=7) + timedelta(seconds=1))

    assert away_at(NOON) == [("Seven", date(2026, 11, 18))]


@pytest.mark.django_db
def test_a_post_or_a_comment_counts_as_being_there(curriculum):
    writer, talker = away(curriculum, "Writer"), away(curriculum, "Talker")
    quiet = away(curriculum, "Quiet")
    make_post(writer, posted_at=NOON - timedelta(days=1))
    old = make_post(quiet, posted_at=NOON - timedelta(days=7, minutes=5))
    make_comment(old, talker, minutes=24 * 60)

    assert away_at(NOON) == [("Quiet", date(2026, 11, 18))]


@pytest.mark.django_db
def test_reminders_of_one_quiet_time_back_off_and_end_after_three(curriculum):
    ines = away(curriculum, digest_stopped_at=LONG_AGO)
    written = [
        day
        for day in range(-10, 200)
        if actions.write_due_reminders(NOON + timedelta(days=day))
    ]

    # After 7, 14 and 28 days; NOON is the eighth.
    assert written == [-1, 6, 20]
    assert list(
        Delivery.objects.order_by("written_at").values_list("key", "content__is_last")
    ) == [
        ("2026-11-17", False),
        ("2026-11-17-2", False),
        ("2026-11-17-3", True),
    ]
    make_post(ines, posted_at=NOON + timedelta(days=201))
    assert actions.write_due_reminders(NOON + timedelta(days=211)) == 1


@pytest.mark.django_db
def test_a_late_reminder_does_not_bring_the_next_one_closer(curriculum):
    away(curriculum, since=NOON - timedelta(days=100), digest_stopped_at=LONG_AGO)

    written = [
        day
        for day in range(60)
        if actions.write_due_reminders(NOON + timedelta(days=day))
    ]

    assert written == [0, 7, 21]


@pytest.mark.django_db
def test_a_reminder_in_a_daily_mail_counts(curriculum):
    ines = away(curriculum, digest_stopped_at=LONG_AGO)
    make_delivery(
        ines,
        written_at=NOON - timedelta(days=1),
        kind="bundle",
        key="2026-11-24",
        content={"notifications": [], "announcements": [], "away": {}},
    )

    assert away_at(NOON) == []
    assert away_at(NOON + timedelta(days=6)) == [("Ines", date(2026, 11, 17))]


@pytest.mark.django_db
@pytest.mark.parametrize(("hour", "expected"), [(7, 0), (8, 1), (20, 1), (21, 0)])
def test_reminders_keep_quiet_from_nine_in_the_evening_to_eight(
    curriculum, hour, expected
):
    away(curriculum, zone="Asia/Kathmandu")
    now = datetime(2026, 11, 25, hour, 30, tzinfo=KATHMANDU)

    assert len(away_at(now)) == expected


@pytest.mark.django_db
def test_who_stopped_or_paused_is_not_reminded(curriculum):
    away(curriculum, "Stopped", reminders_stopped_at=LONG_AGO)
    away(curriculum, "Paused", paused_until=date(2026, 11, 26))
    away(curriculum, "Back today", paused_until=date(2026, 11, 25))
    resting = away(curriculum, "Rests from the curriculum")
    Enrollment.objects.filter(member=resting).update(
        paused_at=NOON, paused_until=date(2026, 12, 24)
    )
    gone = away(curriculum, "Withdrew")
    Enrollment.objects.filter(member=gone).update(withdrawn_at=NOON)
    member(name="Never enrolled")

    assert [name for name, _day in away_at(NOON)] == ["Back today"]


@pytest.mark.django_db
def test_no_reminder_on_a_day_with_another_mail(curriculum):
    away(curriculum, "Digest today", weekday=2, hour=20)
    away(curriculum, "Digest stopped", weekday=2, hour=20, digest_stopped_at=LONG_AGO)
    away(curriculum, "Digest late", weekday=1, hour=20)
    got_it = away(curriculum, "Digest yesterday", weekday=1, hour=20)
    make_delivery(
        got_it,
        written_at=NOON - timedelta(hours=16),
        sent_at=NOON - timedelta(hours=16),
    )
    mailed = away(curriculum, "Mailed today")
    make_delivery(
        mailed, written_at=NOON - timedelta(days=2), sent_at=NOON - timedelta(hours=1)
    )
    given_up = away(curriculum, "Given up")
    make_delivery(
        given_up,
        written_at=NOON - timedelta(hours=1),
        given_up_at=NOON - timedelta(hours=1),
    )

    assert [name for name, _day in away_at(NOON)] == [
        "Digest stopped",
        "Digest yesterday",
        "Given up",
    ]


@pytest.mark.django_db
def test_a_reminder_is_written_once_with_the_goal_and_the_next_activity(curriculum):
    ines = away(curriculum)

    assert actions.write_due_reminders(NOON) == 1
    assert actions.write_due_reminders(NOON + timedelta(minutes=10)) == 0
    written = Delivery.objects.get()
    assert (written.member, written.kind, written.key) == (
        ines,
        "inactivity",
        "2026-11-17",
    )
    assert written.content["since"] == "2026-11-17"
    assert written.content["next"]["title"] == "A"
