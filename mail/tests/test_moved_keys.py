"""The keys of digests from before they were the week that is told."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from mail.models import Delivery, Preference
from mail.tests.make import make_delivery
from members.tests.make import make_member

migration = import_module("mail.migrations.0006_keys_by_the_week_told")
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)


def keys(name):
    rows = Delivery.objects.filter(member__name=name).order_by("written_at")
    return list(rows.values_list("key", flat=True))


@pytest.fixture
def members(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for name, weekday in (("Mo", 0), ("Th", 3), ("Both", 2)):
        member = make_member(name=name)
        Preference.objects.create(member=member, digest_weekday=weekday)
        for days, key in ((40, "2025-W48"), (16, "2025-W52"), (2, "2026-W02")):
            make_delivery(member, key=key, written_at=NOW - timedelta(days=days))
    make_delivery(member, key="2025-W51", written_at=NOW - timedelta(days=20))
    Delivery.objects.filter(member__name="Mo", key="2026-W02").update(key="2026-W01")
    make_delivery(make_member(name="None"), key="2026-W01", written_at=NOW)


def test_lately_written_keys_of_the_first_days_are_those_of_the_week_before(members):
    migration.to_the_week_before(apps, None)

    assert keys("Mo") == ["2025-W48", "2025-W51", "2025-W52"]
    assert keys("Th") == ["2025-W48", "2025-W52", "2026-W02"]
    assert keys("None") == ["2026-W01"]


def test_keys_follow_each_other_and_go_back_as_they_came(members):
    before = {name: keys(name) for name in ("Mo", "Th", "Both")}

    migration.to_the_week_before(apps, None)

    assert keys("Both") == ["2025-W48", "2025-W50", "2025-W51", "2026-W01"]

    migration.to_the_week_after(apps, None)

    assert {name: keys(name) for name in before} == before


def test_a_digest_whose_new_key_is_taken_stays_as_it_is(members):
    first = make_member(name="Twice")
    Preference.objects.create(member=first, digest_weekday=0)
    make_delivery(first, key="2026-W01.early.7", written_at=NOW)
    make_delivery(first, key="2025-W52", written_at=NOW - timedelta(days=40))
    make_delivery(first, key="2026-W01", written_at=NOW - timedelta(days=9))

    migration.to_the_week_before(apps, None)

    assert keys("Twice") == ["2025-W52", "2026-W01", "2026-W01.early.7"]
