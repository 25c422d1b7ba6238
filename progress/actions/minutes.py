"""Log study minutes and take them back."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.models import Aspect
from members.models import Member
from progress.actions.log import log_event
from progress.actions.refusals import BadDay, BadMinutes
from progress.models import Enrollment, LoggedTime, StudyEvent

Kind = StudyEvent.Kind
MOST_MINUTES = 960


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """The minutes that an activity took, as a form sends them with the mark."""

    minutes: int
    aspect: str
    enrollment: Enrollment
    step_key: UUID
    press_id: UUID | None = None


@transaction.atomic
def log_minutes(
    member: Member,
    *,
    aspect: str,
    minutes: int,
    now: datetime,
    studied_on: date | None = None,
    enrollment: Enrollment | None = None,
    step_key: UUID | None = None,
    activity_key: UUID | None = None,
    press_id: UUID | None = None,
) -> LoggedTime:
    """Log study minutes on a day of the member's calendar, today without `studied_on`.

    A `press_id` that a form carries makes sending it twice log once. Sent again with
    other values, by a page that the browser kept, or after the entry was taken back, it
    is a new entry. Raises BadMinutes and BadDay.
    """
    today = member.local(now).date()
    _check(aspect, minutes, studied_on, today)
    entry = {
        "aspect": aspect,
        "minutes": minutes,
        "studied_on": studied_on or today,
        "curriculum_id": enrollment.curriculum_id if enrollment else None,
        "step_key": step_key,
        "activity_key": activity_key,
    }
    logged, is_new = LoggedTime.objects.get_or_create(
        press_id=_press_id_for(member, press_id, entry),
        member=member,
        defaults={**entry, "logged_at": now},
    )
    if is_new:
        log_event(
            member,
            Kind.TIME_LOGGED,
            now,
            press_id=logged.press_id,
            curriculum_id=logged.curriculum_id,
            activity_key=activity_key,
            aspect=aspect,
            minutes=minutes,
            studied_on=logged.studied_on.isoformat(),
            step=str(step_key or ""),
        )
    return logged


def log_time_spent(
    member: Member, activity_key: UUID, spent: TimeSpent, *, now: datetime
) -> LoggedTime:
    """Log the minutes that the activity took. Raises BadMinutes."""
    press_id = spent.press_id
    if press_id:
        # The rows of a page may share one id of the form, and each is an entry.
        press_id = uuid.uuid5(press_id, str(activity_key))
    return log_minutes(
        member,
        aspect=spent.aspect,
        minutes=spent.minutes,
        now=now,
        enrollment=spent.enrollment,
        step_key=spent.step_key,
        activity_key=activity_key,
        press_id=press_id,
    )


@transaction.atomic
def undo_minutes(logged: LoggedTime, *, now: datetime) -> None:
    """Take logged minutes back; the row stays, with the time of it."""
    if LoggedTime.objects.filter(pk=logged.pk, undone_at=None).update(undone_at=now):
        logged.undone_at = now
        log_event(
            logged.member,
            Kind.TIME_UNDONE,
            now,
            curriculum_id=logged.curriculum_id,
            activity_key=logged.activity_key,
            of=str(logged.press_id),
        )


def _check(aspect: str, minutes: int, studied_on: date | None, today: date) -> None:
    if aspect not in Aspect.values:
        raise BadMinutes(_("Say what you did: run, hack or math."))
    if not 1 <= minutes <= MOST_MINUTES:
        raise BadMinutes(
            _("Minutes are between 1 and %(most)s.") % {"most": MOST_MINUTES}
        )
    if studied_on and studied_on > today:
        raise BadDay(_("This date is in the future."))


def _press_id_for(
    member: Member, press_id: UUID | None, entry: Mapping[str, object]
) -> UUID:
    """The id under which this very entry is stored, or may be stored.

    Each next id is worked out from the last one, so that two presses of one button
    agree on it.
    """
    if press_id is None:
        return uuid.uuid4()
    values = sorted((name, str(value)) for name, value in entry.items())
    while other := LoggedTime.objects.filter(member=member, press_id=press_id).first():
        is_same = all(getattr(other, name) == value for name, value in entry.items())
        if is_same and other.undone_at is None:
            break
        press_id = uuid.uuid5(press_id, repr(values))
    return press_id
