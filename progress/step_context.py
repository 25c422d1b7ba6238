"""The step that a page shows: of the release that the member follows, or of the newest
release if the member is not enrolled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from curriculum.models import Curriculum, Release
from curriculum.newest import newest_release
from curriculum.outline import Activity, Outline, Step
from members.models import Member
from progress import facts
from progress.carrying import Carried
from progress.checklist import StepPage
from progress.counting import Standing
from progress.facts import LoggedRow, RecordRow
from progress.models import Enrollment


class NotHere(Exception):
    """There is no such curriculum, step or activity."""


@dataclass(frozen=True, slots=True)
class StepContext:
    curriculum: Curriculum
    release: Release
    step: Step
    member: Member | None
    # None for visitors and for members who never enrolled; may be a withdrawn one
    enrollment: Enrollment | None
    # whether no other current enrolment of the member was visited later
    is_newest: bool = False

    @property
    def outline(self) -> Outline:
        return self.release.outline

    @property
    def is_enrolled(self) -> bool:
        return self.enrollment is not None and self.enrollment.withdrawn_at is None

    @property
    def page(self) -> StepPage:
        return StepPage(
            self.curriculum.slug, self.step.slug, is_member=self.member is not None
        )

    @property
    def previous(self) -> Step | None:
        return self._step_numbered(self.step.number - 1)

    @property
    def next(self) -> Step | None:
        return self._step_numbered(self.step.number + 1)

    def activity(self, key: UUID) -> Activity:
        """Raises NotHere when the step has no such activity."""
        for activity in self.step.every_activity():
            if activity.key == key:
                return activity
        raise NotHere

    def _step_numbered(self, number: int) -> Step | None:
        steps = (step for step in self.outline.steps if step.number == number)
        return next(steps, None)


def step_context(
    member: Member | None,
    slug: str,
    step_slug: str,
    current: Enrollment | None = None,
) -> StepContext:
    """The context of a step's page. `current` is the enrolment visited last.

    No query if `current` is of this curriculum, one if the member is enrolled in it, two
    otherwise. Raises NotHere. Members who are enrolled in a retired curriculum can still
    open it.
    """
    enrollment = current
    is_newest = current is not None and current.curriculum.slug == slug
    if not is_newest:
        enrollment = _enrollment(member, slug) if member else None
        is_newest = getattr(enrollment, "is_newest", False)
    release = enrollment.release if enrollment else _newest_release(slug)
    curriculum = enrollment.curriculum if enrollment else release.curriculum
    step = release.outline.step_by_slug(step_slug)
    if step is None:
        raise NotHere
    return StepContext(
        curriculum,
        release,
        step,
        member,
        enrollment,
        is_newest=is_newest,
    )


def _enrollment(member: Member, slug: str) -> Enrollment | None:
    later = Enrollment.objects.current().filter(
        member=OuterRef("member"), visited_at__gt=OuterRef("visited_at")
    )
    enrollments = Enrollment.objects.filter(member=member, curriculum__slug=slug)
    annotated = enrollments.annotate(is_newest=~Exists(later))
    enrollment = annotated.with_release().first()
    if enrollment:
        enrollment.member = member
    return enrollment


def _newest_release(slug: str) -> Release:
    release = newest_release(slug)
    if release is None:
        raise NotHere
    return release


def records_at(context: StepContext) -> dict[UUID, RecordRow]:
    """What the member has made of the step's activities. One query; none for a visitor."""
    if context.member is None:
        return {}
    keys = {activity.key for activity in context.step.every_activity()}
    return {row.activity_key: row for row in facts.records(context.member, keys)}


def standing_at(context: StepContext, records: Mapping[UUID, RecordRow]) -> Standing:
    """The standing for a tally of this one step. One query if the member is enrolled and
    the step has routes.
    """
    marks = {key: mark for key, record in records.items() if (mark := record.mark)}
    enrollment = context.enrollment
    return Standing(
        context.outline,
        marks,
        _chosen_routes(context),
        context.member.goal if context.member else "",
        Carried.from_json(enrollment.carried if enrollment else {}),
    )


def _chosen_routes(context: StepContext) -> dict[UUID, list[UUID]]:
    """Step key to the keys of its chosen routes, first chosen first."""
    if not (context.enrollment and context.step.routes):
        return {}
    rows = facts.choices(enrollment=context.enrollment)
    return facts.chosen_routes(rows).get(context.enrollment.pk, {})


def newest_days(
    logged: Sequence[LoggedRow], today: date, most: int = 6
) -> list[LoggedRow]:
    """Those of today, and earlier ones up to `most` in all."""
    return [
        entry for n, entry in enumerate(logged) if n < most or entry.studied_on == today
    ]
