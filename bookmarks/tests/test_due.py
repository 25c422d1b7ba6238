from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from bookmarks import actions
from bookmarks.due import next_days, reminders_due, reminders_named
from bookmarks.keys import Kind, ThingKey
from bookmarks.tests.make import NOON, key_to, make_bookmark
from community.actions import remove_post
from community.tests.make import make_comment, make_paper, make_post, make_question
from curriculum.tests.make import make_release, make_resource
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def due(*members: Member, day: date = TODAY) -> dict[int, list[str]]:
    found = reminders_due(members, {member.pk: day for member in members})
    return {pk: [each.thing.title for each in given] for pk, given in found.items()}


def test_what_is_due_is_named_in_the_order_of_its_days(ines: Member) -> None:
    for days, title in [(0, "Second"), (-3, "First"), (1, "Tomorrow")]:
        day = TODAY + timedelta(days=days)
        make_bookmark(ines, key_to(make_post(title=title)), remind_on=day)
    make_bookmark(ines, key_to(make_post(title="No day")))

    assert due(ines) == {ines.pk: ["First", "Second"]}


def test_a_reminder_says_what_it_is(ines: Member) -> None:
    answer = make_comment(make_question(title="Why 0.9?"))
    bookmark = make_bookmark(ines, key_to(answer), remind_on=TODAY, note="Plot it")

    [reminder] = reminders_due([ines], {ines.pk: TODAY})[ines.pk]

    assert (reminder.bookmark, reminder.remind_on) == (bookmark.pk, TODAY)
    assert (reminder.thing.label, reminder.thing.title, reminder.note) == (
        "Answer by Kofi Mensah",
        "Why 0.9?",
        "Plot it",
    )
    assert reminder.thing.url == answer.get_absolute_url()


def test_what_is_done_removed_named_or_gone_is_not_due(ines: Member) -> None:
    bookmarks = [
        make_bookmark(ines, key_to(make_post()), remind_on=TODAY) for _ in range(4)
    ]
    gone = make_post()
    make_bookmark(ines, key_to(gone), remind_on=TODAY)
    actions.mark_done(bookmarks[0], now=NOON)
    actions.remove(bookmarks[1], now=NOON)
    actions.mark_named([bookmarks[2].pk], on=TODAY)
    remove_post(gone, by=gone.author, now=NOON)

    found = reminders_due([ines], {ines.pk: TODAY})

    assert [each.bookmark for each in found[ines.pk]] == [bookmarks[3].pk]


def test_each_member_is_reminded_on_their_own_day() -> None:
    """In the hour of the moment it is the 29th in Lisbon and the 30th in Auckland, and
    the clocks changed in Lisbon that night.
    """
    now = datetime(2026, 3, 29, 22, 30, tzinfo=UTC)
    members = [
        make_member(zone, time_zone=zone)
        for zone in ("Europe/Lisbon", "Pacific/Auckland")
    ]
    post = make_post(title="Look again")
    for member in members:
        make_bookmark(member, key_to(post), remind_on=date(2026, 3, 30))
    days = {member.pk: member.local(now).date() for member in members}

    found = reminders_due(members, days)

    assert found.keys() == {members[1].pk}


def test_the_next_day_is_of_what_mail_has_looked_at(
    ines: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = make_member("Wei")
    for member, days, to_mail in [
        (ines, 0, False),
        (ines, 2, False),
        (ines, 3, False),
        (ines, 1, True),  # a run will look at it
        (other, 0, False),
    ]:
        day = TODAY + timedelta(days=days)
        make_bookmark(member, key_to(make_post()), remind_on=day, to_mail=to_mail)

    with django_assert_num_queries(1):
        found = next_days({ines.pk: TODAY, other.pk: TODAY})

    assert found == {ines.pk: TODAY + timedelta(days=2)}


@pytest.mark.parametrize("how", ["done", "removed", "opened", "moved", "gone"])
def test_what_changed_since_a_mail_named_it_is_left_out(ines: Member, how: str) -> None:
    post, other = make_post(), make_post()
    bookmark = make_bookmark(ines, key_to(post), remind_on=TODAY)
    stays = make_bookmark(ines, key_to(other), remind_on=TODAY)
    actions.mark_named([bookmark.pk, stays.pk], on=TODAY)
    if how == "done":
        actions.mark_done(bookmark, now=NOON)
    elif how == "removed":
        actions.remove(bookmark, now=NOON)
    elif how == "opened":
        type(bookmark).objects.filter(pk=bookmark.pk).update(opened_on=TODAY)
    elif how == "moved":
        actions.remind(bookmark, TODAY, now=NOON)
    else:
        remove_post(post, by=post.author, now=NOON)

    found = reminders_named([ines], [bookmark.pk, stays.pk])

    assert [each.bookmark for each in found[ines.pk]] == [stays.pk]


def test_a_reminder_of_another_member_is_not_given(ines: Member) -> None:
    bookmark = make_bookmark(make_member("Wei"), key_to(make_post()), remind_on=TODAY)
    actions.mark_named([bookmark.pk], on=TODAY)

    assert reminders_named([ines], [bookmark.pk]) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_members_take_a_fixed_number_of_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    activity = make_release().outline.steps[0].activities[0]
    resource, members = make_resource(), []
    for number in range(count):
        member = make_member(f"Member {number}")
        post, paper = make_post(), make_paper(f"1706.0{number:04}")
        for key in (
            key_to(post),
            key_to(make_comment(post)),
            ThingKey(Kind.PAPER, paper.arxiv_id),
            ThingKey(Kind.RESOURCE, str(resource.pk)),
            ThingKey(Kind.ACTIVITY, str(activity.key)),
        ):
            make_bookmark(member, key, remind_on=TODAY)
        members.append(member)
    due(*members)

    # bookmarks, posts, comments, papers, resources; activities are kept
    with django_assert_num_queries(5):
        found = due(*members)

    assert [len(titles) for titles in found.values()] == [5] * count


def test_members_without_a_reminder_cost_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    members = [make_member(f"Member {number}") for number in range(3)]

    with django_assert_num_queries(1):
        assert due(*members) == {}
    with django_assert_num_queries(0):
        assert due() == {}
