"""The subject of a thread, as pages name it: a step, an activity, a resource or a paper."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from community.models import Post, Thread
from curriculum.models import Activity, Release, Resource, Step
from curriculum.newest import newest_releases
from curriculum.outline import Outline
from curriculum.outline import Step as OutlinedStep
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
    # for lists of all steps; empty elsewhere
    curriculum_title: str = field(default="", compare=False)

    @property
    def url(self) -> str:
        return reverse("curriculum:step", args=[self.curriculum_slug, self.slug])


@dataclass(frozen=True, slots=True)
class ActivityRef:
    """An activity as a post names it, at the first step that has it. The number of the
    step is 0 if the curriculum no longer has it.
    """

    kind: ClassVar[str] = Thread.Kind.ACTIVITY

    key: UUID
    title: str
    is_exercise: bool
    number: int
    step_key: UUID
    curriculum_slug: str
    slug: str  # of the step

    @property
    def url(self) -> str:
        return reverse(
            "progress:row_menu", args=[self.curriculum_slug, self.slug, self.key]
        )


@dataclass(frozen=True, slots=True)
class ResourceRef:
    """A resource as a post names it."""

    kind: ClassVar[str] = Thread.Kind.RESOURCE

    key: int
    title: str
    slug: str

    @property
    def url(self) -> str:
        return reverse("curriculum:resource", args=[self.slug])


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


Subject = StepRef | ActivityRef | ResourceRef | PaperRef


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


def subject_of(post: Post, followed: Outline | None = None) -> Subject | None:
    """The subject of a post of `PostQuerySet.with_thread()`. None for a post of the feed,
    and for a step or an activity that its curriculum no longer has. `followed`: as for
    `subject_named`.
    """
    return subject_named(
        post.thread.kind, post.thread.key, post.paper_title_html, followed
    )


def subject_named(
    kind: str, key: str, paper_title_html: str, followed: Outline | None = None
) -> Subject | None:
    """The subject of a thread of this kind and key; None as for `subject_of`.

    `followed` is the release that the reader follows, in which a step may have another
    number and name than in the newest one.
    """
    if kind == Thread.Kind.STEP:
        step = UUID(key)
        return _followed_step(step, followed) or steps_by_key().get(step)
    if kind == Thread.Kind.ACTIVITY:
        activity = UUID(key)
        return _followed_activity(activity, followed) or activities_by_key().get(
            activity
        )
    if kind == Thread.Kind.RESOURCE:
        return resources_by_key().get(int(key))
    if kind == Thread.Kind.PAPER and paper_title_html:
        return PaperRef(key, paper_title_html)
    return None


def _followed_step(key: UUID, followed: Outline | None) -> StepRef | None:
    step = followed.step_by_key(key) if followed else None
    if followed is None or step is None:
        return None
    return StepRef(key, step.number, step.title, followed.slug, step.slug)


def _followed_activity(key: UUID, followed: Outline | None) -> ActivityRef | None:
    step = followed.step_of(key) if followed else None
    if followed is None or step is None:
        return None
    return next(each for each in activities_of(step, followed.slug) if each.key == key)


def activities_of(step: OutlinedStep, curriculum_slug: str) -> Iterator[ActivityRef]:
    """The activities of a step; one that is on two routes comes twice."""
    for activity in step.every_activity():
        yield ActivityRef(
            key=activity.key,
            title=activity.title,
            is_exercise=activity.do == Activity.Do.EXERCISE,
            number=step.number,
            step_key=step.key,
            curriculum_slug=curriculum_slug,
            slug=step.slug,
        )


# every member reads every curriculum
STEPS = TimedCache[Mapping[UUID, StepRef]](seconds=60, most=1)
ACTIVITIES = TimedCache[Mapping[UUID, ActivityRef]](seconds=60, most=1)
RESOURCES = TimedCache[Mapping[int, ResourceRef]](seconds=60, most=1)


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


def activities_by_key() -> Mapping[UUID, ActivityRef]:
    """Every activity of the newest releases, by key. Cached in the process for a minute."""
    return ACTIVITIES.get(EVERYBODY, ask=_newest_activities)


def find_activity(key: UUID) -> ActivityRef | None:
    """The activity of this key; None if there is none.

    One query for an activity that its curriculum no longer has: it is read from the draft.
    """
    if activity := activities_by_key().get(key):
        return activity
    row = Activity.objects.select_related("step__curriculum").filter(key=key).first()
    if row is None:
        return None
    return ActivityRef(
        key=key,
        title=row.title,
        is_exercise=row.do == Activity.Do.EXERCISE,
        number=0,
        step_key=row.step.key,
        curriculum_slug=row.step.curriculum.slug,
        slug=row.step.slug,
    )


def resources_by_key() -> Mapping[int, ResourceRef]:
    """Every resource by its id. Cached in the process for a minute."""
    return RESOURCES.get(EVERYBODY, ask=_all_resources)


def find_resource(key: int) -> ResourceRef | None:
    row = Resource.objects.filter(pk=key).values_list("pk", "title", "slug").first()
    return ResourceRef(*row) if row else None


def _all_resources() -> dict[int, ResourceRef]:
    rows = Resource.objects.values_list("pk", "title", "slug")
    return {row[0]: ResourceRef(*row) for row in rows}


def _newest_activities() -> dict[UUID, ActivityRef]:
    found: dict[UUID, ActivityRef] = {}
    for release in newest_releases():
        for step in release.outline.steps:
            for activity in activities_of(step, release.curriculum.slug):
                found.setdefault(activity.key, activity)
    return found


def _newest_steps() -> dict[UUID, StepRef]:
    documents = Release.objects.newest().values_list(
        "document__curriculum__slug",
        "document__curriculum__title",
        "document__curriculum__steps",
    )
    found = {}
    for slug, title, steps in documents:
        for number, step in enumerate(steps or (), 1):
            key = UUID(step["key"])
            found[key] = StepRef(key, number, step["title"], slug, step["slug"], title)
    return found
