"""Clocks that jump, sites that were off, and members who move their day:
no week is lost and none comes twice.
"""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mail import actions, ledger
from mail.due.slots import day_of, instant, reported_day, week_key
from mail.models import CLAIM_LASTS, Delivery, Preference
from mail.tests.make import make_delivery
from members.models import Member
from members.tests.make import make_group, make_member

SUNDAY = datetime(2026, 11, 22, 18, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
pytestmark = pytest.mark.django_db


def tick(now):
    with time_machine.travel(now, tick=False):
        return actions.send_digests(now)


@pytest.fixture
def members():
    make_group()
    return [
        make_member(name=f"Member {n}", joined_at=LONG_AGO, onboarded_at=LONG_AGO)
        for n in range(3)
    ]


def sent_keys(member):
    return sorted(
        Delivery.objects.filter(member=member, sent_at__isnull=False).values_list(
            "key", flat=True
        )
    )


def last_week(members):
    for member in members:
        make_delivery(
            member, key="2026-W46", written_at=SUNDAY - WEEK, sent_at=SUNDAY - WEEK
        )


def test_a_claim_from_the_future_is_free_at_once(members):
    actions.write_due_digests(SUNDAY)
    held = ledger.claim(SUNDAY + HOUR, limit=10)

    assert len(ledger.claim(SUNDAY + timedelta(minutes=1), limit=10)) == 3
    assert not ledger.hand_over(held[0], SUNDAY + timedelta(minutes=1))


def test_an_hour_ahead_and_back_with_a_crash_in_between_sends_each_mail_once(
    members, mailoutbox
):
    actions.write_due_digests(SUNDAY + HOUR)
    ledger.claim(SUNDAY + HOUR, limit=2)

    tick(SUNDAY + timedelta(minutes=5))

    assert Counter(m.to[0] for m in mailoutbox) == {
        member.email: 1 for member in members
    }
    assert tick(SUNDAY + HOUR).sent == 0


def test_a_week_ahead_and_back_gives_up_nothing_and_leaves_next_weeks_digest_to_next_week(
    members, mailoutbox
):
    last_week(members)
    actions.write_due_digests(SUNDAY)  # and the clock jumps before they are sent
    tick(SUNDAY + WEEK)
    assert not Delivery.objects.filter(given_up_at__isnull=False).exists()

    tick(SUNDAY + timedelta(minutes=10))
    assert {"2026-W47"} <= {*sent_keys(members[0])}
    tick(SUNDAY + WEEK)

    for member in members:
        keys = sent_keys(member)
        assert [keys.count(key) for key in ("2026-W47", "2026-W48")] == [1, 1]
    assert not Delivery.objects.filter(given_up_at__isnull=False).exists()


def test_rows_that_were_written_a_week_early_and_not_sent_are_taken_back(members):
    last_week(members)
    actions.write_due_digests(SUNDAY + WEEK)
    assert Delivery.objects.filter(key="2026-W48").count() == 3

    ledger.forget_the_future(SUNDAY)

    assert set(Delivery.objects.values_list("key", flat=True)) == {"2026-W46"}


def test_a_clock_that_is_years_behind_takes_nothing_back(members, mailoutbox):
    tick(SUNDAY)

    tick(datetime(2020, 1, 1, tzinfo=UTC))

    assert [sent_keys(member) for member in members] == [["2026-W47"]] * 3
    assert tick(SUNDAY + HOUR).sent == 0


def test_half_an_hour_behind_doubles_nothing(members, mailoutbox):
    tick(SUNDAY)
    tick(SUNDAY - timedelta(minutes=30))
    tick(SUNDAY + timedelta(minutes=5))

    assert len(mailoutbox) == 3


def test_a_mail_that_looks_too_old_is_given_up_only_after_a_day_of_looking_so(
    members, mailoutbox
):
    actions.write_due_digests(SUNDAY)
    too_late = SUNDAY + timedelta(days=4, hours=1)

    assert tick(too_late).given_up == 0
    tick(too_late + timedelta(hours=23))
    assert not Delivery.objects.filter(given_up_at__isnull=False).exists()
    tick(too_late + timedelta(hours=26))

    assert (
        Delivery.objects.filter(key="2026-W47", given_up_at__isnull=False).count() == 3
    )
    assert mailoutbox == []


def test_a_clock_that_is_right_again_the_day_before_does_not_cost_the_digest(
    members, mailoutbox
):
    """What a wrong clock sent on Friday is no digest that Sunday's has to
    keep two days away from.
    """
    last_week(members)
    friday = SUNDAY - 2 * DAY - HOUR

    assert tick(friday + WEEK).sent == 3
    assert tick(friday + DAY).sent == 0

    assert tick(SUNDAY).sent == 3
    assert all("2026-W47" in sent_keys(member) for member in members)


@pytest.mark.parametrize("seed", range(3))
def test_through_many_jumps_each_week_comes_once(members, mailoutbox, seed):
    """Four weeks of ticks; the clock is wrong for some of them, and a
    worker dies with its claims now and then.
    """
    chance = random.Random(seed)
    last_week(members)
    real, offset = SUNDAY - DAY, timedelta()
    while real < SUNDAY + 4 * WEEK - 2 * DAY:
        if offset or chance.random() < 0.2:
            jumps = [timedelta(), timedelta(), HOUR, WEEK, timedelta(minutes=-30)]
            offset = timedelta() if offset == WEEK else chance.choice(jumps)
        if chance.random() < 0.1:
            ledger.claim(real + offset, limit=2)
        tick(real + offset)
        real += timedelta(hours=chance.choice([3, 7, 11]))

    tick(real)
    tick(real + CLAIM_LASTS)
    for member in members:
        keys = Counter(key for key in sent_keys(member) if ledger.EARLY not in key)
        assert keys == dict.fromkeys(
            ("2026-W46", "2026-W47", "2026-W48", "2026-W49", "2026-W50"), 1
        )
    assert not Delivery.objects.filter(given_up_at__isnull=False).exists()


# A site that was off


@pytest.mark.parametrize("hours", [1, 30, 5 * 24 - 1])
def test_a_week_is_caught_up_after_the_site_was_off(members, mailoutbox, hours):
    last_week(members)

    assert tick(SUNDAY + hours * HOUR).sent == 3
    assert tick(SUNDAY + WEEK).sent == 3


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("late", [HOUR, 30 * HOUR, 5 * 24 * HOUR - HOUR])
def test_a_late_digest_reports_the_week_of_one_in_time_and_the_next_the_one_after(
    members, mailoutbox, weekday, late
):
    last_week(members)
    for member in members:
        Preference.objects.create(member=member, digest_weekday=weekday)
    due = datetime(2026, 11, 23, 18, tzinfo=UTC) + weekday * DAY
    reported = date(2026, 11, 16 if weekday < 3 else 23)

    tick(due + late)
    tick(due + WEEK)

    for member in members:
        rows = Delivery.objects.filter(member=member, key__gte=week_key(reported))
        weeks = rows.order_by("key").values_list("key", "content__week__monday")
        assert list(weeks) == [
            (week_key(monday), f"{monday}") for monday in (reported, reported + WEEK)
        ]


def test_a_week_that_is_too_late_to_catch_up_is_a_row_that_the_owner_sees(
    members, mailoutbox
):
    last_week(members)
    back = SUNDAY + 6 * DAY

    assert tick(back).sent == 0
    assert tick(back + HOUR).sent == 0

    missed = Delivery.objects.filter(key="2026-W47")
    assert [row.missed_at for row in missed] == [back] * 3
    assert not ledger.send_again(missed[0], back)
    assert tick(SUNDAY + WEEK).sent == 3
    assert sorted(set(Delivery.objects.values_list("key", flat=True))) == [
        "2026-W46",
        "2026-W47",
        "2026-W48",
    ]


def test_nothing_is_called_missed_on_a_new_site_or_after_a_change_of_mind(
    members, mailoutbox
):
    _new, started, moved = members
    for member in (started, moved):
        make_delivery(
            member, key="2026-W46", written_at=SUNDAY - WEEK, sent_at=SUNDAY - WEEK
        )
    actions.stop_mail(started, "digest", now=SUNDAY - HOUR)
    actions.start_mail(started, "digest", now=SUNDAY + 5 * DAY)

    actions.write_due_digests(SUNDAY + 6 * DAY)

    assert [row.member for row in Delivery.objects.filter(missed_at__isnull=False)] == [
        moved
    ]


# A member who changes the day


instant = cache(instant)


def digests_by_the_calendar(zone, slots, start, end):
    """When digests come, by brute force: every hour, the slot of that
    hour, and the rule in words.

    A slot is due for five days, once for the week that it tells, and not
    within two days after a digest.
    """
    got, weeks, now = [], [], start
    while now < end:
        weekday, hour = slots(now)
        for back in range(8):
            day = now.astimezone(zone).date() - back * DAY
            at = instant(day, hour, zone)
            is_due = day.weekday() == weekday and now - 5 * DAY < at <= now
            is_apart = not got or got[-1] <= at - 2 * DAY
            told = week_key(reported_day(day))
            if is_due and is_apart and told not in weeks:
                got.append(now)
                weeks.append(told)
        now += HOUR
    return got, weeks


@pytest.mark.parametrize("zone", ["UTC", "Australia/Lord_Howe"])
def test_whatever_day_is_chosen_no_two_digests_are_close_and_each_week_is_told_once(
    zone,
):
    """All pairs of days, moved every 30 hours of a week.

    From Wednesday to Thursday is too close for another digest: the week is
    left out.
    """
    zone, start = ZoneInfo(zone), datetime(2026, 11, 2, tzinfo=UTC)
    for old in range(7):
        for new in range(7):
            for moved in range(0, 7 * 24, 30):
                at = start + WEEK + moved * HOUR

                def slots(now, at=at, old=old, new=new):
                    return (old if now < at else new, 18)

                got, weeks = digests_by_the_calendar(
                    zone, slots, start, start + 4 * WEEK
                )
                for earlier, later in pairwise(got):
                    gap = later - earlier
                    assert gap >= 2 * DAY, (old, new, moved)
                    assert gap <= 13 * DAY + 2 * HOUR, (old, new, moved)
                for earlier, later in pairwise(weeks):
                    is_next = day_of(earlier, 3) + WEEK == day_of(later, 3)
                    assert is_next or (old, new) == (2, 3), (old, new, moved)


@pytest.mark.parametrize(
    ("old", "new", "moved", "expected"),
    [
        # Sunday to Monday after receipt: not two in 14 hours, and the next
        # one on Monday a week later
        (6, 0, SUNDAY + HOUR, [SUNDAY, SUNDAY + 8 * DAY]),
        # Sunday to Wednesday after receipt: that Wednesday would tell the
        # same week again
        (6, 2, SUNDAY + HOUR, [SUNDAY, SUNDAY + 10 * DAY]),
        # Thursday to Wednesday on Thursday before the hour: the week is told
        # on Wednesday
        (3, 2, SUNDAY + 3 * DAY + 22 * HOUR, [SUNDAY + 10 * DAY]),
        # Thursday to Wednesday after receipt
        (3, 2, SUNDAY + 4 * DAY + HOUR, [SUNDAY + 4 * DAY, SUNDAY + 17 * DAY]),
        # Monday to Sunday after receipt: the week that began on Monday is
        # told on Sunday
        (
            0,
            6,
            SUNDAY + DAY + HOUR,
            [SUNDAY + DAY, SUNDAY + 7 * DAY, SUNDAY + 14 * DAY],
        ),
    ],
)
def test_a_day_that_is_moved_right_around_the_digest(
    mailoutbox, old, new, moved, expected
):
    make_group()
    ines = make_member(name="Ines", joined_at=LONG_AGO, onboarded_at=LONG_AGO)
    make_delivery(
        ines, key="2026-W46", written_at=SUNDAY - 3 * DAY if old == 3 else SUNDAY - WEEK
    )
    Delivery.objects.update(sent_at=SUNDAY - 3 * DAY)
    Preference.objects.create(member=ines, digest_weekday=old)
    got = []
    if old == 3:
        Delivery.objects.update(key="2026-W47")

    ticks = (
        {SUNDAY + n * 8 * HOUR for n in range(33)}
        | {moved, *expected}
        | {at - HOUR for at in expected}
    )
    for now in sorted(ticks):
        if now == moved:
            Preference.objects.update(digest_weekday=new, changed_at=now)
            Member.objects.look_again()
        got += [now] * tick(now).sent

    def slots(at):
        return (old if at < moved else new, 18)

    assert got == expected
    if old == 6:
        by_the_calendar, _weeks = digests_by_the_calendar(
            ZoneInfo("UTC"), slots, SUNDAY, SUNDAY + 11 * DAY
        )
        assert got == by_the_calendar
