"""How far members are: counted from releases and records, never stored.

Each question takes a fixed number of queries for any number of members.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q, Sum

from curriculum.models import Release
from members.models import Member
from progress import facts
from progress.carrying import Carried
from progress.core import Marks, active_routes
from progress.counting import CurriculumTally, NextActivity, Standing, StepTally
from progress.facts import ChoiceRow, MinutesRow, RecordRow
from progress.models import Enrollment, LoggedTime, Record, RouteChoice
from progress.replay import mark_of
from progress.weights import ASPECTS, mix_of, split, weigh

__all__ = [  # for other apps; the pure part is in core and counting
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


Minutes: TypeAlias = dict[int | None, dict[UUID | None, dict[str, int]]]
"""Curriculum id to step key to minutes by aspect."""


def standings(
    enrollments: Sequence[Enrollment], marks: Mapping[int, Marks] | None = None
) -> dict[int, Standing]:
    """Enrolment id to standing.

    Three queries for any number of enrolments: releases, records, routes.

    Needs `member` on the enrolments; a release that is there
    already is not asked for again, nor are records whose marks are
    given by member id.
    """
    releases = _releases(enrollments)
    members = {enrollment.member_id: enrollment.member for enrollment in enrollments}
    marks = marks or _marks(members)
    chosen = _chosen(enrollments, members)
    return {
        enrollment.pk: Standing(
            releases[enrollment.release_id].outline,
            marks[enrollment.member_id],
            chosen.get(enrollment.pk, {}),
            enrollment.member.goal,
            Carried.from_json(enrollment.carried),
        )
        for enrollment in enrollments
    }


def marks_of(records: Iterable[Record | RecordRow]) -> Marks:
    """Activity key to mark, from records that were read already."""
    return {record.activity_key: mark for record in records if (mark := record.mark)}


def _marks(members: Mapping[int, Member]) -> Mapping[int, Marks]:
    if len(members) == 1:
        (member,) = members.values()
        return {member.pk: marks_of(facts.every_record(member=member))}
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


def _chosen(
    enrollments: Sequence[Enrollment], members: Mapping[int, Member]
) -> Mapping[int, Mapping[UUID, Sequence[UUID]]]:
    """Enrolment id to step key to route keys, first chosen first."""
    if len(members) == 1:
        (member,) = members.values()
        return facts.chosen_routes(facts.choices_of_member(member=member))
    choices = RouteChoice.objects.filter(enrollment__in=enrollments)
    rows = choices.order_by("chosen_at", "pk").values_list(*ChoiceRow._fields)
    return facts.chosen_routes([ChoiceRow(*row) for row in rows])


def tally(enrollment: Enrollment) -> CurriculumTally:
    return tallies([enrollment])[enrollment.pk]


def tallies(enrollments: Sequence[Enrollment]) -> dict[int, CurriculumTally]:
    """Enrolment id to tally.

    Four queries for any number of enrolments: those of `standings`, and
    minutes. For one member they are compiled statements.
    """
    members = {e.member_id: e.member for e in enrollments}
    if len(members) == 1:
        (member,) = members.values()
        minutes = {member.pk: minutes_of(facts.minutes_by_step(member=member))}
    else:
        minutes = _minutes(enrollments)
    found = standings(enrollments)
    return {
        e.pk: found[e.pk].tally(
            minutes.get(e.member_id, {}).get(e.curriculum_id), at=e.step_key
        )
        for e in enrollments
    }


def minutes_of(rows: Iterable[MinutesRow]) -> Minutes:
    """Of one member."""
    minutes: Minutes = {}
    for row in rows:
        steps = minutes.setdefault(row.curriculum_id, {})
        steps.setdefault(row.step_key, {})[row.aspect] = row.total
    return minutes


def _minutes(enrollments: Sequence[Enrollment]) -> dict[int, Minutes]:
    """Member id to minutes."""
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
    by_member: dict[int, list[MinutesRow]] = {}
    for member_id, *row in rows:
        by_member.setdefault(member_id, []).append(MinutesRow(*row))
    return {pk: minutes_of(each) for pk, each in by_member.items()}


def next_activity(enrollment: Enrollment) -> NextActivity | None:
    """Three queries, as `standings`."""
    return standings([enrollment])[enrollment.pk].next_activity(enrollment.step_key)
