"""The subject of a thread, as pages name it: a step or a paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from community.models import Post, Thread
from curriculum.models import Release, Step
from lists.cache import TimedCache
from members.audience import EVERYBODY
from papers.models import Paper


@dataclass(frozen=True, slots=True)
class StepRef:
    """A step as a post names it. The number is 0 if its curriculum no longer has it."""

    kind: ClassVar[str] = Thread.Kind.STEP

    key: UUID
    number: int
    title: str
    curriculum_slug: str
    slug: str

    @property
    def url(self) -> str:
        return reverse("curriculum:step", args=[self.curriculum_slug, self.slug])


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper as a post names it."""

    kind: ClassVar[str] = Thread.Kind.PAPER

    arxiv_id: str
    title_html: str

    @property
    def key(self) -> str:
        return self.arxiv_id

    @property
    def url(self) -> str:
        return reverse("papers:paper", args=[self.arxiv_id])


Subject = StepRef | PaperRef


def thread_of(subject: Subject | None) -> Thread:
    """The unsaved thread of `subject`; that of the feed for None."""
    if subject is None:
        return Thread()
    return Thread(kind=subject.kind, key=str(subject.key))


def fields_of(subject: Subject | None) -> dict[str, str]:
    """The subject as form fields or query parameters."""
    return {subject.kind: str(subject.key)} if subject else {}


def all_posts_url(subject: Subject | None) -> str:
    """The URL of the page with all posts of a thread."""
    return f"{reverse('home')}?{urlencode(fields_of(subject))}"


def find_paper(arxiv_id: str) -> PaperRef | None:
    rows = Paper.objects.filter(arxiv_id=arxiv_id)
    row = rows.values_list("arxiv_id", "title_html").first()
    return PaperRef(*row) if row else None


def subject_of(post: Post) -> Subject | None:
    """The subject of a post of `PostQuerySet.with_thread()`. None for a post of the feed,
    and for a step that its curriculum no longer has.
    """
    return subject_named(post.thread.kind, post.thread.key, post.paper_title_html)


def subject_named(kind: str, key: str, paper_title_html: str) -> Subject | None:
    """The subject of a thread of this kind and key; None as for `subject_of`."""
    if kind == Thread.Kind.STEP:
        return steps_by_key().get(UUID(key))
    if kind == Thread.Kind.PAPER and paper_title_html:
        return PaperRef(key, paper_title_html)
    return None


# every member reads every curriculum
STEPS = TimedCache[Mapping[UUID, StepRef]](seconds=60, most=1)


def steps_by_key() -> Mapping[UUID, StepRef]:
    """Every step of the newest releases, by key. Cached in the process for a minute."""
    return STEPS.get(EVERYBODY, ask=_newest_steps)


def find_step(key: UUID) -> StepRef | None:
    """The step of this key; None if there is none.

    One query for a step that its curriculum no longer has: it is read from the draft.
    """
    if step := steps_by_key().get(key):
        return step
    row = Step.objects.select_related("curriculum").filter(key=key).first()
    if row is None:
        return None
    return StepRef(key, 0, row.title, row.curriculum.slug, row.slug)


def _newest_steps() -> dict[UUID, StepRef]:
    documents = Release.objects.newest().values_list(
        "document__curriculum__slug", "document__curriculum__steps"
    )
    found = {}
    for slug, steps in documents:
        for number, step in enumerate(steps or (), 1):
            key = UUID(step["key"])
            found[key] = StepRef(key, number, step["title"], slug, step["slug"])
    return found
