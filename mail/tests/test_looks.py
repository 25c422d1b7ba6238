"""Runs look only at members whose stored moment has come, and miss
nobody by it.
"""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.tests.make import make_post
from mail import actions
from mail.due.digests import digest_looks, due_digests, missed_digests
from mail.due.reminders import due_reminders
from mail.models import Delivery, LastLook, Preference
from members.models import Member
from members.tests.joining import opened_settings
from members.tests.make import make_group, make_member
from progress import actions as study
from progress.models import Enrollment
from progress.tests.make import (
    activity,
    key,
    make_curriculum,
    make_enrollment,
    rolled_back,
    step,
)

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
START = datetime(2026, 3, 20, 6, tzinfo=UTC)  # a week before clocks change in Europe
LONG_AGO = START - timedelta(days=200)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
]
pytestmark = pytest.mark.django_db


def found(now):
    """Everyone whom the runs find: for a digest, as missed, for a
    reminder.
    """
    return {
        "due": sorted((m.pk, key) for key, ms in due_digests(now) for m in ms),
        "missed": sorted((m.pk, key) for key, ms in missed_digests(now) for m in ms),
        "away": sorted(one.member.pk for batch in due_reminders(now) for one in batch),
    }


def found_among_all(now):
    """The same with no stored moment: the rules themselves."""
    with transaction.atomic():
        Member.objects.look_again()
        everyone = found(now)
        transaction.set_rollback(True)
    return everyone


hours = st.integers(0, 23)
weekdays = st.integers(0, 6)
people = st.tuples(
    st.sampled_from(ZONES), weekdays, hours, st.integers(0, 12), st.booleans()
)
who = st.integers(0, 2)
deeds = st.one_of(
    st.tuples(st.just("zone"), who, st.sampled_from(ZONES)),
    st.tuples(st.just("day"), who, weekdays, hours, st.none() | st.integers(-3, 9)),
    st.tuples(st.just("stop"), who, st.sampled_from(["digest", "reminders"])),
    st.tuples(st.just("start"), who, st.sampled_from(["digest", "reminders"])),
    st.tuples(st.just("post"), who),
    st.tuples(st.just("done"), who),
    st.tuples(st.just("pause"), who, st.integers(1, 12)),
    st.tuples(st.just("confirm"), who, st.booleans()),
    st.tuples(st.just("active"), who, st.booleans()),
    st.tuples(st.just("nothing"), who),
)
pauses = st.sampled_from([1, 1, 4, 5, 9, 24, 30, 24 * 5, 24 * 6, 24 * 8])


def do(deed, member, now):
    match deed:
        case ("zone", _, zone):
            member.time_zone = zone
            member.look_again()
            member.save()
        case ("day", _, weekday, hour, days):
            preference, _made = Preference.objects.get_or_create(member=member)
            actions.set_preferences(
                member,
                actions.Choices(
                    digest=preference.digest_stopped_at is None,
                    weekday=weekday,
                    hour=hour,
                    reminders=preference.reminders_stopped_at is None,
                    paused_until=None if days is None else (now + days * DAY).date(),
                ),
                version=preference.version,
                now=now,
            )
        case ("stop", _, what):
            actions.stop_mail(member, what, now=now)
        case ("start", _, what):
            actions.start_mail(member, what, now=now)
        case ("post", _):
            make_post(member, posted_at=now)
        case ("done", _):
            study.mark_done(member, key("A"), now=now)
        case ("pause", _, days):
            until = member.local(now).date() + days * DAY
            for enrollment in Enrollment.objects.current().filter(member=member):
                study.pause(enrollment, until=until, now=now)
        case ("confirm", _, verified):
            EmailAddress.objects.update_or_create(
                user=member, email=member.email, defaults={"verified": verified}
            )
        case ("active", _, is_active):
            Member.objects.filter(pk=member.pk).update(is_active=is_active)


def make_people(chosen):
    curriculum = make_curriculum()
    members = []
    for number, (zone, weekday, hour, days, is_enrolled) in enumerate(chosen):
        joined_at = START - timedelta(days=days, hours=hour)
        one = make_member(
            name=f"M{number}", time_zone=zone, joined_at=joined_at, onboarded_at=None
        )
        Preference.objects.create(member=one, digest_weekday=weekday, digest_hour=hour)
        if is_enrolled:
            make_enrollment(one, curriculum, joined_at)
        members.append(one)
    return members


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(people, min_size=3, max_size=3),
    st.lists(st.tuples(pauses, deeds, st.booleans()), min_size=1, max_size=25),
)
def test_whoever_a_rule_finds_is_found_by_the_stored_moment(chosen, course):
    """Three members who change their minds between ticks; some
    ticks do not come.
    """
    with rolled_back():
        members, now = make_people(chosen), START
        for step, deed, has_tick in course:
            member = Member.objects.get(pk=members[deed[1]].pk)
            do(deed, member, now)
            now += step * HOUR
            assert found(now) == found_among_all(now), (deed, now)
            if has_tick:
                actions.write_due_digests(now)
                actions.write_due_reminders(now)
                assert found(now) == found_among_all(now), (deed, now)
                Delivery.objects.waiting().update(sent_at=now)


def test_a_clock_that_was_ahead_keeps_nobody_out():
    make_member(joined_at=LONG_AGO, onboarded_at=LONG_AGO)
    actions.write_due_digests(START + 3 * WEEK)
    Delivery.objects.all().delete()

    for n in range(24 * 8):
        actions.write_due_digests(START + n * HOUR)

    keys = Delivery.objects.order_by("key").values_list("key", flat=True)
    assert list(keys) == ["2026-W11", "2026-W12"]
    assert LastLook.objects.get(kind="digest").looked_at < START + 8 * DAY


def test_a_change_during_a_look_is_looked_at_by_the_next():
    now = datetime(2026, 3, 22, 17, 30, tzinfo=UTC)
    ines = make_member(joined_at=LONG_AGO, onboarded_at=LONG_AGO)
    [look] = digest_looks(now)

    actions.set_preferences(
        ines,
        actions.Choices(
            digest=True,
            weekday=6,
            hour=17,
            reminders=True,
            paused_until=None,
        ),
        version=0,
        now=now,
    )
    look.store(now)

    assert look.due == {}
    assert actions.write_due_digests(now) == 1


def test_a_new_time_zone_counts_at_the_next_tick(client):
    make_group()
    ines = make_member(joined_at=LONG_AGO, onboarded_at=LONG_AGO)
    now = datetime(2026, 3, 22, 10, 30, tzinfo=UTC)  # 19:30 in Tokyo
    assert actions.write_due_digests(now) == 0
    client.force_login(ines)

    client.post(
        reverse("members:settings"),
        {**opened_settings(client), "time_zone": "Asia/Tokyo"},
    )

    assert Member.objects.get(pk=ines.pk).time_zone == "Asia/Tokyo"
    assert actions.write_due_digests(now) == 1


def test_a_tick_without_anybody_due_asks_a_fixed_number_of_queries(
    django_assert_num_queries,
):
    curriculum = make_curriculum()
    for n in range(5):
        one = make_member(name=f"M{n}", joined_at=LONG_AGO, onboarded_at=LONG_AGO)
        make_enrollment(one, curriculum, LONG_AGO)
    actions.write_due_digests(START)
    actions.write_due_reminders(START)
    later = START + HOUR

    # whether a clock was ahead, whose moment has come
    with django_assert_num_queries(2):
        assert actions.write_due_digests(later) == 0
    with django_assert_num_queries(2):
        assert actions.write_due_reminders(later) == 0


def test_who_has_nothing_to_do_is_looked_at_again_in_the_morning():
    curriculum = make_curriculum(step("short", activity("A")))
    ines = make_member(joined_at=LONG_AGO, onboarded_at=LONG_AGO)
    make_enrollment(ines, curriculum, LONG_AGO)
    now = datetime(2026, 3, 18, 12, tzinfo=UTC)
    study.mark_done(ines, key("A"), now=now - 9 * DAY)
    Enrollment.objects.update(finished_at=None)
    assert actions.write_due_reminders(now) == 0

    ines.refresh_from_db()
    assert ines.reminder_look_at == datetime(2026, 3, 19, 8, tzinfo=UTC)
