"""State from the log alone: what the rows of a member must be, whether they are, and
the rows made again.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from curriculum.models import Release
from members.models import Member
from progress import replay
from progress.models import Enrollment, LoggedTime, Record, RouteChoice, StudyEvent


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A member's progress as plain values; records that say nothing are left out."""

    # activity key to outcome and revisit_at
    records: dict[UUID, tuple[replay.Outcome, datetime | None]]
    minutes: dict[UUID, replay.Minutes]  # by the id of the press
    enrollments: dict[int, replay.EnrollmentState]  # by curriculum id


def from_log(member: Member) -> Snapshot:
    """What the log says. One query."""
    lines = list(StudyEvent.objects.filter(member=member).order_by("pk"))
    pasts = replay.histories(lines).items()
    return Snapshot(
        records={
            key: (past.outcome, past.revisit_at)
            for key, past in pasts
            if past.outcome.kind or past.revisit_at
        },
        minutes=replay.minutes(lines),
        enrollments=replay.enrollments(lines),
    )


def from_rows(member: Member) -> Snapshot:
    """What the rows say. Four queries."""
    return Snapshot(
        records={
            row.activity_key: (outcome, row.revisit_at)
            for row in Record.objects.filter(member=member)
            if (
                outcome := replay.Outcome(
                    *(getattr(row, name) for name in replay.Outcome.__slots__)
                )
            ).kind
            or row.revisit_at
        },
        minutes={
            row.press_id: replay.Minutes(
                *(getattr(row, name) for name in replay.Minutes.__slots__)
            )
            for row in LoggedTime.objects.filter(member=member)
        },
        enrollments=_enrollments(member),
    )


def _enrollments(member: Member) -> dict[int, replay.EnrollmentState]:
    found = {}
    for row in (
        Enrollment.objects.filter(member=member)
        .select_related("release")
        .defer("release__document")
    ):
        facts = {name: getattr(row, name) for name in FACTS}
        found[row.curriculum_id] = replay.EnrollmentState(
            release=row.release.number, **facts
        )
    for choice in RouteChoice.objects.filter(enrollment__member=member).select_related(
        "enrollment"
    ):
        routes = found[choice.enrollment.curriculum_id].routes
        routes[choice.step_key, choice.route_key] = choice.chosen_at
    return found


FACTS = [
    "enrolled_at",
    "paused_at",
    "paused_until",
    "withdrawn_at",
    "finished_at",
    "carried",
]


@transaction.atomic
def rebuild(member: Member) -> None:
    """Write the member's rows again from the log. The step visited last is not in the log
    and is left as it is.
    """
    state = from_log(member)
    Record.objects.filter(member=member).delete()
    Record.objects.bulk_create(
        Record(
            member=member, activity_key=key, revisit_at=revisit_at, **asdict(outcome)
        )
        for key, (outcome, revisit_at) in state.records.items()
    )
    LoggedTime.objects.filter(member=member).delete()
    LoggedTime.objects.bulk_create(
        LoggedTime(member=member, press_id=press_id, **asdict(entry))
        for press_id, entry in state.minutes.items()
    )
    for curriculum_id, enrolled in state.enrollments.items():
        _rebuild_enrollment(member, curriculum_id, enrolled)


def _rebuild_enrollment(
    member: Member, curriculum_id: int, enrolled: replay.EnrollmentState
) -> None:
    facts: dict[str, Any] = {name: getattr(enrolled, name) for name in FACTS}
    facts["release"] = Release.objects.only("pk").get(
        curriculum=curriculum_id, number=enrolled.release
    )
    enrollment, _is_new = Enrollment.objects.update_or_create(
        member=member,
        curriculum_id=curriculum_id,
        defaults=facts,
        create_defaults={**facts, "visited_at": enrolled.enrolled_at},
    )
    enrollment.route_choices.all().delete()
    RouteChoice.objects.bulk_create(
        RouteChoice(
            enrollment=enrollment, step_key=step_key, route_key=route_key, chosen_at=at
        )
        for (step_key, route_key), at in enrolled.routes.items()
    )
