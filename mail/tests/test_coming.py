"""When the next digest comes, and what the dry run counts: both
agree with who is due.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.urls import reverse
from time_machine import travel

from mail import coming
from mail.chosen import PreferenceRow, chosen
from mail.coming import Coming, Reason
from mail.due.digests import counts_as_sent, digests_sent, due_digests
from mail.ledger import EARLY
from mail.models import Preference
from mail.tests.make import make_delivery
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 0, 34, tzinfo=UTC)  # Thursday, 19:34 in New York
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


def member(name="Noa", *, joined_at=LONG_AGO, weekday=3, hour=20, **preference):
    made = make_member(
        name=name,
        time_zone="America/New_York",
        joined_at=joined_at,
        onboarded_at=joined_at,
    )
    Preference.objects.create(
        member=made, digest_weekday=weekday, digest_hour=hour, **preference
    )
    return made


def next_of(one: Member, now: datetime = NOW) -> Coming:
    return coming.next_digest(one, Preference.objects.get(member=one), now)


def local(one: Member, coming_: Coming) -> str:
    assert coming_.at is not None
    return f"{one.local(coming_.at):%A %d %B %H:%M}"


def test_the_first_digest_comes_a_day_after_joining_at_the_earliest():
    new = member(joined_at=NOW - timedelta(minutes=5))
    old = member("Old")

    assert local(old, next_of(old)) == "Thursday 26 November 20:00"
    assert local(new, next_of(new)) == "Thursday 03 December 20:00"
    assert next_of(new).first_waits
    assert not next_of(old).first_waits


@pytest.mark.parametrize(
    ("preference", "expected"),
    [
        ({"digest_stopped_at": LONG_AGO}, Coming(at=None, stopped=True)),
        ({"paused_until": date(2028, 12, 31)}, Coming(at=None)),
    ],
)
def test_no_digest_comes_and_the_page_knows_why(preference, expected):
    assert next_of(member(**preference)) == expected


def test_an_address_that_is_not_confirmed_gets_none():
    one = member()
    EmailAddress.objects.create(user=one, email=one.email, verified=False)

    assert next_of(one) == Coming(at=None, unconfirmed=True)


def test_a_pause_and_a_digest_of_this_week_move_it():
    back, paused, had, close = (
        member("Back", paused_until=date(2026, 12, 3)),
        member(paused_until=date(2026, 12, 4)),
        member("Had"),
        member("Close"),
    )
    make_delivery(had, written_at=NOW - timedelta(days=3), key="2026-W48")
    make_delivery(close, written_at=NOW - timedelta(days=1), key="2026-W47")

    assert local(back, next_of(back)) == "Thursday 03 December 20:00"
    assert local(paused, next_of(paused)) == "Thursday 10 December 20:00"
    assert local(had, next_of(had)) == "Thursday 03 December 20:00"
    assert local(close, next_of(close)) == "Thursday 03 December 20:00"
    assert next_of(close).was_close


@pytest.mark.parametrize("hours", range(0, 24 * 8, 5))
@pytest.mark.parametrize(
    "joined", [LONG_AGO, NOW - timedelta(minutes=5), NOW + timedelta(days=2)]
)
def test_what_is_foretold_is_what_happens(hours, joined):
    one = member(joined_at=joined)
    now = max(NOW, joined) + timedelta(hours=hours)
    foretold = next_of(one, now)
    assert foretold.at is not None

    def is_due(at: datetime) -> bool:
        return any(one in members for _week, members in due_digests(at))

    if foretold.is_due:
        assert is_due(now)
    else:
        assert not is_due(foretold.at - timedelta(minutes=1))
        assert is_due(foretold.at)


@travel(NOW, tick=False)
def test_the_members_page_says_when(client):
    client.force_login(member(joined_at=NOW - timedelta(minutes=5)))

    page = " ".join(client.get(reverse("mail:preferences")).content.decode().split())

    assert (
        "Your next digest: Thursday 3 December, 20:00 (America/New_York). "
        "The first digest comes at least" in page
    )


def test_the_dry_run_counts_reasons_with_a_fixed_number_of_queries(
    capsys, django_assert_num_queries
):
    now = NOW + timedelta(hours=1)  # after their hour
    member("Due")
    member("New", joined_at=now - timedelta(hours=2))
    member("Stopped", digest_stopped_at=LONG_AGO)
    for name in ("A", "B", "C"):
        member(name, weekday=4)
    written = member("Written")
    make_delivery(written, written_at=now, key="2026-W48")
    make_member(name="Welcome", joined_at=now, onboarded_at=None)

    # a batch, what was written for it, and that no more members come
    with django_assert_num_queries(3):
        counted = coming.reasons(now)
    with travel(now, tick=False):
        call_command("send_digests", dry_run=True)

    assert counted == {
        Reason.NEW: 1,
        Reason.STOPPED: 1,
        Reason.LATER: 3,
        Reason.WRITTEN: 1,
        Reason.WELCOME: 1,
    }
    out = capsys.readouterr().out
    assert "1 due. Nothing was written or sent." in out
    assert "3 not due: their day and hour have not come." in out
    assert "1 not due: they joined less than 24 hours before their hour." in out


def test_a_digest_that_was_read_counts_as_the_query_says():
    one = member()
    make_delivery(one, key="2026-W46", written_at=NOW)
    make_delivery(one, key="2026-W47", written_at=NOW, missed_at=NOW, given_up_at=NOW)
    make_delivery(one, key=f"2026-W48{EARLY}7", written_at=NOW)
    make_delivery(one, key="2026-W49", written_at=NOW + timedelta(days=7))

    rows = coming._digests(member=one, since=LONG_AGO)

    assert len(rows) == 4
    counted = {row.key for row in rows if counts_as_sent(row, NOW)}
    assert counted == set(digests_sent(NOW).values_list("key", flat=True))
    assert counted == {"2026-W46"}


def test_what_is_chosen_is_the_stored_row_or_the_defaults():
    one, other = member(paused_until=date(2027, 1, 1), version=3), make_member()

    names = [field.attname for field in Preference._meta.concrete_fields]
    stored = Preference.objects.get(member=one)
    assert sorted(names) == sorted(PreferenceRow._fields)
    assert [getattr(chosen(one), name) for name in names] == [
        getattr(stored, name) for name in names
    ]
    assert chosen(other).pk is None
    assert chosen(other).digest_hour == 18
