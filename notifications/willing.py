"""Who could answer a question: members who agreed to be asked and finished its step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from community.mentions import who_may_see
from community.models import Comment, Post, Thread
from curriculum.newest import newest_releases
from curriculum.outline import Step
from lists.batches import batches
from members.models import Member, MemberQuerySet
from notifications.models import Reach, Watch, WatchLevel
from progress.finished import who_finished
from progress.models import Record

APART = timedelta(days=7)  # between two questions that one member is asked about
BATCH = 50
COULD_ANSWER = "could_answer"  # of notifications.reaching.GROUPS


@dataclass(frozen=True, slots=True)
class StepAsked:
    """The step that a question is about, in the newest release of its curriculum."""

    step: Step
    curriculum: int


def step_asked_about(thread: Thread) -> StepAsked | None:
    """The step of a thread, or of its activity; None for other threads,
    and for a step that its curriculum no longer has.
    """
    if thread.kind not in (Thread.Kind.STEP, Thread.Kind.ACTIVITY):
        return None
    key = UUID(thread.key)
    for release in newest_releases():
        for step in release.outline.steps:
            activities = {activity.key for activity in step.every_activity()}
            if key == step.key or key in activities:
                return StepAsked(step, release.curriculum_id)
    return None


def may_be_asked(now: datetime) -> MemberQuerySet:
    """Members who agreed, and were not asked in the last week."""
    rested = Q(asked_at=None) | Q(asked_at__lte=now - APART)
    return Member.objects.active().filter(rested, helps_with_steps=True)


def willing(post: Post, about: StepAsked, now: datetime) -> Iterator[int]:
    """The ids of members who could be asked about a question, those who
    were asked longest ago first, and of these who joined first.

    One query, and a fixed number for each batch that is needed.
    """
    order = F("asked_at").asc(nulls_first=True)
    members = _not_concerned(post, about, now).order_by(order, "pk")
    rows = members.values_list("pk", flat=True).iterator(chunk_size=BATCH)
    for batch in batches(rows, BATCH):
        able = who_finished(about.step.key, about.curriculum, batch)
        able &= who_may_see(post, able)
        yield from (pk for pk in batch if pk in able)


def _not_concerned(post: Post, about: StepAsked, now: datetime) -> MemberQuerySet:
    """Those of `may_be_asked` who did something of the step, and have
    nothing to do with the question: they neither asked nor answered, do
    not mute it, and want to hear of such questions.
    """
    activities = [activity.key for activity in about.step.every_activity()]
    done = Record.objects.filter(
        member=OuterRef("pk"), activity_key__in=activities, done_at__isnull=False
    )
    wrote = Comment.objects.filter(post=post, author=OuterRef("pk"))
    muted = Watch.objects.filter(
        post=post, member=OuterRef("pk"), level=WatchLevel.MUTED
    )
    never = Reach.objects.never().filter(group=COULD_ANSWER, member=OuterRef("pk"))
    members = may_be_asked(now).exclude(pk=post.author_id)
    return members.filter(Exists(done), ~Exists(wrote), ~Exists(muted), ~Exists(never))
