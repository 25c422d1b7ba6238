"""A compiled UPDATE says what the queryset says, for any arguments."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lists.change import Change, Removal
from lists.statement import CannotCompile
from mail import ledger
from mail.models import Delivery, Stop
from mail.tests.make import make_delivery
from members.tests.make import make_member

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
pytestmark = pytest.mark.django_db

rename = Change(
    lambda pk, error, now: (
        Delivery.objects.filter(pk=pk, sent_at=None),
        {"error": error, "doubted_at": now, "claim": None},
    ),
    pk=int,
    error=str,
    now=datetime,
)


def test_rows_are_changed_and_counted(django_assert_num_queries):
    one, other = (make_delivery(make_member(), written_at=NOW) for _ in range(2))

    with django_assert_num_queries(2):  # an UPDATE for each call
        counts = [
            rename(pk=one.pk, error="so", now=NOW),
            rename(pk=one.pk + 100, error="so", now=NOW),
        ]

    assert counts == [1, 0]
    errors = Delivery.objects.order_by("pk").values_list("error", "doubted_at")
    assert list(errors) == [("so", NOW), ("", None)]
    assert other.error == ""


def test_the_sql_is_that_of_the_queryset(values_inside):
    claim = UUID(int=5)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        Delivery.objects.filter(
            pk=7, claim=claim, claim__isnull=False
        ).of_running_runs().update(handed_over_at=NOW)
        ledger._HAND_OVER(pk=7, claim=claim, now=NOW)

    said, compiled = (query["sql"] for query in queries)
    assert said == compiled


def test_a_run_that_is_stopped_is_not_handed_over():
    [delivery] = [make_delivery(make_member(), written_at=NOW)]
    [held] = ledger.claim(NOW, limit=1)
    assert ledger.hand_over(held, NOW)

    Stop.objects.create(kind=delivery.kind, key=delivery.key, stopped_at=NOW)

    assert not ledger.hand_over(held, NOW)


def test_an_argument_that_changes_the_sql_is_refused():
    unsure = Change(
        lambda pk, flag: (
            Delivery.objects.filter(pk=pk),
            {"error": "a"} if flag else {"claim": None},
        ),
        pk=int,
        flag=bool,
    )

    with pytest.raises(CannotCompile):
        unsure(pk=1, flag=True)


remove = Removal(lambda pk: Stop.objects.filter(pk=pk), pk=int)


def test_rows_are_removed_and_counted(values_inside):
    rows = [Stop.objects.create(kind="digest", key=key, stopped_at=NOW) for key in "ab"]

    with CaptureQueriesContext(connection) as queries:
        counts = [remove(pk=rows[0].pk), remove(pk=rows[0].pk)]
        Stop.objects.filter(pk=rows[0].pk).delete()

    assert counts == [1, 0]
    assert len({query["sql"] for query in queries}) == 1
    assert list(Stop.objects.all()) == rows[1:]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_locks_its_rows_needs_no_transaction_around_it():
    def rows(pk, error):
        locked = Delivery.objects.filter(pk=pk).select_for_update()
        return Delivery.objects.filter(pk__in=locked.values("pk")), {"error": error}

    delivery = make_delivery(make_member(), written_at=NOW)

    count = Change(rows, pk=int, error=str)(pk=delivery.pk, error="so")

    assert count == 1
    assert Delivery.objects.get().error == "so"
