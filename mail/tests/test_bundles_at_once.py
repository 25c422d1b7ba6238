"""Two runs at the same time write each daily mail once.

SQLite lets one write at a time and its test database is in memory, so this needs
PostgreSQL.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from bookmarks.models import Bookmark
from bookmarks.tests.make import key_to
from community.tests.make import make_announcement, make_post
from mail import actions
from mail.actions.turns import make_turns_for_reminders
from mail.models import Delivery, MailTurn
from mail.tests.test_bundles import DAY, HOUR, MONDAY, member, tell, wants_at_once
from members.models import Member
from notifications.models import Notification

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="one writer at a time"
    ),
]


def at_once(count: int, deed: Callable[[], int]) -> list[int]:
    begin = Barrier(count)

    def run(_number: int) -> int:
        begin.wait()
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_runs_at_the_same_time_write_each_mail_once() -> None:
    members = [member(f"M{number}") for number in range(30)]
    for one in members:
        tell(one)
        tell(one, "mention")
    make_announcement(title="Autumn circles", posted_at=MONDAY)
    wants_at_once(members[0], "answer")

    at_once(4, lambda: actions.write_bundles(MONDAY + HOUR))
    written = at_once(4, lambda: actions.write_bundles(MONDAY + 19 * HOUR))

    assert sum(written) == 30
    daily = Delivery.objects.filter(kind="bundle")
    assert daily.values("member").distinct().count() == daily.count() == 30
    assert Delivery.objects.filter(kind="once").count() == 1
    assert not Notification.objects.filter(mailed_at=None).exists()
    assert not MailTurn.objects.filter(bundle_at__isnull=False).exists()


def remind(members: Iterable[Member]) -> None:
    post = make_post(title="Why ln 10?")
    Bookmark.objects.bulk_create(
        Bookmark(
            member=one,
            **key_to(post)._asdict(),
            remind_on=MONDAY.date() + DAY,
            saved_at=MONDAY,
        )
        for one in members
    )


def test_runs_at_the_same_time_name_each_reminder_once() -> None:
    members = [member(f"M{number}") for number in range(30)]
    remind(members)

    looked = at_once(4, lambda: make_turns_for_reminders(MONDAY + HOUR))
    written = at_once(4, lambda: actions.write_bundles(MONDAY + 19 * HOUR))

    assert (sum(looked), sum(written)) == (30, 30)
    contents = Delivery.objects.values_list("content", flat=True)
    named = [pk for content in contents for pk in content["reminders"]]
    assert len(named) == len(set(named)) == 30
    assert not Bookmark.objects.filter(reminded_on=None).exists()
    assert actions.write_bundles(MONDAY + DAY + 19 * HOUR) == 0


def test_a_look_at_reminders_reads_the_index_of_those_that_are_due() -> None:
    remind([member(f"M{number}") for number in range(300)])
    Bookmark.objects.update(to_mail=False)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bookmarks_bookmark")
    due = Bookmark.objects.for_mail(MONDAY.date() + DAY).order_by("remind_on", "pk")

    assert "bookmark_to_mail" in due.explain()


def test_a_run_that_is_interrupted_is_taken_up_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(3):
        tell(member(f"M{number}"))
    actions.write_bundles(MONDAY + HOUR)
    due = MONDAY + 19 * HOUR

    def fail(*_args: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr("mail.actions.bundles._note_mailed", fail)
        with pytest.raises(RuntimeError):
            actions.write_bundles(due)
    assert not Delivery.objects.exists()

    assert actions.write_bundles(due + timedelta(minutes=5)) == 3
    assert actions.write_bundles(due + timedelta(minutes=10)) == 0
