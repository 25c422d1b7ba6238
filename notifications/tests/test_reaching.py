"""How members choose what they hear of: in the app, by mail, or not at all."""

from datetime import timedelta

import pytest

from community import actions as community
from community.tests.make import NOON, make_announcement
from members.models import Member
from members.tests.make import make_member
from notifications import actions, announcements, unread
from notifications.models import Notification, Reach
from notifications.reaching import GROUPS, NO_CHOICE, Ways, ways_of
from notifications.tests.make import LATER, ask, comment, tell, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker() -> Member:
    return make_member(name="Ines", joined_at=NOON)


@pytest.fixture
def helper() -> Member:
    return make_member(name="Kofi")


def choose(member: Member, **ways: str) -> bool:
    return actions.choose_ways(member, ways, now=LATER)


def test_every_kind_is_in_one_group() -> None:
    grouped = [kind for group in GROUPS for kind in group.kinds]

    assert sorted(grouped) == sorted(Notification.Kind.values)
    assert all(group.default in group.ways for group in GROUPS)


def test_nothing_is_mailed_at_once_unless_it_was_chosen() -> None:
    assert "once" not in NO_CHOICE.all().values()


def test_a_way_that_is_not_offered_counts_as_the_default() -> None:
    assert Ways({"watched": "once", "answer": "once"}).of("watched") == "bundle"
    assert Ways({"answer": "once"}).of_kind("answer") == "once"
    assert NO_CHOICE.of_kind("a kind of later") == "app"


def test_only_what_differs_is_stored(asker: Member) -> None:
    assert not choose(asker, answer="bundle", thanks="app")
    assert not Reach.objects.exists()

    assert choose(asker, answer="once", thanks="app")
    assert not choose(asker, answer="once", thanks="app")

    assert ways_of([asker])[asker.pk].chosen == {"answer": "once"}


def test_what_is_no_longer_wanted_is_as_everything_that_is_read(
    asker: Member, helper: Member
) -> None:
    comment(ask(asker), helper)
    tell()
    Notification.objects.update(mailed_at=LATER)

    choose(asker, answer="never")

    row = Notification.objects.get()
    assert (row.read_at, row.mailed_at) == (LATER, None)


def test_never_means_not_in_the_app_either(asker: Member, helper: Member) -> None:
    post = ask(asker)
    comment(post, helper)
    tell()
    assert unread.read(asker).count == 1

    choose(asker, answer="never")
    comment(post, helper, "And another one.")
    tell()

    assert unread.read(asker).count == 0
    assert [kind for kind, _comment, _unread in told(asker)] == ["answer"]


def test_who_wants_nothing_of_watched_threads_is_told_of_none(
    asker: Member, helper: Member
) -> None:
    third = make_member(name="Wei")
    post = ask(asker)
    comment(post, third)
    comment(post, helper, "Once.")
    tell()
    assert [kind for kind, _comment, _unread in told(third)] == ["watched"]

    choose(third, watched="never")
    comment(post, helper, "Twice.", now=LATER + timedelta(hours=1))
    tell(LATER + timedelta(hours=2))

    assert unread.read(third).count == 0


def test_who_wants_no_announcements_has_read_them_all(asker: Member) -> None:
    make_announcement(title="Before", posted_at=LATER)
    now = LATER + timedelta(hours=1)
    assert len(announcements.unread(asker, unread.read(asker).state, now)) == 1

    choose(asker, announcement="never")
    assert announcements.unread(asker, unread.read(asker).state, now) == []

    choose(asker, announcement="app")
    state = unread.read(asker).state
    assert state.until == LATER


def test_what_was_read_is_new_to_mail_when_it_happens_again(
    asker: Member, helper: Member
) -> None:
    post = ask(asker)
    answer = comment(post, helper)
    community.react(answer, by=asker, kind="helped", now=NOON)
    tell()
    rows = Notification.objects.filter(member=helper)
    rows.update(to_mail=False, mailed_at=LATER)

    actions.read_post(helper, post.pk, now=LATER)
    assert rows.get().mailed_at is None
    rows.update(mailed_at=LATER, read_at=None)
    actions.read_all(helper, until=LATER, now=LATER)
    assert [(row.to_mail, row.mailed_at) for row in rows.all()] == [(False, None)]

    late = LATER + timedelta(hours=1)
    third = make_member(name="Wei")
    community.react(answer, by=third, kind="helped", now=late)
    tell(late)
    assert [(row.to_mail, row.read_at) for row in rows.all()] == [(True, None)]


def test_at_once_can_be_given_up_at_once(asker: Member) -> None:
    choose(asker, answer="once", reply="once", watched="app")

    assert actions.mail_nothing_at_once(asker) == 2
    assert actions.mail_nothing_at_once(asker) == 0

    ways = ways_of([asker])[asker.pk]
    assert [ways.of(name) for name in ("answer", "reply", "watched")] == [
        "bundle",
        "bundle",
        "app",
    ]
