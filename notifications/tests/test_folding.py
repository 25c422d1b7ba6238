"""A post that 10,000 watch is answered ten times: 10,000 rows, once."""

from datetime import timedelta
from math import ceil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.tests.make import NOON
from members.models import Member
from members.tests.make import make_member
from notifications.actions.rows import BATCH
from notifications.models import Notification, Watch
from notifications.tests.make import ask, comment, tell

pytestmark = pytest.mark.django_db
WATCHERS = 10_000


def inserts() -> int:
    """How many INSERTs the rows are divided into. SQLite takes fewer rows in one."""
    fields = [
        each for each in Notification._meta.concrete_fields if not each.primary_key
    ]
    most = min(BATCH, connection.ops.bulk_batch_size(fields, range(BATCH)))
    return WATCHERS // BATCH * ceil(BATCH / most)


def test_ten_comments_write_a_row_for_each_watcher_once() -> None:
    question = ask(make_member("Asker"))
    tell()
    rows = [
        Member(email=f"w{n}@example.org", name=f"Watcher {n}") for n in range(WATCHERS)
    ]
    members = Member.objects.bulk_create(rows)
    Watch.objects.bulk_create(
        Watch(member=member, post=question, level="watching", since=NOON)
        for member in members
    )
    writer = make_member("Writer")
    statements = []

    for number in range(10):
        now = NOON + timedelta(seconds=6 * number)
        comment(question, writer, f"Number {number}", now=now)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            tell(now)
        statements.append(len(asked))

    watched = Notification.objects.filter(kind="watched")
    assert watched.count() == WATCHERS
    first = question.comments.order_by("pk")[0]
    assert set(watched.values_list("comment", "happened_at")) == {(first.pk, NOON)}
    # The first comment costs for each batch its INSERTs and a look at who wants to hear
    # of it, and the others none. It is the first answer too, which is noted by two.
    assert statements[0] - statements[1] == inserts() + WATCHERS // BATCH + 2
    assert set(statements[1:]) == {statements[1]}
    assert statements[1] < 30
