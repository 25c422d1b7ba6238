"""Marks of a whole step: each one press, which is taken back as one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from curriculum.outline import Step
from progress import tally
from progress.actions import records
from progress.actions.marks import shortened
from progress.models import Enrollment, StudyEvent
from progress.replay import Press


def mark_step_done(enrollment: Enrollment, step: Step, *, now: datetime) -> list[UUID]:
    """Mark every open core activity that counts in the step done; skipped ones stay."""
    return _mark_step(enrollment, step, Press("done", step=str(step.key)), now)


def skip_step(
    enrollment: Enrollment, step: Step, *, now: datetime, reason: str = ""
) -> list[UUID]:
    """Skip every open core activity that counts in the step; done ones stay done."""
    press = Press("skipped", reason=shortened(reason), step=str(step.key))
    return _mark_step(enrollment, step, press, now)


@transaction.atomic
def undo_step(enrollment: Enrollment, step: Step, *, now: datetime) -> list[UUID]:
    """Take back the newest press that closed this step; marks made one by one stay."""
    keys = list({activity.key for activity in step.every_activity()})
    press_id = _newest_press(enrollment, step, keys)
    if press_id is None:
        return []
    return records.take_back(
        enrollment.member,
        keys,
        lambda history: history.newest_press_id == press_id,
        now=now,
        curriculum=enrollment.curriculum,
    )


def _newest_press(enrollment: Enrollment, step: Step, keys: list[UUID]) -> UUID | None:
    """The newest press that closed the whole step, of those not taken back."""
    pasts = records.histories(enrollment.member, keys).values()
    presses = [
        past.newest_press_id
        for past in pasts
        if past.newest_press_id and past.closed_step == str(step.key)
    ]
    events = StudyEvent.objects.filter(member=enrollment.member, press_id__in=presses)
    return events.order_by("-pk").values_list("press_id", flat=True).first()


def _mark_step(
    enrollment: Enrollment, step: Step, press: Press, now: datetime
) -> list[UUID]:
    standing = tally.standings([enrollment])[enrollment.pk]
    keys = [activity.key for activity in standing.open_core(step)]
    return records.mark(
        enrollment.member, keys, press, now=now, curriculum=enrollment.curriculum
    )
