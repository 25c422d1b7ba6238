"""Write down that a step is finished, before a release, a route or a goal can hide it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from members.models import Member
from progress import carrying, tally
from progress.actions.log import log_event
from progress.counting import Standing
from progress.models import Enrollment, Record, StudyEvent


@transaction.atomic
def note_finished_steps(member: Member, *, goal: str, now: datetime) -> None:
    """Write down which steps are finished, before the member's goal becomes `goal`.

    The goal decides which routes count. One query where it is the member's goal
    already, as it mostly is when a form is saved.
    """
    if Member.objects.filter(pk=member.pk, goal=goal).exists():
        return
    enrollments = Enrollment.objects.filter(member=member).select_for_update(
        of=("self",)
    )
    # Read again: a form that was validated has set the new goal on the instance of the
    # page.
    stored = enrollments.with_release().select_related("member").order_by("pk")
    for enrollment in stored:
        note_finished(enrollment, now)


def note_finished(enrollment: Enrollment, now: datetime) -> None:
    standing = tally.standings([enrollment])[enrollment.pk]
    carried = with_finishes(enrollment, standing, now).carried
    if carried != standing.carried:
        enrollment.carried = carried.as_json()
        enrollment.save(update_fields=["carried"])


def with_finishes(
    enrollment: Enrollment, standing: Standing, now: datetime
) -> Standing:
    """The standing with every step that is finished written down, in the log as well."""
    closed_at = _closed_at(enrollment)
    finishes = []
    for step in standing.outline.steps:
        if finish := standing.finish_now(step, closed_at):
            finishes.append((step.key, finish))
            log_event(
                enrollment.member,
                StudyEvent.Kind.STEP_FINISHED,
                now,
                curriculum_id=enrollment.curriculum_id,
                step=str(step.key),
                finish=finish.as_json(),
            )
    if not finishes:
        return standing
    return replace(standing, carried=carrying.with_finish(standing.carried, finishes))


def _closed_at(enrollment: Enrollment) -> Mapping[UUID, datetime]:
    """Activity key to when the member did or skipped it."""
    rows = Record.objects.filter(member=enrollment.member_id)
    dates = rows.values_list("activity_key", "done_at", "skipped_at")
    return {
        key: closed_at
        for key, done_at, skipped_at in dates
        if (closed_at := done_at or skipped_at)
    }
