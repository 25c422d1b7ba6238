"""What is stored of one member, as light rows: records, chosen routes, minutes.

Each question is one compiled statement (`lists.statement`).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Sum

from lists.arguments import Several
from lists.statement import Statement
from members.models import Member
from progress.models import Enrollment, LoggedTime, Record, RouteChoice
from progress.replay import mark_of


class RecordRow(NamedTuple):
    """What a member has made of an activity: a Record as pages need it."""

    activity_key: UUID
    started_at: datetime | None
    done_at: datetime | None
    confidence: int | None
    skipped_at: datetime | None
    skip_reason: str
    revisit_at: datetime | None

    @property
    def mark(self) -> str:
        return mark_of(self.started_at, self.done_at, self.skipped_at)

    @property
    def is_to_revisit(self) -> bool:
        return self.revisit_at is not None or Record.is_shaky(self.confidence)


class ChoiceRow(NamedTuple):
    enrollment_id: int
    step_key: UUID
    route_key: UUID


class LoggedRow(NamedTuple):
    pk: int
    aspect: str
    minutes: int
    studied_on: date
    curriculum_id: int | None
    curriculum_title: str | None
    step_key: UUID | None


class MinutesRow(NamedTuple):
    """Minutes of one aspect, of a step or of what is for no step."""

    curriculum_id: int | None
    step_key: UUID | None
    aspect: str
    total: int


class DayRow(NamedTuple):
    """Minutes of one aspect on one day."""

    studied_on: date
    aspect: str
    total: int


FEWEST_KEYS = 16
LOGGED = ("pk", "aspect", "minutes", "studied_on", "curriculum_id")


def records(member: Member, keys: Collection[UUID]) -> list[RecordRow]:
    """Those of these activities. One query."""
    if not keys:
        return []
    # A statement has a fixed number of keys, so there is one for each power of two.
    most = max(FEWEST_KEYS, 1 << (len(keys) - 1).bit_length())
    return _records_of_keys(most)(member=member, keys=list(keys))


@cache
def _records_of_keys(most: int) -> Statement[RecordRow]:
    return Statement(
        RecordRow,
        lambda member, keys: Record.objects.filter(
            member=member, activity_key__in=keys
        ).values_list(*RecordRow._fields),
        member=Member,
        keys=Several(UUID, most),
    )


every_record = Statement(
    RecordRow,
    lambda member: Record.objects.filter(member=member).values_list(*RecordRow._fields),
    member=Member,
)

choices = Statement(
    ChoiceRow,
    lambda enrollment: (
        RouteChoice.objects.filter(enrollment=enrollment)
        .order_by("chosen_at", "pk")
        .values_list(*ChoiceRow._fields)
    ),
    enrollment=Enrollment,
)
"""The routes that a member chose in one enrolment, first chosen first."""

choices_of_member = Statement(
    ChoiceRow,
    lambda member: (
        RouteChoice.objects.filter(enrollment__member=member)
        .order_by("chosen_at", "pk")
        .values_list(*ChoiceRow._fields)
    ),
    member=Member,
)

logged_at = Statement(
    LoggedRow,
    lambda member, step_key: (
        LoggedTime.objects.counted()
        .filter(member=member, step_key=step_key)
        .order_by("-studied_on", "-pk")
        .values_list(*LOGGED, "curriculum__title", "step_key")
    ),
    member=Member,
    step_key=UUID,
)
"""The minutes of a member at a step, newest first."""

logged_since = Statement(
    LoggedRow,
    lambda member, first: (
        LoggedTime.objects.counted()
        .filter(member=member, studied_on__gte=first)
        .order_by("-studied_on", "-pk")
        .values_list(*LOGGED, "curriculum__title", "step_key")
    ),
    member=Member,
    first=date,
)
"""A member's logged minutes since a day in the member's time zone, newest first."""

minutes_by_step = Statement(
    MinutesRow,
    lambda member: (
        LoggedTime.objects.counted()
        .filter(member=member)
        .order_by()
        .values_list("curriculum_id", "step_key", "aspect")
        .annotate(total=Sum("minutes"))
        .values_list("curriculum_id", "step_key", "aspect", "total")
    ),
    member=Member,
)


minutes_of_days = Statement(
    DayRow,
    lambda member, first, last: (
        LoggedTime.objects.counted()
        .filter(member=member, studied_on__range=(first, last))
        .order_by()
        .values_list("studied_on", "aspect")
        .annotate(total=Sum("minutes"))
        .values_list(*DayRow._fields)
    ),
    member=Member,
    first=date,
    last=date,
)
"""A member's minutes from a first to a last day in the member's time zone."""


def chosen_routes(rows: Sequence[ChoiceRow]) -> dict[int, dict[UUID, list[UUID]]]:
    """Enrolment id to step key to the keys of its chosen routes, first chosen first."""
    chosen: dict[int, dict[UUID, list[UUID]]] = {}
    for enrollment_id, step_key, route_key in rows:
        chosen.setdefault(enrollment_id, {}).setdefault(step_key, []).append(route_key)
    return chosen
