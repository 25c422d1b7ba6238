"""Questions that stay open: who could answer is asked, and who asked is asked once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community import actions as community
from community.models import Comment, Post, PostQuerySet, Thread
from community.tests.make import NOON, make_comment, make_post, make_question
from curriculum.models import Curriculum
from members.models import Member
from members.tests.make import make_member
from notifications import actions, tasks
from notifications.actions import questions
from notifications.actions.questions import look_after_questions
from notifications.announcements import ReadState
from notifications.listed import page
from notifications.models import Notification, OpenQuestion
from notifications.tests.make import comment, tell, told
from notifications.willing import step_asked_about
from progress.actions import enroll, mark_done
from progress.tests.make import key, make_curriculum

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AGO = NOON - timedelta(days=60)
DUE = NOON + 2 * DAY
START = key("start")
pytestmark = pytest.mark.django_db


@pytest.fixture
def curriculum() -> Curriculum:
    return make_curriculum()


@pytest.fixture
def asker() -> Member:
    return make_member("Asker", joined_at=LONG_AGO)


def ask(asker: Member, step: UUID | None = START, **values: Any) -> Post:
    """A question about a step, that was told of."""
    values = {"posted_at": NOON, "to_tell": True, **values}
    post = make_question(asker, step_key=step, **values)
    tell(values["posted_at"] + HOUR)
    return post


def finisher(
    curriculum: Curriculum, name: str = "Kofi", *done: str, **values: Any
) -> Member:
    """A member who agreed, and has done these activities; those of the first step if none
    is named.
    """
    fields = {"joined_at": LONG_AGO, "helps_with_steps": True, **values}
    member = make_member(name, **fields)
    enroll(member, curriculum, now=LONG_AGO)
    for title in done or ("A", "B"):
        mark_done(member, key(title), now=LONG_AGO)
    return member


def offered() -> set[str]:
    rows = Notification.objects.filter(kind="could_answer")
    return set(rows.values_list("member__name", flat=True))


# Offering


def test_a_question_of_two_days_is_offered_to_who_finished_its_step(
    curriculum: Curriculum, asker: Member
) -> None:
    kofi = finisher(curriculum)
    post = ask(asker)

    assert look_after_questions(now=DUE - HOUR) == 0
    assert look_after_questions(now=DUE) == 1
    assert look_after_questions(now=DUE) == 0

    assert told(kofi) == [("could_answer", None, True)]
    kofi.refresh_from_db()
    assert kofi.asked_at == DUE
    question = OpenQuestion.objects.get()
    assert (question.post, question.offer_at, question.offered_at) == (post, None, DUE)


def test_the_task_does_the_same(curriculum: Curriculum, asker: Member) -> None:
    now = datetime.now(NOON.tzinfo)
    finisher(curriculum)
    ask(asker, posted_at=now - 3 * DAY)

    assert tasks.look_after_questions() == 1
    assert offered() == {"Kofi"}


def test_three_are_asked_at_most_and_who_was_asked_longest_ago_first(
    curriculum: Curriculum, asker: Member
) -> None:
    for name, days in [("A", 10), ("B", 30), ("C", None), ("D", 20), ("E", 8)]:
        asked_at = None if days is None else DUE - days * DAY
        finisher(curriculum, name, asked_at=asked_at)
    ask(asker)

    look_after_questions(now=DUE)

    assert offered() == {"C", "B", "D"}


def test_nobody_is_asked_twice_within_a_week(
    curriculum: Curriculum, asker: Member
) -> None:
    finisher(curriculum)
    ask(asker)
    second = ask(asker, posted_at=NOON + DAY)

    look_after_questions(now=DUE)
    for hours in range(24, 7 * 24 + 25):
        look_after_questions(now=DUE + hours * HOUR)

    rows = Notification.objects.filter(kind="could_answer").order_by("happened_at")
    first_at, second_at = rows.values_list("happened_at", flat=True)
    assert second_at - first_at >= 7 * DAY
    assert OpenQuestion.objects.get(post=second).offered_at == second_at


def test_a_question_for_which_nobody_is_found_is_given_up_after_two_weeks(
    curriculum: Curriculum, asker: Member
) -> None:
    ask(asker)
    looks = [
        look_after_questions(now=DUE + hours * HOUR) for hours in range(0, 15 * 24, 12)
    ]

    assert sum(looks) == 13  # once a day, and once to give it up
    assert OpenQuestion.objects.get().offer_at is None
    finisher(curriculum)
    assert look_after_questions(now=NOON + 15 * DAY) == 0


def not_agreed(post: Post, kofi: Member) -> None:
    Member.objects.filter(pk=kofi.pk).update(helps_with_steps=False)


def suspended(post: Post, kofi: Member) -> None:
    Member.objects.filter(pk=kofi.pk).update(is_active=False)


def wrote(post: Post, kofi: Member) -> None:
    answer = make_comment(post, make_member("Wei"))
    make_comment(post, kofi, parent=answer)
    Comment.objects.filter(pk=answer.pk).update(removed_at=NOON)


def mutes(post: Post, kofi: Member) -> None:
    actions.watch(kofi, post, "muted", now=NOON)


def never_wants(post: Post, kofi: Member) -> None:
    actions.choose_ways(kofi, {"could_answer": "never"}, now=NOON)


def was_asked(post: Post, kofi: Member) -> None:
    Member.objects.filter(pk=kofi.pk).update(asked_at=DUE - 7 * DAY + HOUR)


def withdrew(post: Post, kofi: Member) -> None:
    kofi.enrollments.update(withdrawn_at=NOON)


@pytest.mark.parametrize(
    "how",
    [not_agreed, suspended, wrote, mutes, never_wants, was_asked, withdrew],
    ids=lambda how: how.__name__,
)
def test_who_is_not_asked(how: Any, curriculum: Curriculum, asker: Member) -> None:
    kofi = finisher(curriculum)
    post = ask(asker)
    how(post, kofi)

    look_after_questions(now=DUE)

    assert offered() == set()


def test_who_asked_or_is_not_through_the_step_is_not_asked(
    curriculum: Curriculum,
) -> None:
    asker = finisher(curriculum, "Asker")
    finisher(curriculum, "Halfway", "A")
    finisher(curriculum, "Elsewhere", "Common")
    make_member("Not enrolled", helps_with_steps=True)
    ask(asker)

    look_after_questions(now=DUE)

    assert offered() == set()


def test_what_is_hidden_from_a_member_is_not_offered_to_them(
    curriculum: Curriculum, asker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    kofi, _wei = finisher(curriculum), finisher(curriculum, "Wei")
    post = ask(asker)
    hidden = {kofi.pk: {post.pk}}
    monkeypatch.setattr(PostQuerySet, "hidden_from", lambda self, _members: hidden)

    look_after_questions(now=DUE)

    assert offered() == {"Wei"}


def answered(post: Post) -> None:
    make_comment(post, make_member("Wei"))


def accepted(post: Post) -> None:
    answer = make_comment(post, make_member("Wei"))
    Post.objects.filter(pk=post.pk).update(accepted_comment=answer)


def removed(post: Post) -> None:
    Post.objects.filter(pk=post.pk).update(removed_at=NOON)


def joined(post: Post) -> None:
    other = make_question(post.author)
    Post.objects.filter(pk=post.pk).update(joined_to=other)


def of_a_step_that_is_gone(post: Post) -> None:
    Thread.objects.filter(pk=post.thread_id).update(key=str(key("gone")))


@pytest.mark.parametrize(
    "how",
    [answered, accepted, removed, joined, of_a_step_that_is_gone],
    ids=lambda how: how.__name__,
)
def test_which_questions_are_not_offered(
    how: Any, curriculum: Curriculum, asker: Member
) -> None:
    finisher(curriculum)
    how(ask(asker))

    look_after_questions(now=DUE)
    look_after_questions(now=DUE + DAY)

    assert offered() == set()


def test_only_questions_about_steps_are_noted(
    curriculum: Curriculum, asker: Member
) -> None:
    ask(asker, step=None)
    make_post(asker, step_key=START, posted_at=NOON, to_tell=True)
    tell(NOON + HOUR)

    assert not OpenQuestion.objects.exists()


def test_questions_from_before_are_not_offered(
    curriculum: Curriculum, asker: Member
) -> None:
    finisher(curriculum)
    make_question(asker, step_key=START, posted_at=NOON)
    tell(NOON + HOUR)

    assert look_after_questions(now=DUE) == 0
    assert offered() == set()


def test_a_question_in_the_thread_of_an_activity_is_of_its_step(
    curriculum: Curriculum,
) -> None:
    threads = {
        kind: Thread(kind=kind, key=str(of))
        for kind, of in [("activity", key("B1")), ("step", key("deep"))]
    }

    found = {kind: step_asked_about(thread) for kind, thread in threads.items()}

    for about in found.values():
        assert about
        assert (about.step.key, about.curriculum) == (key("deep"), curriculum.pk)
    assert step_asked_about(Thread()) is None


def shown_to(member: Member, now: datetime) -> list[str]:
    state = ReadState.of(member, None, None)
    return [each.kind for each in page(member, state, now=now).shown]


def test_an_offer_ends_where_an_answer_is_accepted(
    curriculum: Curriculum, asker: Member
) -> None:
    kofi = finisher(curriculum)
    post = ask(asker)
    look_after_questions(now=DUE)
    assert shown_to(kofi, DUE) == ["could_answer"]

    answer = comment(post, make_member("Wei"), now=DUE)
    community.accept_answer(answer, by=asker, now=DUE)

    assert shown_to(kofi, DUE) == []


# Asking whether an answer helped


def test_who_asked_is_asked_once_two_days_after_the_first_answer(
    curriculum: Curriculum, asker: Member
) -> None:
    post = ask(asker, step=None)
    comment(post, make_member("Wei"), now=NOON + DAY)
    comment(post, make_member("Kofi"), now=NOON + 2 * DAY)
    tell(NOON + 2 * DAY)

    assert look_after_questions(now=NOON + 3 * DAY - HOUR) == 0
    assert look_after_questions(now=NOON + 3 * DAY) == 1
    comment(post, make_member("Noor"), now=NOON + 3 * DAY)
    tell(NOON + 3 * DAY)
    assert look_after_questions(now=NOON + 9 * DAY) == 0

    asked = [row for row in told(asker) if row[0] == "helped"]
    assert asked == [("helped", None, True)]


def solved_it(post: Post, answer: Comment) -> None:
    comment(post, post.author, "Solved: the last layer.", now=NOON + HOUR)


def accepted_it(post: Post, answer: Comment) -> None:
    community.accept_answer(answer, by=post.author, now=NOON)


def muted_it(post: Post, answer: Comment) -> None:
    actions.watch(post.author, post, "muted", now=NOON)


def removed_it(post: Post, answer: Comment) -> None:
    community.remove_post(post, by=post.author, now=NOON)


def took_back_the_answer(post: Post, answer: Comment) -> None:
    community.remove_comment(answer, by=answer.author, now=NOON)


def was_suspended(post: Post, answer: Comment) -> None:
    Member.objects.filter(pk=post.author_id).update(is_active=False)


@pytest.mark.parametrize(
    "how",
    [
        solved_it,
        accepted_it,
        muted_it,
        removed_it,
        took_back_the_answer,
        was_suspended,
    ],
    ids=lambda how: how.__name__,
)
def test_when_it_is_not_asked(how: Any, asker: Member) -> None:
    post = ask(asker, step=None)
    answer = comment(post, make_member("Wei"), now=NOON)
    tell(NOON + HOUR)
    how(post, answer)

    look_after_questions(now=DUE)
    look_after_questions(now=DUE + 9 * DAY)

    assert "helped" not in [kind for kind, _comment, _unread in told(asker)]


def test_where_the_first_answer_was_removed_the_next_one_counts(asker: Member) -> None:
    post = ask(asker, step=None)
    first = comment(post, make_member("Wei"), now=NOON)
    comment(post, make_member("Kofi"), now=NOON + DAY)
    tell(NOON + DAY)
    community.remove_comment(first, by=first.author, now=NOON + DAY)

    look_after_questions(now=DUE)
    assert "helped" not in [row[0] for row in told(asker)]
    look_after_questions(now=DUE + DAY)

    assert "helped" in [row[0] for row in told(asker)]


def test_an_answer_to_a_question_that_had_some_before_asks_nothing(
    asker: Member,
) -> None:
    post = make_question(asker, posted_at=LONG_AGO)
    make_comment(post, make_member("Wei"))
    Comment.objects.update(to_tell=False)
    comment(post, make_member("Kofi"), now=NOON)
    tell(NOON + HOUR)

    assert not OpenQuestion.objects.exists()


def test_a_comment_of_who_asked_and_a_reply_are_no_answers(asker: Member) -> None:
    post = ask(asker, step=None)
    mine = comment(post, asker, now=NOON)
    comment(post, make_member("Wei"), parent=mine, now=NOON)
    comment(make_post(asker), make_member("Kofi"), now=NOON)
    tell(NOON + HOUR)

    assert not OpenQuestion.objects.exists()


# Costs


def test_a_tick_with_nothing_due_is_two_looks(
    curriculum: Curriculum, asker: Member
) -> None:
    finisher(curriculum)
    ask(asker)

    with CaptureQueriesContext(connection) as queries:
        assert look_after_questions(now=NOON + DAY) == 0

    assert len(queries) == 2
    assert all("notifications_openquestion" in each["sql"] for each in queries)


@pytest.mark.parametrize("field", ["offer", "ask"])
def test_each_look_is_at_an_index(field: str) -> None:
    due = OpenQuestion.objects.filter(**{f"{field}_at__lte": NOON})

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = due.order_by(f"{field}_at", "pk").explain()

    assert f"open_question_to_{field}" in plan


def test_offers_ask_the_same_number_of_queries_for_one_and_for_nine(
    curriculum: Curriculum, asker: Member
) -> None:
    counts = []
    for number in (3, 9):
        Member.objects.update(helps_with_steps=False)
        for n in range(number):
            finisher(curriculum, f"M{number}.{n}")
        ask(asker)
        with CaptureQueriesContext(connection) as queries:
            look_after_questions(now=DUE)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_question_that_another_run_has_in_hand_is_left_to_it(
    curriculum: Curriculum, asker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(asker)
    monkeypatch.setattr(questions, "_next", lambda *given: False)

    assert look_after_questions(now=DUE) == 0


def test_where_all_are_locked_nothing_is_done(asker: Member) -> None:
    assert not questions._next(OpenQuestion.objects.none(), questions._offer, DUE)


def test_a_run_ends_after_its_rounds_and_the_next_goes_on(
    curriculum: Curriculum, asker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(asker)
    ask(asker, posted_at=NOON - HOUR)
    monkeypatch.setattr(questions, "ROUNDS", 1)

    assert [look_after_questions(now=DUE) for _run in range(3)] == [1, 1, 0]
