"""The append-only log of study events."""

import uuid
from datetime import datetime
from uuid import UUID

from members.models import Member
from progress.models import StudyEvent


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
    StudyEvent.objects.create(
        member=member,
        kind=kind,
        at=now,
        press_id=press_id or uuid.uuid4(),
        activity_key=activity_key,
        curriculum_id=curriculum_id,
        data=data,
    )
