"""Questions that stay open: others are asked about them, and their authors
whether an answer helped.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from community import kinds
from community.mentions import who_may_see
from community.models import Comment, Post, Thread
from notifications.actions.rows import muted, store
from notifications.models import Notification, OpenQuestion
from notifications.willing import may_be_asked, step_asked_about, willing

OPEN_FOR = timedelta(days=2)
OFFERED_WITHIN = timedelta(days=14)
AGAIN = timedelta(days=1)  # where nobody could be asked
MOST = 3  # members who are asked about one question
ROUNDS = 1_000  # questions in a run; the next run goes on
ABOUT_STEPS = (Thread.Kind.STEP, Thread.Kind.ACTIVITY)
Kind = Notification.Kind


def note_questions(posts: Iterable[tuple[int, str, str, datetime]]) -> None:
    """Note when to offer new questions about steps to others. `posts` are
    id, kind, kind of thread and moment.
    """
    OpenQuestion.objects.bulk_create(
        [
            OpenQuestion(post_id=pk, offer_at=posted_at + OPEN_FOR)
            for pk, kind, thread, posted_at in posts
            if kinds.of(kind).accepts_answers and thread in ABOUT_STEPS
        ],
        ignore_conflicts=True,
    )


def note_answer(post: int, answered_at: datetime) -> None:
    """Note when to ask the author of a question whether its first answer helped."""
    new = OpenQuestion(post_id=post)
    OpenQuestion.objects.bulk_create([new], ignore_conflicts=True)
    unasked = OpenQuestion.objects.filter(post=post, ask_at=None, asked_at=None)
    unasked.update(ask_at=answered_at + OPEN_FOR)


def look_after_questions(*, now: datetime) -> int:
    """Do what is due for open questions, one in a transaction. Return how
    many it was.

    Any number of these may run at once, as `tell_everything`.
    """
    count = 0
    for name, step in (("offer_at", _offer), ("ask_at", _ask)):
        due = OpenQuestion.objects.filter(**{f"{name}__lte": now}).order_by(name, "pk")
        for _round in range(ROUNDS):
            if not due.exists() or not _next(due, step, now):
                break
            count += 1
    return count


@transaction.atomic
def _next(due: QuerySet[OpenQuestion], step: Any, now: datetime) -> bool:
    """Whether there was one that no other run is at."""
    locked = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    question = locked.select_related("post__thread").first()
    if question is None:
        return False
    step(question, now)
    question.save(update_fields=["offer_at", "offered_at", "ask_at", "asked_at"])
    return True


def _is_open(post: Post) -> bool:
    return (
        post.removed_at is None
        and post.accepted_comment_id is None
        and post.joined_to_id is None
    )


def _answers(post: Post) -> QuerySet[Comment]:
    """Answers to a question, also those by who asked."""
    return Comment.objects.filter(post=post, parent=None, removed_at=None)


def _offer(question: OpenQuestion, now: datetime) -> None:
    """Offer a question to those who could answer it: once. Where nobody
    may be asked today, it is tried again for two weeks.
    """
    post, question.offer_at = question.post, None
    about = step_asked_about(post.thread)
    is_late = post.posted_at <= now - OFFERED_WITHIN
    if about is None or is_late or not _is_open(post) or _answers(post).exists():
        return
    asked = list(
        islice((pk for pk in willing(post, about, now) if _claim(pk, now)), MOST)
    )
    if not asked:
        question.offer_at = now + AGAIN
        return
    question.offered_at = now
    store(_told(post, member, Kind.COULD_ANSWER, now) for member in asked)


def _claim(member: int, now: datetime) -> bool:
    """Whether this run is the one that asks the member: of two at once one is."""
    return may_be_asked(now).filter(pk=member).update(asked_at=now) == 1


def _ask(question: OpenQuestion, now: datetime) -> None:
    """Ask who asked whether an answer helped: once, two days after the
    first answer.

    Not if they accepted one, wrote an answer of their own, or mute it.
    """
    post, question.ask_at = question.post, None
    answers = _answers(post).order_by("pk").values_list("author", "commented_at")
    by_others = [moment for author, moment in answers if author != post.author_id]
    if not _is_open(post) or not by_others or len(by_others) < len(answers):
        return
    if by_others[0] > now - OPEN_FOR:  # an earlier one was removed
        question.ask_at = by_others[0] + OPEN_FOR
        return
    author = post.author_id
    question.asked_at = now
    if who_may_see(post, [author]) and not muted([(post.pk, author)]):
        store([_told(post, author, Kind.HELPED, now)])


def _told(post: Post, member: int, kind: str, now: datetime) -> Notification:
    return Notification(post=post, member_id=member, kind=kind, happened_at=now)
