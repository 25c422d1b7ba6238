from datetime import UTC, date, datetime, timedelta

import pytest

from bookmarks import actions
from bookmarks.keys import Kind, ThingKey, key_of
from bookmarks.models import Bookmark
from bookmarks.tests.make import NOON, key_to, make_bookmark
from community.actions import remove_post
from community.tests.make import make_comment, make_paper, make_post
from curriculum.tests.make import make_release, make_resource
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
TODAY, LATER = NOON.date(), NOON.date() + timedelta(days=7)


def test_each_kind_of_thing_is_saved_by_its_stable_id(ines: Member) -> None:
    post = make_post()
    activity = make_release().outline.steps[0].activities[0]
    keys = [
        key_to(post),
        key_to(make_comment(post)),
        ThingKey(Kind.PAPER, make_paper().arxiv_id),
        ThingKey(Kind.RESOURCE, str(make_resource().pk)),
        ThingKey(Kind.ACTIVITY, str(activity.key)),
    ]

    for key in keys:
        actions.save(ines, key, now=NOON)

    assert sorted(Bookmark.objects.values_list("kind", "key")) == sorted(keys)


def test_saving_twice_is_saving_once(ines: Member) -> None:
    key = key_to(make_post())
    first = make_bookmark(ines, key, remind_on=LATER, note="Try this")

    again = actions.save(ines, key, now=NOON + timedelta(hours=1))

    assert Bookmark.objects.get() == again == first
    assert (again.remind_on, again.note, again.saved_at) == (LATER, "Try this", NOON)


def test_what_may_not_be_seen_is_not_saved(ines: Member) -> None:
    post = make_post()
    remove_post(post, by=post.author, now=NOON)

    for key in (key_to(post), ThingKey(Kind.POST, "999999")):
        with pytest.raises(actions.NotSaved, match="no longer here"):
            actions.save(ines, key, now=NOON)

    assert not Bookmark.objects.exists()


def test_a_member_saves_a_bounded_number(
    ines: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    key = key_to(make_post())
    actions.save(ines, key, now=NOON)

    actions.save(ines, key, now=NOON)
    with pytest.raises(actions.NotSaved, match="saved 1 things"):
        actions.save(ines, key_to(make_post()), now=NOON)


def test_what_was_removed_comes_back_as_it_was(ines: Member) -> None:
    key = key_to(make_post())
    bookmark = make_bookmark(ines, key, remind_on=LATER, note="Try this")

    actions.remove(bookmark, now=NOON)
    actions.remove(bookmark, now=NOON + timedelta(hours=1))
    assert not Bookmark.objects.open().exists()
    actions.undo_remove(bookmark)

    again = Bookmark.objects.open().get()
    assert (again.remind_on, again.note, again.saved_at) == (LATER, "Try this", NOON)

    actions.remove(again, now=NOON)
    again = actions.save(ines, key, now=NOON + timedelta(hours=1))
    assert Bookmark.objects.open().get().note == "Try this"


def test_only_the_last_that_was_removed_can_come_back(ines: Member) -> None:
    first = make_bookmark(ines, key_to(make_post()))
    second = make_bookmark(ines, key_to(make_post()))
    of_another = make_bookmark(make_member("Wei"), key_to(make_post()))
    actions.remove(of_another, now=NOON)

    actions.remove(first, now=NOON)
    actions.remove(second, now=NOON)

    assert set(Bookmark.objects.all()) == {second, of_another}


def test_done_happens_once_and_can_be_undone(ines: Member) -> None:
    bookmark = make_bookmark(ines, key_to(make_post()), remind_on=LATER)

    assert actions.mark_done(bookmark, now=NOON)
    assert not actions.mark_done(bookmark, now=NOON + timedelta(hours=1))
    assert Bookmark.objects.done().get().done_at == NOON

    actions.undo_done(bookmark)
    assert Bookmark.objects.open().get().remind_on == LATER


def test_what_is_saved_again_after_it_was_done_has_no_day(ines: Member) -> None:
    key = key_to(make_post())
    bookmark = make_bookmark(ines, key, remind_on=TODAY, note="Try this")
    actions.mark_done(bookmark, now=NOON)

    actions.save(ines, key, now=NOON + timedelta(days=1))

    again = Bookmark.objects.open().get()
    assert (again.remind_on, again.note) == (None, "Try this")
    assert again.saved_at == NOON + timedelta(days=1)


def test_a_day_that_is_over_is_refused(ines: Member) -> None:
    bookmark = make_bookmark(ines, key_to(make_post()))

    with pytest.raises(actions.DayOver, match="This day is over"):
        actions.remind(bookmark, TODAY - timedelta(days=1), now=NOON)
    actions.remind(bookmark, TODAY, now=NOON)

    assert Bookmark.objects.get().remind_on == TODAY


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        # the clocks go forward in the night, and Lisbon's midnight is UTC's
        ("Europe/Lisbon", datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30)),
        ("Europe/Lisbon", datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 28)),
        # they go back: the day has 25 hours
        (
            "Europe/Berlin",
            datetime(2026, 10, 25, 22, 30, tzinfo=UTC),
            date(2026, 10, 25),
        ),
        (
            "Europe/Berlin",
            datetime(2026, 10, 25, 23, 30, tzinfo=UTC),
            date(2026, 10, 26),
        ),
        # the clocks change at midnight, which this day does not have
        ("Africa/Cairo", datetime(2026, 4, 23, 22, 30, tzinfo=UTC), date(2026, 4, 24)),
        ("Pacific/Kiritimati", datetime(2026, 3, 4, 11, tzinfo=UTC), date(2026, 3, 5)),
    ],
)
def test_a_day_is_over_where_the_member_is(
    zone: str, now: datetime, today: date
) -> None:
    member = make_member(time_zone=zone)
    bookmark = make_bookmark(member, key_to(make_post()))

    actions.remind(bookmark, today, now=now)

    with pytest.raises(actions.DayOver):
        actions.remind(bookmark, today - timedelta(days=1), now=now)


def test_a_reminder_is_named_once_until_it_is_set_again(ines: Member) -> None:
    bookmark = make_bookmark(ines, key_to(make_post()), remind_on=TODAY)

    assert actions.mark_named([bookmark.pk], on=TODAY) == 1
    assert actions.mark_named([bookmark.pk], on=TODAY) == 0
    assert not Bookmark.objects.to_name(LATER).exists()

    actions.remind(bookmark, LATER, now=NOON)
    assert Bookmark.objects.to_name(LATER).get().reminded_on is None
    actions.remind(bookmark, None, now=NOON)
    assert not Bookmark.objects.to_name(LATER).exists()


def test_a_note_is_kept(ines: Member) -> None:
    bookmark = make_bookmark(ines, key_to(make_post()))

    actions.note(bookmark, "Once more without looking")

    assert Bookmark.objects.get().note == "Once more without looking"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("", "1"),
        ("member", "1"),
        ("post", ""),
        ("post", "-1"),
        ("post", "1\x00"),
        ("post", "9" * 50),
        ("paper", "../../etc"),
        ("paper", "1706.03762\n"),
        ("activity", "no key"),
    ],
)
def test_no_other_key_names_a_thing(kind: str, text: str) -> None:
    assert key_of(kind, text) is None


def test_one_thing_has_one_key() -> None:
    key = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"

    assert key_of("post", "007") == ("post", "7")
    assert key_of("activity", key) == ("activity", key)
    assert key_of("activity", key.upper()) is None
    assert key_of("paper", "cs/0601001") == ("paper", "cs/0601001")
