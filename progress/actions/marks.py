"""Marks of one activity: started, done, skipped, to revisit, and these taken back.

Each returns the keys of the activities that it changed: this one, or none.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.models import Curriculum
from members.models import Member
from progress.actions import records
from progress.actions.log import log_event
from progress.actions.minutes import TimeSpent, log_time_spent
from progress.actions.refusals import BadConfidence
from progress.models import Record, StudyEvent
from progress.replay import Press
from text.typed import clean_line

Kind = StudyEvent.Kind
LONGEST_REASON = 200


def mark_started(
    member: Member,
    activity_key: UUID,
    *,
    now: datetime,
    curriculum: Curriculum | None = None,
) -> list[UUID]:
    return records.mark(
        member, [activity_key], Press("started"), now=now, curriculum=curriculum
    )


def mark_done(
    member: Member,
    activity_key: UUID,
    *,
    now: datetime,
    confidence: int | None = None,
    curriculum: Curriculum | None = None,
    minutes: TimeSpent | None = None,
) -> list[UUID]:
    """Mark the activity done, and log the minutes that it took.

    Raises BadConfidence when the confidence is not 1 to 4, and BadMinutes; then neither
    is written.
    """
    if confidence is not None and confidence not in Record.Confidence.values:
        raise BadConfidence(_("Confidence is between 1 and 4."))
    press = Press("done", confidence=confidence)
    if minutes is None:
        return records.mark(
            member, [activity_key], press, now=now, curriculum=curriculum
        )
    with transaction.atomic():
        changed = records.mark(
            member, [activity_key], press, now=now, curriculum=curriculum
        )
        log_time_spent(member, activity_key, minutes, now=now)
    return changed


def mark_skipped(
    member: Member,
    activity_key: UUID,
    *,
    now: datetime,
    reason: str = "",
    curriculum: Curriculum | None = None,
) -> list[UUID]:
    press = Press("skipped", reason=shortened(reason))
    return records.mark(member, [activity_key], press, now=now, curriculum=curriculum)


@records.tried_twice
@transaction.atomic
def mark_revisit(
    member: Member,
    activity_key: UUID,
    *,
    now: datetime,
    flag: bool = True,
    curriculum: Curriculum | None = None,
) -> list[UUID]:
    """Flag the activity to be seen again, or remove the flag."""
    (record,) = records.locked_records(member, [activity_key])
    if bool(record.revisit_at) == flag:
        return []
    record.revisit_at = None
    if flag:
        record.revisit_at = now
    records.save([record])
    log_event(
        member,
        Kind.REVISIT,
        now,
        activity_key=activity_key,
        curriculum_id=curriculum.pk if curriculum else None,
        flag=flag,
    )
    return [activity_key]


@transaction.atomic
def clear_revisit(member: Member, activity_key: UUID, *, now: datetime) -> list[UUID]:
    """Take the activity off the list to revisit: no flag, and “fine” where the member
    was unsure.
    """
    changed = mark_revisit(member, activity_key, now=now, flag=False)
    record = Record.objects.filter(member=member, activity_key=activity_key).first()
    if record and record.is_unsure:
        changed += mark_done(
            member, activity_key, now=now, confidence=Record.Confidence.FINE
        )
    return changed


def undo(
    member: Member,
    activity_key: UUID,
    *,
    now: datetime,
    was: str = "",
    curriculum: Curriculum | None = None,
) -> list[UUID]:
    """Restore the outcome before the activity was started, done or skipped.

    With `was` ("done") only that is taken back, so that a button pressed twice takes
    back once.
    """
    return records.take_back(
        member,
        [activity_key],
        lambda history: was in ("", history.outcome.kind),
        now=now,
        curriculum=curriculum,
    )


def shortened(reason: str) -> str:
    # Cut before it is cleaned, so that a text of any length costs the same.
    return clean_line(reason[: 4 * LONGEST_REASON])[:LONGEST_REASON]
