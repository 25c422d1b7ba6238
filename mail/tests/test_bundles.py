"""Daily mails: what is unread, once, at the hour of each member."""

from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from community.models import Comment
from community.tests.make import (
    make_announcement,
    make_comment,
    make_post,
    make_question,
)
from mail import actions
from mail.actions import bundles, turns
from mail.messages import MessageBuilder
from mail.models import Delivery, MailTurn, Preference, Spread
from mail.sending import Withdrawn
from members.models import Member
from members.tests.make import make_member
from notifications import actions as notifications
from notifications.models import Notification
from progress.tests.make import make_curriculum, make_enrollment

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = MONDAY + timedelta(minutes=20)  # what was told is no longer fresh
LONG_AGO = MONDAY - timedelta(days=100)
pytestmark = pytest.mark.django_db


def member(name: str = "Ines", zone: str = "UTC", **preference: object) -> Member:
    one = make_member(name=name, joined_at=LONG_AGO, time_zone=zone)
    if preference:
        Preference.objects.create(member=one, **preference)
    return one


def tell(
    to: Member, kind: str = "answer", *, at: datetime = MONDAY, **values: object
) -> Notification:
    """A notification about a new comment below a question of the member."""
    post = values.pop("post", None) or make_question(to, posted_at=at - DAY)
    comment = make_comment(post, make_member(name="Kofi"), "It is ln 10.")
    Comment.objects.filter(pk=comment.pk).update(commented_at=at)
    return Notification.objects.create(
        member=to,
        post=post,
        kind=kind,
        comment=comment,
        target=comment.pk,
        happened_at=at,
        **values,
    )


def ticks(begin: datetime, end: datetime, every: timedelta = HOUR) -> list[datetime]:
    """The moments of the ticks at which something was written. It is sent at once."""
    moments = []
    while begin <= end:
        if actions.write_bundles(begin):
            moments.append(begin)
            Delivery.objects.filter(written_at=begin).update(sent_at=begin)
        begin += every
    return moments


def built(delivery: Delivery, now: datetime):
    row = Delivery.objects.select_related("member__mail_preference").get(pk=delivery.pk)
    return MessageBuilder(now)([row], now)[row.pk]


def test_what_is_unread_is_mailed_once_at_the_hour_of_the_member() -> None:
    ines = member()
    row = tell(ines)

    assert ticks(MONDAY, MONDAY + 4 * DAY) == [MONDAY + 19 * HOUR]
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.key) == ("bundle", "2026-11-24")
    assert delivery.content["notifications"] == [row.pk]


def test_nothing_is_written_when_there_is_nothing() -> None:
    ines = member()
    row = tell(ines)
    notifications.read_post(ines, row.post_id, now=MONDAY + HOUR)

    assert ticks(MONDAY, MONDAY + 2 * DAY) == []
    assert not Delivery.objects.exists()


def test_what_was_read_after_the_turn_was_made_is_not_mailed() -> None:
    ines = member()
    row = tell(ines)
    actions.write_bundles(MONDAY + HOUR)
    assert MailTurn.objects.get().bundle_at == MONDAY + 19 * HOUR
    notifications.read_post(ines, row.post_id, now=MONDAY + 2 * HOUR)

    assert ticks(MONDAY + 2 * HOUR, MONDAY + 2 * DAY) == []
    assert MailTurn.objects.get().bundle_at is None


def test_what_happened_a_moment_ago_waits_for_the_next_day() -> None:
    tell(member(), at=MONDAY + 19 * HOUR - timedelta(minutes=5))

    assert ticks(MONDAY, MONDAY + 4 * DAY) == [MONDAY + DAY + 19 * HOUR]


def test_what_is_unread_still_is_not_mailed_again_but_what_is_new_is() -> None:
    ines = member()
    first = tell(ines)
    second = tell(ines, at=MONDAY + DAY)

    assert ticks(MONDAY, MONDAY + 5 * DAY) == [
        MONDAY + 19 * HOUR,
        MONDAY + DAY + 19 * HOUR,
    ]
    told = [each.content["notifications"] for each in Delivery.objects.order_by("key")]
    assert told == [[first.pk], [second.pk]]


def test_only_kinds_that_are_chosen_for_mail_are_mailed() -> None:
    ines = member()
    wanted, liked = tell(ines), tell(ines, "helpful")
    mention = tell(ines, "mention")
    notifications.choose_ways(ines, {"mention": "app"}, now=MONDAY)

    actions.write_bundles(MONDAY + HOUR)
    actions.write_bundles(MONDAY + 19 * HOUR)

    assert Delivery.objects.get().content["notifications"] == [wanted.pk]
    assert {liked.pk, mention.pk} == set(
        Notification.objects.filter(mailed_at=None).values_list("pk", flat=True)
    )


def test_who_has_only_what_stays_in_the_app_has_no_turn() -> None:
    tell(member(), "helpful")

    actions.write_bundles(MONDAY + HOUR)

    assert not MailTurn.objects.exists()
    assert not Notification.objects.filter(to_mail=True).exists()


ZONES = {
    # Clocks go back on 25 October 2026, at 01:00 UTC.
    "Europe/Berlin": [
        datetime(2026, 10, 24, 5, tzinfo=UTC),
        datetime(2026, 10, 25, 6, tzinfo=UTC),
        datetime(2026, 10, 26, 6, tzinfo=UTC),
    ],
    "Asia/Kathmandu": [
        datetime(2026, 10, 24, 1, 15, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 15, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 15, tzinfo=UTC),
    ],
    "America/Los_Angeles": [
        datetime(2026, 10, 24, 14, tzinfo=UTC),
        datetime(2026, 10, 25, 14, tzinfo=UTC),
        datetime(2026, 10, 26, 14, tzinfo=UTC),
    ],
}


@pytest.mark.parametrize(("zone", "expected"), ZONES.items())
def test_the_hour_is_that_of_the_members_clock_when_clocks_change(
    zone: str, expected: list[datetime]
) -> None:
    ines = member(zone=zone)
    begin = datetime(2026, 10, 23, 16, tzinfo=UTC)
    for day in range(3):
        tell(ines, at=begin + day * DAY)

    found = ticks(begin, begin + 3 * DAY, timedelta(minutes=15))

    assert found == expected
    keys = Delivery.objects.order_by("key").values_list("key", flat=True)
    assert list(keys) == ["2026-10-24", "2026-10-25", "2026-10-26"]


@pytest.mark.parametrize(
    ("hour", "day", "expected"),
    [
        # 02:00 to 03:00 does not exist in Berlin on 29 March, and exists twice on
        # 25 October.
        (2, date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (2, date(2026, 10, 25), datetime(2026, 10, 25, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice_is_one_mail(
    hour: int, day: date, expected: datetime
) -> None:
    ines = member(zone="Europe/Berlin", bundle_hour=hour)
    zone = ZoneInfo("Europe/Berlin")
    noon = datetime.combine(day - DAY, datetime.min.time(), zone) + 12 * HOUR
    begin = noon.astimezone(UTC)
    tell(ines, at=begin)
    tell(ines, at=expected - timedelta(minutes=15))

    found = ticks(begin, begin + 20 * HOUR, timedelta(minutes=5))

    assert found == [expected]


def test_a_member_who_moves_west_gets_one_mail_a_day() -> None:
    ines = member(zone="Asia/Kathmandu")
    tell(ines)
    # 07:00 in Kathmandu is 01:15 UTC.
    begin = datetime(2026, 11, 23, 20, tzinfo=UTC)
    assert ticks(begin, begin + 6 * HOUR, timedelta(minutes=15)) == [
        datetime(2026, 11, 24, 1, 15, tzinfo=UTC)
    ]
    Member.objects.filter(pk=ines.pk).update(time_zone="America/Los_Angeles")
    tell(ines, at=begin + 7 * HOUR)

    found = ticks(begin + 7 * HOUR, begin + 48 * HOUR, timedelta(minutes=15))

    # 07:00 there on the 24th would be the second mail of that day.
    assert found == [datetime(2026, 11, 25, 15, tzinfo=UTC)]


def test_a_site_that_was_off_for_long_waits_for_the_next_day() -> None:
    tell(member())
    actions.write_bundles(MONDAY + HOUR)

    begin = MONDAY + 19 * HOUR + 13 * HOUR
    assert ticks(begin, begin + DAY) == [MONDAY + DAY + 19 * HOUR]


def test_a_mail_that_is_on_its_way_still_keeps_the_next_one_back() -> None:
    ines = member()
    tell(ines)
    actions.write_bundles(MONDAY + HOUR)
    actions.write_bundles(MONDAY + 19 * HOUR)
    tell(ines, at=MONDAY + DAY)

    begin = MONDAY + DAY + HOUR
    assert ticks(begin, begin + DAY) == []
    Delivery.objects.update(sent_at=MONDAY + DAY + 20 * HOUR)
    # That was today, so the next one comes tomorrow.
    assert ticks(begin + DAY, begin + 2 * DAY) == [MONDAY + 2 * DAY + 19 * HOUR]


def test_the_mail_names_what_was_said_and_leads_to_the_very_comment() -> None:
    row = tell(member())
    actions.write_bundles(MONDAY + HOUR)
    actions.write_bundles(MONDAY + 19 * HOUR)

    mail = built(Delivery.objects.get(), MONDAY + 19 * HOUR)

    html = mail.alternatives[0][0]
    address = f"/posts/{row.post_id}/?comment={row.comment_id}#comment-{row.comment_id}"
    for part in (mail.body, html):
        assert "It is ln 10." in part
        assert address in part
        assert "yesterday, 12:00" in part
    assert "Kofi" in mail.subject
    assert "answered your question" in mail.subject
    headers = mail.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Id"].startswith("<bundle.")
    assert headers["References"].startswith("<bundle.")


@pytest.mark.parametrize("how", ["read", "removed", "unwanted", "muted"])
def test_what_was_seen_or_removed_in_the_meantime_is_left_out(how: str) -> None:
    ines = member()
    gone, stays = tell(ines), tell(ines, "mention")
    actions.write_bundles(MONDAY + HOUR)
    actions.write_bundles(MONDAY + 19 * HOUR)
    delivery = Delivery.objects.get()
    assert set(delivery.content["notifications"]) == {gone.pk, stays.pk}
    if how == "read":
        notifications.read_post(ines, gone.post_id, now=MONDAY + 19 * HOUR)
    elif how == "removed":
        Comment.objects.filter(pk=gone.comment_id).update(removed_at=MONDAY)
    else:
        notifications.choose_ways(ines, {"answer": "app"}, now=MONDAY)

    mail = built(delivery, MONDAY + 19 * HOUR)

    assert f"/posts/{gone.post_id}/" not in mail.body
    assert f"/posts/{stays.post_id}/" in mail.body
    assert "mentioned you" in mail.subject


def test_a_mail_without_anything_left_is_withdrawn() -> None:
    ines = member()
    row = tell(ines)
    actions.write_bundles(MONDAY + HOUR)
    actions.write_bundles(MONDAY + 19 * HOUR)
    notifications.read_post(ines, row.post_id, now=MONDAY + 19 * HOUR)

    result = built(Delivery.objects.get(), MONDAY + 19 * HOUR)

    assert result == Withdrawn("The member has seen everything in it.")


def test_who_stopped_it_gets_none_and_has_no_turn() -> None:
    ines = member(bundle_stopped_at=LONG_AGO)
    tell(ines)

    assert ticks(MONDAY, MONDAY + 2 * DAY) == []
    assert not MailTurn.objects.filter(bundle_at__isnull=False).exists()


def test_a_mail_that_was_stopped_after_it_was_written_is_withdrawn() -> None:
    ines = member()
    tell(ines)
    actions.write_bundles(MONDAY + HOUR)
    actions.write_bundles(MONDAY + 19 * HOUR)
    actions.stop_mail(ines, "bundle", now=MONDAY + 19 * HOUR)

    assert isinstance(built(Delivery.objects.get(), MONDAY + 19 * HOUR), Withdrawn)


def choices(**changed: object) -> actions.Choices:
    values = {
        "digest": True,
        "weekday": 6,
        "hour": 18,
        "reminders": True,
        "bundle": True,
        "bundle_hour": 7,
        "quiet_from": None,
        "quiet_until": None,
        "paused_until": None,
        "ways": {},
    }
    return actions.Choices(**(values | changed))


def test_a_pause_holds_mail_and_its_end_is_told_the_day_before() -> None:
    ines = member()
    tell(ines)
    until = date(2026, 11, 28)
    actions.set_preferences(
        ines, choices(paused_until=until), version=0, now=MONDAY - DAY
    )

    found = ticks(MONDAY, MONDAY + 6 * DAY)

    day_before = datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert found == [day_before, day_before + DAY]
    notice, bundle = Delivery.objects.order_by("key")
    assert notice.content["pause_ends"] == "2026-11-28"
    mail = built(notice, day_before)
    assert mail.subject == "Your pause of mail ends tomorrow"
    assert "Saturday 28 November" in mail.body
    assert bundle.content["notifications"]
    assert isinstance(built(bundle, day_before), Withdrawn)  # it is paused still


def test_a_longer_pause_withdraws_the_news_of_its_end() -> None:
    ines = member()
    pause = choices(paused_until=date(2026, 11, 28))
    actions.set_preferences(ines, pause, version=0, now=MONDAY - DAY)
    day_before = datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert ticks(day_before, day_before) == [day_before]

    longer = choices(paused_until=date(2026, 12, 28))
    actions.set_preferences(ines, longer, version=1, now=day_before)

    assert isinstance(built(Delivery.objects.get(), day_before), Withdrawn)
    assert MailTurn.objects.get().bundle_at == datetime(2026, 12, 27, 7, tzinfo=UTC)


def test_a_pause_of_a_day_is_not_told_to_end() -> None:
    ines = member()
    pause = choices(paused_until=date(2026, 11, 24))
    actions.set_preferences(ines, pause, version=0, now=MONDAY)

    assert ticks(MONDAY, MONDAY + 3 * DAY) == []


def test_a_new_hour_moves_the_next_mail() -> None:
    ines = member()
    tell(ines)
    actions.write_bundles(MONDAY + HOUR)

    at_noon = choices(bundle_hour=15)
    actions.set_preferences(ines, at_noon, version=0, now=MONDAY + HOUR)

    assert ticks(MONDAY + HOUR, MONDAY + 2 * DAY) == [MONDAY + 3 * HOUR]


# At once


def wants_at_once(one: Member, *groups: str) -> None:
    ways = dict.fromkeys(groups, "once")
    notifications.choose_ways(one, ways, now=LONG_AGO)


def test_what_is_wanted_at_once_comes_after_ten_minutes_and_not_again() -> None:
    ines = member()
    wants_at_once(ines, "answer")
    at_once = tell(ines)
    daily = tell(ines, "mention")

    found = ticks(MONDAY, MONDAY + 2 * DAY, timedelta(minutes=5))

    assert found == [MONDAY + timedelta(minutes=10), MONDAY + 19 * HOUR]
    first, second = Delivery.objects.order_by("written_at")
    assert (first.kind, first.key) == ("once", "2026-11-23.1")
    assert first.content["notifications"] == [at_once.pk]
    assert second.content["notifications"] == [daily.pk]


def test_after_very_many_mails_at_once_the_rest_is_in_the_daily_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bundles, "MOST_AT_ONCE", 2)
    ines = member()
    wants_at_once(ines, "answer")
    rows = [tell(ines, at=MONDAY + number * HOUR) for number in range(4)]
    tomorrow = tell(ines, at=MONDAY + 25 * HOUR)

    found = ticks(MONDAY, MONDAY + 30 * HOUR)

    assert found == [MONDAY + hours * HOUR for hours in (1, 2, 19, 26)]
    mails = Delivery.objects.order_by("written_at")
    assert [mail.kind for mail in mails] == ["once", "once", "bundle", "once"]
    assert {*mails[2].content["notifications"]} == {row.pk for row in rows[2:]}
    assert mails[3].content["notifications"] == [tomorrow.pk]


def test_what_was_read_within_ten_minutes_is_not_mailed_at_once() -> None:
    ines = member()
    wants_at_once(ines, "answer")
    row = tell(ines)
    notifications.read_post(ines, row.post_id, now=MONDAY + timedelta(minutes=9))

    assert ticks(MONDAY, MONDAY + 2 * DAY, timedelta(minutes=5)) == []


def test_in_quiet_hours_it_waits_and_comes_as_one() -> None:
    ines = member(zone="Europe/Berlin", bundle_stopped_at=LONG_AGO)
    wants_at_once(ines, "answer", "reply")
    night = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
    tell(ines, at=night)
    tell(ines, "reply", at=night + HOUR)

    found = ticks(night, night + DAY, timedelta(minutes=15))

    assert found == [datetime(2026, 11, 24, 6, tzinfo=UTC)]
    assert len(Delivery.objects.get().content["notifications"]) == 2


def test_a_mail_at_once_that_is_late_waits_for_the_end_of_quiet_hours() -> None:
    ines = member()
    wants_at_once(ines, "answer")
    tell(ines)
    actions.write_bundles(MONDAY + HOUR)
    night = datetime(2026, 11, 23, 23, tzinfo=UTC)

    result = built(Delivery.objects.get(), night)

    assert result.until == night + 8 * HOUR


def test_mails_at_once_about_one_post_are_one_thread() -> None:
    ines = member()
    wants_at_once(ines, "answer")
    first = tell(ines)
    actions.write_bundles(MONDAY + HOUR)
    tell(ines, at=MONDAY + 2 * HOUR, post=first.post)
    actions.write_bundles(MONDAY + 3 * HOUR)

    one, other = [
        built(each, MONDAY + 3 * HOUR).extra_headers for each in Delivery.objects.all()
    ]

    assert one["References"] == other["References"]
    assert one["References"].startswith(f"<post-{first.post_id}.")
    assert one["Message-ID"] != other["Message-ID"]


def test_one_click_moves_mail_at_once_into_the_daily_mail() -> None:
    ines = member()
    wants_at_once(ines, "answer")
    actions.stop_mail(ines, "once", now=MONDAY)
    assert actions.has_stopped(ines, "once")
    tell(ines)

    ticks(MONDAY, MONDAY + 2 * DAY, timedelta(minutes=30))

    assert [each.kind for each in Delivery.objects.all()] == ["bundle"]


# Announcements


def test_an_announcement_is_in_the_daily_mail_of_everybody_who_wants_it() -> None:
    names = ["Ines", "Kofi", "Wei"]
    ines, kofi, wei = [member(name) for name in names]
    post = make_announcement(title="Autumn circles", posted_at=MONDAY)
    notifications.choose_ways(kofi, {"announcement": "app"}, now=MONDAY)
    notifications.read_announcements(wei, [post.pk], now=MONDAY + HOUR)

    assert ticks(MONDAY, MONDAY + 3 * DAY) == [MONDAY + 19 * HOUR]

    delivery = Delivery.objects.get()
    assert delivery.member == ines
    assert delivery.content["announcements"] == [post.pk]
    mail = built(delivery, MONDAY + 19 * HOUR)
    assert "Autumn circles" in mail.subject
    assert f"/posts/{post.pk}/" in mail.body
    assert Spread.objects.get().done_at is not None


def test_an_announcement_that_was_read_since_is_left_out() -> None:
    ines = member()
    post = make_announcement(title="Autumn circles", posted_at=MONDAY)
    ticks(MONDAY, MONDAY + DAY)
    notifications.read_announcements(ines, [post.pk], now=MONDAY + DAY)

    assert isinstance(built(Delivery.objects.get(), MONDAY + DAY), Withdrawn)


# Reminders


def test_a_reminder_that_is_due_goes_into_the_daily_mail() -> None:
    ines = member(digest_stopped_at=LONG_AGO)
    make_enrollment(ines, make_curriculum(), MONDAY - 10 * DAY)
    tell(ines, "mention", post=make_question(posted_at=MONDAY - DAY))

    ticks(MONDAY, MONDAY + 19 * HOUR)

    delivery = Delivery.objects.get()
    assert delivery.content["away"]["since"] == "2026-11-13"
    mail = built(delivery, MONDAY + 19 * HOUR)
    assert "You stopped here on Friday, 13 November" in " ".join(mail.body.split())
    # The reminder of its own does not come any more.
    assert actions.write_due_reminders(MONDAY + 2 * DAY) == 0


def test_a_reminder_waits_for_a_daily_mail_that_comes_soon() -> None:
    ines = member(digest_stopped_at=LONG_AGO, bundle_hour=15)
    make_enrollment(ines, make_curriculum(), MONDAY - 10 * DAY)
    post = make_question(posted_at=MONDAY - DAY)
    tell(ines, "mention", at=MONDAY - HOUR, post=post)
    actions.write_bundles(MONDAY)

    assert actions.write_due_reminders(MONDAY) == 0
    assert ticks(MONDAY, MONDAY + 3 * HOUR) == [MONDAY + 3 * HOUR]
    assert "away" in Delivery.objects.get().content


# Costs


def test_a_tick_asks_five_queries_when_nobody_is_due() -> None:
    members = [member(f"M{n}") for n in range(3)]
    for one in members:
        tell(one)
    actions.write_bundles(MONDAY + HOUR)

    # what is to be mailed, reminders, announcements, daily mails, mails at once
    with CaptureQueriesContext(connection) as queries:
        actions.write_bundles(MONDAY + 2 * HOUR)

    assert len(queries) == 5


def test_a_run_asks_the_same_number_of_queries_for_one_and_for_three() -> None:
    counts = []
    for number in (1, 3):
        MailTurn.objects.all().delete()
        for one in [member(f"M{n}") for n in range(number)]:
            tell(one, at=MONDAY + number * DAY)
        begin = MONDAY + number * DAY
        actions.write_bundles(begin + HOUR)
        with CaptureQueriesContext(connection) as queries:
            assert actions.write_bundles(begin + 19 * HOUR) == number
        counts.append(len(queries))

    assert counts[0] == counts[1]


# The weekly digest


def test_the_weekly_digest_names_unread_answers_first() -> None:
    ines = member()
    row = tell(ines)
    read = tell(ines, post=make_question(ines, "Another", posted_at=MONDAY - DAY))
    notifications.read_post(ines, read.post_id, now=MONDAY)
    sunday = datetime(2026, 11, 29, 18, tzinfo=UTC)
    actions.write_due_digests(sunday)
    delivery = Delivery.objects.get(member=ines)
    assert delivery.content["answers"] == [row.pk]

    mail = built(delivery, sunday)

    assert mail.body.index("ANSWERS TO YOUR QUESTIONS") < mail.body.index("YOUR WEEK")
    html = mail.alternatives[0][0]
    assert html.index("Answers to your questions") < html.rindex("Your week")
    assert f"comment={row.comment_id}#comment-{row.comment_id}" in mail.body
    assert f"comment={read.comment_id}#" not in mail.body

    notifications.read_post(ines, row.post_id, now=sunday)
    assert "ANSWERS" not in built(delivery, sunday).body


def test_several_answers_to_one_question_are_one_line_of_the_digest() -> None:
    ines = member()
    first = tell(ines)
    for _ in range(6):
        tell(ines, post=first.post)
    alone = tell(ines, post=make_question(ines, "Another", posted_at=MONDAY - DAY))
    sunday = datetime(2026, 11, 29, 18, tzinfo=UTC)
    actions.write_due_digests(sunday)

    mail = built(Delivery.objects.get(member=ines), sunday)

    text = " ".join(mail.body.split())
    assert "7 answers, by" in text
    assert text.count("answered: “") == 2
    assert f"comment={alone.comment_id}#" in text
    assert "7 answers, by" in unescape(" ".join(mail.alternatives[0][0].split()))


def test_a_daily_mail_quotes_some_answers_and_names_the_others() -> None:
    ines = member()
    post = make_question(ines, posted_at=MONDAY - DAY)
    rows = [tell(ines, post=post) for _ in range(5)]
    actions.write_bundles(MONDAY + HOUR)
    actions.write_bundles(MONDAY + 19 * HOUR)

    mail = built(Delivery.objects.get(), MONDAY + 19 * HOUR)

    for part in (mail.body, mail.alternatives[0][0]):
        assert "And 2 more, by" in part
        shown = [row for row in rows if f"comment={row.comment_id}#" in part]
        assert len(shown) == 4, "three, and the first of the others"
    assert mail.body.count("It is ln 10.") == 3
    assert "5 ANSWERS TO YOUR QUESTION" in mail.body
    assert "5 answers" in mail.alternatives[0][0]


def test_a_mention_in_a_post_quotes_its_first_lines() -> None:
    ines, kofi = member(), make_member(name="Kofi")
    for number, body in enumerate(("Ask *her* about ln 10.", "Long. " * 200)):
        post = make_post(kofi, title=f"Post {number}", body=body, posted_at=MONDAY)
        Notification.objects.create(
            member=ines, post=post, kind="mention", happened_at=MONDAY
        )
    actions.write_bundles(MONDAY + HOUR)
    actions.write_bundles(MONDAY + 19 * HOUR)

    mail = built(Delivery.objects.get(), MONDAY + 19 * HOUR)

    for part in (mail.body, mail.alternatives[0][0]):
        assert "Ask her about ln 10." in " ".join(part.split())
        assert "Long. Long." in part


def nothing_locked(turns: list[MailTurn], now: datetime) -> int:
    assert turns == []
    return 0


def test_what_other_runs_have_in_hand_is_left_to_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ines = member()
    row = tell(ines)
    monkeypatch.setattr(turns, "BATCH", 0)  # as where all rows are locked
    monkeypatch.setattr(turns, "_make_turns_for", lambda told, now: None)
    assert turns.make_turns(SOON) == 0
    row.refresh_from_db()
    assert row.to_mail
    monkeypatch.undo()
    turns.make_turns(SOON)
    monkeypatch.setattr(bundles, "BATCH", 0)

    assert bundles._in_rounds("bundle_at", nothing_locked, MONDAY + DAY) == 0


def test_who_was_suspended_meanwhile_gets_no_daily_mail() -> None:
    suspended_before, suspended_after = member(), member("Noor")
    tell(suspended_before)
    Member.objects.filter(pk=suspended_before.pk).update(is_active=False)
    tell(suspended_after)
    actions.write_bundles(SOON)
    assert [turn.member_id for turn in MailTurn.objects.all()] == [suspended_after.pk]
    Member.objects.filter(pk=suspended_after.pk).update(is_active=False)

    assert ticks(MONDAY + HOUR, MONDAY + 2 * DAY) == []
    assert not Delivery.objects.exists()


def test_mails_at_once_of_another_day_are_not_counted() -> None:
    ines = member()
    Delivery.objects.create(
        member=ines,
        kind="once",
        key="2026-11-22.4",
        not_before=MONDAY,
        written_at=MONDAY,
    )
    Delivery.objects.create(
        member=ines,
        kind="once",
        key="2026-11-23.2",
        not_before=MONDAY,
        written_at=MONDAY,
    )

    assert bundles._numbers([ines], MONDAY) == {ines.pk: 2}


def test_an_announcement_that_is_told_already_is_spread_no_further() -> None:
    post = make_announcement(member())
    Spread.objects.create(post=post, done_at=MONDAY)

    assert turns._spread_on(post.pk, MONDAY) == 0


def test_turns_of_one_moment_are_stored_by_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = [MailTurn.objects.create(member=make_member()) for _each in range(3)]
    moments = [MONDAY, MONDAY, MONDAY + HOUR]
    for turn, moment in zip(rows, moments, strict=True):
        turn.bundle_at = moment

    with django_assert_num_queries(2):  # an UPDATE for each moment
        turns.store_turns(rows, "bundle_at")

    stored = MailTurn.objects.order_by("pk").values_list("bundle_at", "once_at")
    assert list(stored) == [(moment, None) for moment in moments]
