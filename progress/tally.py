"""How far members are: counted from releases and records, never stored.

Each question takes a fixed number of queries for any number of members.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q, Sum

from curriculum.models import Release
from progress.carrying import Carried
from progress.counting import (
    ASPECTS,
    CurriculumTally,
    Marks,
    NextActivity,
    Standing,
    StepTally,
    active_routes,
    mix_of,
    split,
    weigh,
)
from progress.models import Enrollment, LoggedTime, Record, RouteChoice
from progress.replay import mark_of

__all__ = [  # what other apps count with; the pure part lives in counting
    "ASPECTS",
    "CurriculumTally",
    "NextActivity",
    "Standing",
    "StepTally",
    "active_routes",
    "marks_of",
    "mix_of",
    "next_activity",
    "split",
    "standings",
    "tallies",
    "tally",
    "weigh",
]


def standings(
    enrollments: Sequence[Enrollment], marks: Mapping[int, Marks] | None = None
) -> dict[int, Standing]:
    """Enrolment id to standing. Three queries for any number of enrolments: releases,
    records, routes.

    Needs `member` on the enrolments; a release that is there already is not asked for
    again, nor are records whose marks are given by member id.
    """
    releases = _releases(enrollments)
    marks = marks or _marks({enrollment.member_id for enrollment in enrollments})
    return {
        enrollment.pk: Standing(
            releases[enrollment.release_id].outline,
            marks[enrollment.member_id],
            chosen,
            enrollment.member.goal,
            Carried.from_json(enrollment.carried),
        )
        for enrollment, chosen in _with_routes(enrollments)
    }


def marks_of(records: Iterable[Record]) -> Marks:
    """Activity key to mark, from records that were read already."""
    return {record.activity_key: mark for record in records if (mark := record.mark)}


def _marks(members: set[int]) -> dict[int, dict[UUID, str]]:
    marks: dict[int, dict[UUID, str]] = {member_id: {} for member_id in members}
    touched = (
        Q(started_at__isnull=False)
        | Q(done_at__isnull=False)
        | Q(skipped_at__isnull=False)
    )
    rows = Record.objects.filter(touched, member__in=members).values_list(
        "member_id", "activity_key", "started_at", "done_at", "skipped_at"
    )
    for member_id, key, started_at, done_at, skipped_at in rows:
        marks[member_id][key] = mark_of(started_at, done_at, skipped_at)
    return marks


def _releases(enrollments: Sequence[Enrollment]) -> dict[int, Release]:
    found = {
        e.release_id: e.release for e in enrollments if Enrollment.release.is_cached(e)
    }  # type: ignore[attr-defined]
    missing = {e.release_id for e in enrollments} - set(found)
    found |= Release.objects.light().in_bulk(missing) if missing else {}
    for enrollment in enrollments:
        enrollment.release = found[enrollment.release_id]
    return found


def _with_routes(
    enrollments: Sequence[Enrollment],
) -> Iterable[tuple[Enrollment, dict[UUID, list[UUID]]]]:
    chosen: dict[int, dict[UUID, list[UUID]]] = {}
    choices = RouteChoice.objects.filter(enrollment__in=enrollments).order_by(
        "chosen_at", "pk"
    )
    for enrollment_id, step_key, route_key in choices.values_list(
        "enrollment_id", "step_key", "route_key"
    ):
        chosen.setdefault(enrollment_id, {}).setdefault(step_key, []).append(route_key)
    return ((enrollment, chosen.get(enrollment.pk, {})) for enrollment in enrollments)


def tally(enrollment: Enrollment) -> CurriculumTally:
    return tallies([enrollment])[enrollment.pk]


def tallies(enrollments: Sequence[Enrollment]) -> dict[int, CurriculumTally]:
    """Enrolment id to tally.

    Four queries for any number of enrolments: those of `standings`, and minutes.
    """
    minutes: dict[tuple[int, int | None], dict[UUID | None, dict[str, int]]] = {}
    rows = (
        LoggedTime.objects.counted()
        .filter(
            member__in={e.member_id for e in enrollments},
            curriculum__in={e.curriculum_id for e in enrollments},
        )
        .values_list("member_id", "curriculum_id", "step_key", "aspect")
        .annotate(Sum("minutes"))
        .order_by()
    )
    for member_id, curriculum_id, step_key, aspect, total in rows:
        minutes.setdefault((member_id, curriculum_id), {}).setdefault(step_key, {})[
            aspect
        ] = total
    found = standings(enrollments)
    return {
        e.pk: found[e.pk].tally(
            minutes.get((e.member_id, e.curriculum_id)), at=e.step_key
        )
        for e in enrollments
    }


def next_activity(enrollment: Enrollment) -> NextActivity | None:
    """Three queries, as `standings`."""
    return standings([enrollment])[enrollment.pk].next_activity(enrollment.step_key)
