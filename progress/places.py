"""Where a page is: a step of the release that the member stands on, or of the newest one before she enrols."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404

from curriculum.models import Curriculum, Release
from curriculum.outline import Activity, Outline, Step
from members.models import Member
from progress.counting import Standing
from progress.models import Enrollment, LoggedTime, Record, RouteChoice


@dataclass(frozen=True, slots=True)
class Place:
    curriculum: Curriculum
    release: Release
    step: Step
    member: Member | None
    enrollment: Enrollment | None  # None for visitors, and before she enrols; a withdrawn one stays here

    @property
    def outline(self) -> Outline:
        return self.release.outline

    @property
    def is_enrolled(self) -> bool:
        return self.enrollment is not None and self.enrollment.withdrawn_at is None

    @property
    def previous(self) -> Step | None:
        return next((step for step in self.outline.steps if step.number == self.step.number - 1), None)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.outline.steps if step.number == self.step.number + 1), None)

    def activity(self, key: UUID) -> Activity:
        """Raises Http404 when the step has no such activity."""
        found = next((activity for activity in self.step.every_activity() if activity.key == key), None)
        if found is None:
            raise Http404
        return found


def find(member: Member | None, slug: str, step_slug: str) -> Place:
    """One query for a member who is enrolled, two otherwise. Raises Http404.

    A retired curriculum stays open to those who are enrolled in it.
    """
    enrollment = _enrollment(member, slug) if member else None
    release = enrollment.release if enrollment else _newest(slug)
    curriculum = enrollment.curriculum if enrollment else release.curriculum
    step = release.outline.step_by_slug(step_slug)
    if step is None:
        raise Http404
    return Place(curriculum, release, step, member, enrollment)


def _enrollment(member: Member, slug: str) -> Enrollment | None:
    later = Enrollment.objects.current().filter(member=OuterRef("member"), visited_at__gt=OuterRef("visited_at"))
    found = Enrollment.objects.filter(member=member, curriculum__slug=slug).annotate(is_newest=~Exists(later))
    enrollment = found.with_release().first()
    if enrollment:
        enrollment.member = member
    return enrollment


def _newest(slug: str) -> Release:
    release = Release.objects.newest().light().select_related("curriculum").filter(curriculum__slug=slug).first()
    if release is None:
        raise Http404
    return release


def records_at(place: Place) -> dict[UUID, Record]:
    """What the member has made of the step's activities. One query."""
    keys = {activity.key for activity in place.step.every_activity()}
    rows = Record.objects.filter(member=place.member, activity_key__in=keys)
    return {row.activity_key: row for row in rows}


def standing_at(place: Place, records: Mapping[UUID, Record]) -> Standing:
    """Enough to tally this one step. One query where the step forks and she is enrolled."""
    chosen: dict[UUID, list[UUID]] = {}
    if place.enrollment and place.step.routes:
        choices = RouteChoice.objects.filter(enrollment=place.enrollment, step_key=place.step.key)
        keys = choices.order_by("chosen_at", "pk").values_list("route_key", flat=True)
        chosen[place.step.key] = list(keys)
    marks = {key: mark for key, record in records.items() if (mark := record.mark)}
    return Standing(place.outline, marks, chosen, place.member.goal if place.member else "")


def logged_at(place: Place) -> list[LoggedTime]:
    """The member's minutes at this step, newest first. One query."""
    rows = LoggedTime.objects.counted().filter(member=place.member, step_key=place.step.key)
    return list(rows.order_by("-studied_on", "-pk"))


def days(logged: list[LoggedTime], today: date, most: int = 6) -> list[LoggedTime]:
    """Those of today, and earlier ones up to `most` in all."""
    return [entry for n, entry in enumerate(logged) if n < most or entry.studied_on == today]
