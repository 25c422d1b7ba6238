"""Reminders of saved things in the daily mail: a line each, once, on their day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookmarks import actions as bookmarks
from bookmarks.models import Bookmark
from bookmarks.tests.make import key_to, make_bookmark
from community.actions import remove_post
from community.models import Post, PostQuerySet
from community.tests.make import make_post
from mail import actions
from mail.actions import turns
from mail.models import Delivery, MailTurn
from mail.previews import for_reader
from mail.sending import Withdrawn
from mail.tests.test_bundles import (
    DAY,
    HOUR,
    LONG_AGO,
    MONDAY,
    built,
    choices,
    member,
    tell,
    ticks,
)
from members.models import Member
from members.tests.make import make_member

TUESDAY = date(2026, 11, 24)
SEVEN = MONDAY + 19 * HOUR  # 07:00 on Tuesday
pytestmark = pytest.mark.django_db


def remind(
    one: Member, on: date = TUESDAY, title: str = "Why ln 10?", **fields: object
) -> Bookmark:
    post = make_post(title=title, posted_at=MONDAY - 5 * DAY)
    return make_bookmark(one, key_to(post), remind_on=on, now=MONDAY - DAY, **fields)


def named() -> list[list[int]]:
    rows = Delivery.objects.order_by("written_at", "pk")
    return [each.content.get("reminders", []) for each in rows]


def test_a_reminder_comes_in_the_mail_of_its_day_though_nothing_else_does() -> None:
    bookmark = remind(member(), note="Plot it")

    assert ticks(MONDAY - 2 * DAY, MONDAY + 5 * DAY) == [SEVEN]

    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.key) == ("bundle", "2026-11-24")
    bookmark.refresh_from_db()
    assert bookmark.reminded_on == TUESDAY
    mail = built(delivery, SEVEN)
    assert mail.subject.replace("\u2068", "").replace("\u2069", "") == (
        "Reminder: “Why ln 10?”"
    )
    for part in (mail.body, mail.alternatives[0][0]):
        assert f"/posts/{bookmark.key}/" in part
        assert "Why ln 10?" in part
        assert "Plot it" in part
    assert "MY REMINDERS" in mail.body
    assert "For today, " in mail.body
    assert "What you wanted to come back to." in mail.body


def test_it_stands_in_the_one_mail_of_the_day() -> None:
    ines = member()
    row, bookmark = tell(ines), remind(ines)

    assert ticks(MONDAY, MONDAY + 5 * DAY) == [SEVEN]

    content = Delivery.objects.get().content
    assert content["notifications"] == [row.pk]
    assert content["reminders"] == [bookmark.pk]
    body = built(Delivery.objects.get(), SEVEN).body
    assert "answered your question" in built(Delivery.objects.get(), SEVEN).subject
    assert body.index("It is ln 10.") < body.index("MY REMINDERS")


def test_a_mail_of_the_day_before_does_not_lose_it() -> None:
    """The mail of Tuesday was due when the reminder of Wednesday was looked at."""
    ines = member()
    tell(ines)
    bookmark = remind(ines, TUESDAY + DAY)

    assert ticks(MONDAY + 18 * HOUR, MONDAY + 5 * DAY) == [SEVEN, SEVEN + DAY]
    assert named() == [[], [bookmark.pk]]


def test_what_is_set_for_today_after_the_hour_comes_tomorrow_once() -> None:
    bookmark = remind(member(), MONDAY.date())

    assert ticks(MONDAY, MONDAY + 5 * DAY) == [SEVEN]
    assert named() == [[bookmark.pk]]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Pacific/Kiritimati", datetime(2026, 11, 23, 17, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 11, 24, 1, 15, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 24, 15, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 11, 24, 18, tzinfo=UTC)),
    ],
)
def test_the_day_and_hour_are_those_of_the_member(
    zone: str, expected: datetime
) -> None:
    remind(member(zone=zone))

    begin = datetime(2026, 11, 21, tzinfo=UTC)
    assert ticks(begin, begin + 6 * DAY, timedelta(minutes=15)) == [expected]


def test_the_hour_that_the_member_chose_holds_also_when_changed() -> None:
    ines = member()
    remind(ines)
    actions.write_bundles(MONDAY)

    at_noon = choices(bundle_hour=15)
    actions.set_preferences(ines, at_noon, version=0, now=MONDAY)

    # Today's turn at 15:00 has nothing, and the day of the reminder follows.
    assert ticks(MONDAY, MONDAY + 5 * DAY) == [MONDAY + DAY + 3 * HOUR]


def test_who_moves_is_reminded_on_the_day_where_they_are() -> None:
    ines = member(zone="Asia/Kathmandu")
    remind(ines)
    actions.write_bundles(MONDAY)
    Member.objects.filter(pk=ines.pk).update(time_zone="America/Los_Angeles")

    found = ticks(MONDAY, MONDAY + 5 * DAY, timedelta(minutes=15))

    assert found == [datetime(2026, 11, 24, 15, tzinfo=UTC)]


def test_a_pause_holds_it_until_after_its_end() -> None:
    ines = member()
    pause = choices(paused_until=date(2026, 11, 28))
    actions.set_preferences(ines, pause, version=0, now=MONDAY - 2 * DAY)
    bookmark = remind(ines)

    found = ticks(MONDAY - DAY, MONDAY + 8 * DAY)

    day_before = datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert found == [day_before, day_before + DAY]
    assert named() == [[], [bookmark.pk]]


def test_who_stopped_the_daily_mail_gets_none_until_they_start_it_again() -> None:
    ines = member(bundle_stopped_at=LONG_AGO)
    bookmark = remind(ines)

    assert ticks(MONDAY - DAY, MONDAY + 3 * DAY) == []
    assert not Bookmark.objects.filter(to_mail=True).exists()
    actions.start_mail(ines, "bundle", now=MONDAY + 3 * DAY)
    assert ticks(MONDAY + 3 * DAY, MONDAY + 6 * DAY) == [SEVEN + 3 * DAY]
    assert named() == [[bookmark.pk]]


def test_the_page_of_preferences_starts_it_again_too() -> None:
    ines = member(bundle_stopped_at=LONG_AGO)
    remind(ines)
    actions.write_bundles(MONDAY)

    actions.set_preferences(ines, choices(bundle=False), version=0, now=MONDAY)
    assert not Bookmark.objects.filter(to_mail=True).exists()
    actions.set_preferences(ines, choices(), version=1, now=MONDAY)

    assert Bookmark.objects.filter(to_mail=True).exists()


def test_who_cannot_be_written_to_gets_none() -> None:
    ines = member()
    remind(ines)
    Member.objects.filter(pk=ines.pk).update(is_active=False)

    assert ticks(MONDAY - DAY, MONDAY + 3 * DAY) == []
    assert not MailTurn.objects.exists()


@pytest.mark.parametrize("how", ["done", "removed", "gone", "later"])
def test_what_is_not_to_be_named_any_more_is_in_no_mail(how: str) -> None:
    bookmark = remind(member())
    actions.write_bundles(MONDAY)
    change(bookmark, how)

    assert ticks(MONDAY, MONDAY + 3 * DAY) == []


def change(bookmark: Bookmark, how: str) -> None:
    if how == "done":
        bookmarks.mark_done(bookmark, now=MONDAY)
    elif how == "removed":
        bookmarks.remove(bookmark, now=MONDAY)
    elif how == "later":
        bookmarks.remind(bookmark, TUESDAY + 30 * DAY, now=MONDAY)
    elif how == "opened":
        Bookmark.objects.filter(pk=bookmark.pk).update(opened_on=TUESDAY)
    else:
        post = Post.objects.get(pk=bookmark.key)
        remove_post(post, by=post.author, now=MONDAY)


@pytest.mark.parametrize("how", ["done", "removed", "gone", "later", "opened"])
def test_what_changed_after_it_was_written_is_not_mailed(how: str) -> None:
    ines = member()
    bookmark, stays = remind(ines), remind(ines, title="Stays")
    assert ticks(MONDAY, SEVEN) == [SEVEN]
    change(bookmark, how)

    mail = built(Delivery.objects.get(), SEVEN)

    assert f"/posts/{bookmark.key}/" not in mail.body
    assert f"/posts/{stays.key}/" in mail.body
    change(stays, "done")
    result = built(Delivery.objects.get(), SEVEN)
    assert result == Withdrawn("The member has seen everything in it.")


def test_what_was_done_by_mistake_comes_in_the_next_mail() -> None:
    bookmark = remind(member())
    actions.write_bundles(MONDAY)
    bookmarks.mark_done(bookmark, now=MONDAY)
    assert ticks(MONDAY, SEVEN) == []

    bookmarks.undo_done(bookmark)

    assert ticks(SEVEN + HOUR, SEVEN + 3 * DAY) == [SEVEN + DAY]


def test_a_new_day_is_named_again() -> None:
    bookmark = remind(member())
    assert ticks(MONDAY, SEVEN) == [SEVEN]

    bookmarks.remind(bookmark, TUESDAY + 2 * DAY, now=SEVEN)

    assert ticks(SEVEN, SEVEN + 5 * DAY) == [SEVEN + 2 * DAY]


def test_what_is_hidden_from_a_member_is_not_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ines = member()
    bookmark = remind(ines)
    hidden = {ines.pk: {int(bookmark.key)}}
    monkeypatch.setattr(PostQuerySet, "hidden_from", lambda self, _members: hidden)

    assert ticks(MONDAY, MONDAY + 3 * DAY) == []
    bookmark.refresh_from_db()
    assert bookmark.reminded_on is None


def test_many_reminders_are_counted_and_each_is_named_once() -> None:
    ines = member()
    for number in range(23):
        remind(ines, title=f"Post {number}")

    assert ticks(MONDAY, MONDAY + 3 * DAY) == [SEVEN]

    assert not Bookmark.objects.filter(reminded_on=None).exists()
    mail = built(Delivery.objects.get(), SEVEN)
    assert mail.subject == "Reminders of what you saved"
    assert mail.body.count("/posts/") == 20
    assert "And 3 more reminders" in mail.body
    assert "/saved/" in mail.body


def test_another_reader_of_the_mail_does_not_see_it() -> None:
    remind(member(), title="Private title")
    ticks(MONDAY, SEVEN)

    shown = for_reader(Delivery.objects.get(), make_member("Owner"))

    assert "reminders" not in shown.content


def test_a_run_asks_the_same_number_of_queries_for_one_and_for_three() -> None:
    counts = []
    for number in (1, 3):
        MailTurn.objects.all().delete()
        begin = MONDAY + number * 3 * DAY
        on = TUESDAY + number * 3 * DAY
        for one in [member(f"M{n}") for n in range(number)]:
            remind(one, on)
        with CaptureQueriesContext(connection) as looked:
            actions.write_bundles(begin + HOUR)
        with CaptureQueriesContext(connection) as wrote:
            assert actions.write_bundles(begin + 19 * HOUR) == number
        counts.append((len(looked), len(wrote)))

    assert counts[0] == counts[1]


def test_what_other_runs_have_in_hand_is_left_to_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remind(member())
    monkeypatch.setattr(turns, "BATCH", 0)  # as where all rows are locked
    monkeypatch.setattr(turns, "_make_turns_on", lambda rows, now: None)

    assert turns.make_turns_for_reminders(MONDAY) == 0
    assert Bookmark.objects.filter(to_mail=True).exists()
