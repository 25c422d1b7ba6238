"""Who is told of what."""

from datetime import timedelta

import pytest

from community import actions as community
from community.models import Comment, Post, Reaction
from community.tests.make import NOON, make_moderator
from members.models import Member
from members.tests.make import make_member
from notifications import actions
from notifications.models import Notification, Watch
from notifications.tests.make import LATER, ask, comment, tell, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker() -> Member:
    return make_member("Ines Duarte")


@pytest.fixture
def helper() -> Member:
    return make_member("Yuki Arai")


@pytest.fixture
def third() -> Member:
    return make_member("Wei Tan")


def test_the_asker_is_told_of_each_answer(asker: Member, helper: Member) -> None:
    question = ask(asker)
    first, second = comment(question, helper, "One"), comment(question, helper, "Two")

    tell()

    assert told(asker) == [("answer", first.pk, True), ("answer", second.pk, True)]
    assert told(helper) == []


def test_the_author_of_a_post_is_told_of_replies_to_it(
    asker: Member, helper: Member
) -> None:
    post = community.write_post(asker, body="Hello", now=NOON)
    said = comment(post, helper)

    tell()

    assert told(asker) == [("reply", said.pk, True)]


def test_who_is_replied_to_is_told_and_the_asker_watches(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    answer = comment(question, helper)
    reply = comment(question, third, parent=answer)

    tell()

    assert told(helper) == [("reply", reply.pk, True)]
    assert told(asker) == [("answer", answer.pk, True), ("watched", reply.pk, True)]


def test_nobody_is_told_of_what_they_wrote(asker: Member) -> None:
    question = ask(asker)
    own = comment(question, asker)
    comment(question, asker, "And more", parent=own)

    tell()

    assert told(asker) == []


def test_who_wrote_watches_and_is_told_of_others(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    comment(question, helper)
    tell()

    later = comment(question, third, "Mine too")
    tell()

    assert told(helper) == [("watched", later.pk, True)]


def test_a_watched_post_has_one_row_that_begins_with_the_first_new_comment(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    comment(question, helper)
    first = comment(question, third, "One")
    for number in range(3):
        comment(question, third, f"More {number}")

    tell()

    assert told(helper) == [("watched", first.pk, True)]
    [row] = Notification.objects.filter(member=helper)
    assert row.comments_before == 1


def test_what_was_read_becomes_unread_by_the_next_comment(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    comment(question, helper)
    comment(question, third, "One")
    tell()
    actions.read_post(helper, question.pk, now=NOON + timedelta(minutes=1))

    seen = comment(question, third, "Two", now=NOON)
    tell()
    assert told(helper) == [("watched", seen.pk - 1, False)]

    new = comment(question, third, "Three", now=LATER)
    tell()

    assert told(helper) == [("watched", new.pk, True)]
    [row] = Notification.objects.filter(member=helper)
    assert (row.happened_at, row.comments_before) == (LATER, 3)


def test_an_unread_row_moves_up_once_an_hour(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    comment(question, helper)
    first = comment(question, third, "One")
    tell()
    moments = []

    for minutes in (10, 60, 61, 100):
        at = NOON + timedelta(minutes=minutes)
        comment(question, third, f"After {minutes}", now=at)
        tell()
        row = Notification.objects.get(member=helper)
        assert row.comment_id == first.pk
        moments.append(int((row.happened_at - NOON).total_seconds() // 60))

    assert moments == [0, 0, 61, 61]


@pytest.mark.parametrize("level", ["normal", "muted"])
def test_a_chosen_level_stays_when_one_writes(
    asker: Member, helper: Member, third: Member, level: str
) -> None:
    question = ask(asker)
    actions.watch(helper, question, level, now=NOON)
    comment(question, helper)
    comment(question, third)

    tell()

    assert told(helper) == []
    assert Watch.objects.get(member=helper).level == level


def test_a_muted_post_tells_nothing(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    answer = comment(question, helper)
    for member in (asker, helper):
        actions.watch(member, question, "muted", now=NOON)

    comment(question, third, parent=answer)
    community.accept_answer(answer, by=asker, now=NOON)
    community.react(answer, by=asker, kind="helped", now=NOON)
    community.react(question, by=third, kind="same", now=NOON)
    tell()

    assert told(asker) == told(helper) == []


def test_a_normal_level_tells_of_replies_to_me_only(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    answer = comment(question, helper)
    actions.watch(helper, question, "normal", now=NOON)
    comment(question, third, "Elsewhere")
    reply = comment(question, third, parent=answer)

    tell()

    assert told(helper) == [("reply", reply.pk, True)]


def test_an_accepted_answer_is_told_once(asker: Member, helper: Member) -> None:
    question = ask(asker)
    answer = comment(question, helper)

    for _time in range(2):
        community.accept_answer(answer, by=asker, now=LATER)
        tell()
        community.unaccept_answer(answer, by=asker)
        tell()

    assert told(helper) == [("accepted", answer.pk, True)]
    assert not Notification.objects.visible_to(helper).exists()
    community.accept_answer(answer, by=asker, now=LATER)
    assert Notification.objects.visible_to(helper).count() == 1


def test_who_accepts_their_own_answer_is_not_told(asker: Member) -> None:
    question = ask(asker)
    answer = comment(question, asker)
    community.accept_answer(answer, by=asker, now=NOON)

    tell()

    assert told(asker) == []
    assert not Post.objects.filter(accepted_to_tell=True).exists()


def test_reactions_are_one_row_that_becomes_unread_again(
    asker: Member, helper: Member
) -> None:
    question = ask(asker)
    answer = comment(question, helper)
    people = [make_member(f"Member {n}") for n in range(3)]
    for member in people:
        community.react(answer, by=member, kind="helped", now=NOON)
        community.react(question, by=member, kind="same", now=NOON)
        community.react(answer, by=member, kind="thanks", now=NOON)

    tell()

    # they watch as well, but nothing was written
    assert told(helper) == [("helpful", answer.pk, True)]
    assert ("same", None, True) in told(asker)
    actions.read_post(helper, question.pk, now=NOON)
    assert told(helper) == [("helpful", answer.pk, False)]
    community.react(answer, by=asker, kind="helped", now=LATER)
    tell()
    assert told(helper) == [("helpful", answer.pk, True)]
    assert not Reaction.objects.filter(to_tell=True).exists()


def test_what_is_taken_back_and_pressed_again_is_told_once(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    answer = comment(question, helper)
    pairs = [(answer, asker, "helped"), (question, helper, "same")]
    for target, member, kind in pairs:
        community.react(target, by=member, kind=kind, now=NOON)
    tell()
    for each in (asker, helper):
        actions.read_post(each, question.pk, now=NOON)

    for _ in range(2):
        for target, member, kind in pairs:
            community.unreact(target, by=member, kind=kind)
            community.react(target, by=member, kind=kind, now=LATER)
        tell()

    assert not Notification.objects.unread().exists()
    assert not Reaction.objects.filter(to_tell=True).exists()
    community.react(answer, by=third, kind="helped", now=LATER)
    tell()
    assert told(helper) == [("helpful", answer.pk, True)]


def test_reactions_that_were_taken_back_are_not_shown(
    asker: Member, helper: Member
) -> None:
    question = ask(asker)
    community.react(question, by=helper, kind="same", now=NOON)
    tell()
    assert Notification.objects.visible_to(asker).count() == 1

    community.unreact(question, by=helper, kind="same")

    assert Notification.objects.visible_to(asker).count() == 0


def test_a_comment_that_was_removed_before_it_was_told_is_not_told(
    asker: Member, helper: Member
) -> None:
    question = ask(asker)
    answer = comment(question, helper)
    community.remove_comment(answer, by=helper, now=NOON)

    tell()

    assert told(asker) == []
    assert not Comment.objects.filter(to_tell=True).exists()


def test_the_row_of_a_watcher_goes_on_after_a_removed_comment(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    comment(question, helper)
    first, second = comment(question, third, "One"), comment(question, third, "Two")
    tell()
    assert told(helper) == [("watched", first.pk, True)]

    community.remove_comment(first, by=third, now=NOON)
    tell()
    assert told(helper) == [("watched", second.pk, True)]

    community.remove_comment(second, by=third, now=NOON)
    tell()
    assert told(helper) == []


def test_below_a_removed_post_nobody_is_told(asker: Member, helper: Member) -> None:
    question = ask(asker)
    comment(question, helper)
    community.remove_post(question, by=asker, now=NOON)

    tell()

    assert told(asker) == []
    assert not Comment.objects.filter(to_tell=True).exists()


def test_a_second_run_changes_nothing(
    asker: Member, helper: Member, third: Member
) -> None:
    question = ask(asker)
    answer = comment(question, helper)
    comment(question, third)
    community.accept_answer(answer, by=asker, now=NOON)
    community.react(answer, by=asker, kind="helped", now=NOON)
    assert tell()
    before = list(Notification.objects.order_by("pk").values())

    assert tell() == 0
    # as after a run that was interrupted before it noted what it had told
    Comment.objects.update(to_tell=True)
    Post.objects.update(to_tell=True, accepted_to_tell=True)
    tell()

    assert list(Notification.objects.order_by("pk").values()) == before


def test_an_announcement_writes_no_row(asker: Member) -> None:
    moderator = make_moderator()
    community.write_post(
        moderator, kind="announcement", title="We meet", body="On Sunday.", now=NOON
    )

    tell()

    assert not Notification.objects.exists()
    assert Watch.objects.get().member == moderator


def test_old_notifications_are_deleted(asker: Member, helper: Member) -> None:
    question = ask(asker)
    comment(question, helper)
    new = comment(question, helper, "New", now=NOON + timedelta(hours=2))
    tell()

    deleted = actions.forget_old(now=NOON + actions.KEPT + timedelta(hours=1))

    assert deleted == 1
    assert told(asker) == [("answer", new.pk, True)]


def test_a_run_ends_after_its_rounds_and_the_next_goes_on(
    monkeypatch: pytest.MonkeyPatch, asker: Member, helper: Member
) -> None:
    monkeypatch.setattr("notifications.actions.telling.ROUNDS", 1)
    comment(ask(asker, "One"), helper)
    comment(ask(asker, "Two"), helper)

    tell()
    assert len(told(asker)) == 1
    tell()
    assert len(told(asker)) == 2


def test_without_anything_new_no_step_tells(asker: Member) -> None:
    steps = (
        actions.tell_comments,
        actions.tell_mentions,
        actions.tell_polls,
        actions.tell_posts,
    )

    assert [step(now=NOON) for step in steps] == [0, 0, 0, 0]


def test_a_run_deletes_a_bounded_number(
    monkeypatch: pytest.MonkeyPatch, asker: Member, helper: Member
) -> None:
    monkeypatch.setattr("notifications.actions.cleaning.BATCH", 1)
    monkeypatch.setattr("notifications.actions.cleaning.AT_MOST", 1)
    question = ask(asker)
    comment(question, helper, "One")
    comment(question, helper, "Two")
    tell()
    long_after = NOON + actions.KEPT + timedelta(days=1)

    assert actions.forget_old(now=long_after) == 1
    assert actions.forget_old(now=long_after) == 1
    assert actions.forget_old(now=long_after) == 0
