"""The posts and papers from which the digests of one run are chosen.

Posts are read once for each audience. Papers are the same for everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from community.models import Post, PostQuerySet, Thread
from community.models.reactions import COUNTS as REACTION_COUNTS
from community.subjects import StepRef, steps_by_key
from curriculum.outline import Step
from members.audience import Audience
from papers.models import Paper
from papers.relevance import NewPapers, Suggestion, texts_of

QUESTIONS_FROM = timedelta(days=28)
THIS_WEEK = timedelta(days=7)
QUESTION_POOL, POST_POOL = 2000, 200  # candidates in one run
BEFORE_HER = 3
SUGGESTIONS = 20  # papers for a step; a digest takes those that are new to its member


@dataclass(frozen=True, slots=True)
class PoolPost:
    """The facts of a post that are needed to choose it."""

    id: int
    author_id: int
    step_key: UUID | None


@dataclass(slots=True)
class PostPool:
    """The questions and posts that one audience may see.

    The order of questions for a step is computed once.
    """

    questions: Sequence[PoolPost]  # the newest first
    posts: Sequence[PoolPost]  # the liveliest first
    steps: Mapping[UUID, StepRef]
    _ranked: dict[tuple[UUID | None, str], list[PoolPost]] = field(default_factory=dict)

    def questions_for(self, step: Step | None, curriculum: str) -> Sequence[PoolPost]:
        """The questions for a member at `step`: first those of this step, then of earlier
        steps, then of no step. Questions of later steps are left out.
        """
        key = (step.key if step else None, curriculum)
        if key not in self._ranked:
            ranks = {
                post.id: self._rank(post, step, curriculum) for post in self.questions
            }
            behind = [post for post in self.questions if ranks[post.id] < BEFORE_HER]
            self._ranked[key] = sorted(behind, key=lambda post: ranks[post.id])
        return self._ranked[key]

    def _rank(self, post: PoolPost, step: Step | None, curriculum: str) -> int:
        asked_at = self.steps.get(post.step_key) if post.step_key else None
        if step is not None and post.step_key == step.key:
            return 0
        if asked_at is None or asked_at.curriculum_slug != curriculum:
            return 2
        return 1 if step is None or asked_at.number < step.number else BEFORE_HER


@dataclass(slots=True)
class Pool:
    """The posts and papers that a run chooses from."""

    now: datetime
    papers_announced: int
    papers: NewPapers
    _posts: dict[Audience, PostPool] = field(default_factory=dict)
    _suggestions: dict[UUID, list[Suggestion]] = field(default_factory=dict)

    def posts_for(self, audience: Audience) -> PostPool:
        """The posts of an audience. Two queries for each new one, and those for steps."""
        if audience not in self._posts:
            self._posts[audience] = _posts_for(audience, self.now)
        return self._posts[audience]

    def suggestions(
        self, steps: Mapping[UUID, Step]
    ) -> Mapping[UUID, Sequence[Suggestion]]:
        """The suggested papers of each step, by its key.

        One query if there is a step that this run has not asked for before, and one more
        the first time.
        """
        missing = {
            key: texts_of(step)
            for key, step in steps.items()
            if key not in self._suggestions
        }
        if missing:
            self._suggestions |= self.papers.for_steps(missing, SUGGESTIONS)
        return self._suggestions


def pool(now: datetime) -> Pool:
    """The pool of a run at `now`. One query."""
    since = (now - THIS_WEEK).date()
    announced = Paper.objects.announced_since(since).count()
    return Pool(now, announced, NewPapers(since))


def _posts_for(audience: Audience, now: datetime) -> PostPool:
    seen = Post.objects.visible_to_audience(audience)
    asked = (
        seen.open_questions()
        .filter(posted_at__gt=now - QUESTIONS_FROM)
        .order_by("-posted_at", "-pk")
    )
    settled = seen.filter(posted_at__gt=now - THIS_WEEK).exclude(
        pk__in=seen.open_questions().values("pk")
    )
    return PostPool(
        questions=_pool_posts(asked[:QUESTION_POOL]),
        posts=_pool_posts(_by_echo(settled)[:POST_POOL]),
        steps=steps_by_key(),
    )


def _pool_posts(posts: PostQuerySet) -> list[PoolPost]:
    rows = posts.values_list("pk", "author_id", "thread__kind", "thread__key")
    return [
        PoolPost(pk, author_id, UUID(key) if kind == Thread.Kind.STEP else None)
        for pk, author_id, kind, key in rows
    ]


def _by_echo(posts: PostQuerySet) -> PostQuerySet:
    """Order posts by their number of comments and reactions, the largest first."""
    echo = sum(map(F, REACTION_COUNTS), F("comment_count"))
    return posts.annotate(echo=echo).order_by("-echo", "-posted_at", "-pk")
