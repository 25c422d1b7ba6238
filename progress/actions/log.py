"""The append-only log of study events."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from lists.insertion import Insertion
from members.models import Member
from progress.models import StudyEvent

_insert = Insertion(StudyEvent)


def store_events(events: Iterable[StudyEvent]) -> None:
    """In a statement for all; a single one, which most presses write, is compiled."""
    lines = list(events)
    if len(lines) == 1:
        _insert(lines[0])
    else:
        StudyEvent.objects.bulk_create(lines)


def log_event(
    member: Member,
    kind: StudyEvent.Kind,
    now: datetime,
    *,
    press_id: UUID | None = None,
    curriculum_id: int | None = None,
    activity_key: UUID | None = None,
    **data: object,
) -> None:
    _insert(
        StudyEvent(
            member=member,
            kind=kind,
            at=now,
            press_id=press_id or uuid.uuid4(),
            activity_key=activity_key,
            curriculum_id=curriculum_id,
            data=data,
        )
    )
