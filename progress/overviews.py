"""The page of a member's own progress: the week, the curricula, the minutes of twelve
weeks, and the newest entries of the time log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from members.models import Member
from progress import facts, tally
from progress.counting import CurriculumTally, Standing
from progress.enrolled import enrollments_of
from progress.facts import LoggedRow, RecordRow
from progress.models import Enrollment
from progress.pieces import LoggedEntry, WeekCard, WeekSheet, WeeksSheet
from progress.studied import Studied, days_done, minutes_by_day
from progress.week import (
    Week,
    monday_of,
    week_of,
)
from progress.weights import ASPECTS, ByAspect, add_up

WEEKS = 12
NEWEST = 10


@dataclass(frozen=True, slots=True)
class CurriculumProgress:
    enrollment: Enrollment
    tally: CurriculumTally
    is_paused: bool
    tomorrow: date  # the first day until which a pause can last
    newest_release: int

    @property
    def is_behind(self) -> bool:
        """Whether a newer release than the member's is published."""
        return self.newest_release > self.enrollment.release.number


@dataclass(frozen=True, slots=True)
class Overview:
    week: Week
    curricula: list[CurriculumProgress]
    sheet: WeekSheet
    weeks: WeeksSheet
    entries: list[LoggedEntry]


def overview(member: Member, now: datetime) -> Overview:
    """Five queries: enrolments with releases, records, routes, minutes by step, minutes
    of twelve weeks.
    """
    today = member.local(now).date()
    enrollments = [each for each in enrollments_of(member) if not each.withdrawn_at]
    records = facts.every_record(member=member)
    standings = tally.standings(enrollments, {member.pk: tally.marks_of(records)})
    first = monday_of(today) - timedelta(weeks=WEEKS - 1)
    logged = facts.logged_since(member=member, first=first)
    sums = tally.minutes_of(facts.minutes_by_step(member=member))
    week = _week(member, now, enrollments, standings, records, logged)
    revisit = sum(record.is_to_revisit for record in records)
    return Overview(
        week=week,
        curricula=[
            _curriculum(each, standings[each.pk], sums.get(each.curriculum_id), today)
            for each in enrollments
        ],
        sheet=WeekSheet(WeekCard.of(week, revisit), _total(sums.values())),
        weeks=WeeksSheet(_by_week(logged, monday_of(today))),
        entries=_entries(logged, standings.values()),
    )


def by_aspect(logged: Iterable[LoggedRow]) -> dict[str, int]:
    return add_up(minutes_by_day(logged).values())


def _week(
    member: Member,
    now: datetime,
    enrollments: Iterable[Enrollment],
    standings: Mapping[int, Standing],
    records: Iterable[RecordRow],
    logged: Iterable[LoggedRow],
) -> Week:
    done = days_done(member, (record.done_at for record in records), now)
    studied = Studied(minutes_by_day(logged), done)
    today = member.local(now).date()
    current = next((each for each in enrollments if each.is_current), None)
    if current is None:
        return week_of(member, today, studied, None, None)
    return week_of(member, today, studied, current, standings[current.pk])


def _curriculum(
    enrollment: Enrollment,
    standing: Standing,
    minutes: Mapping[UUID | None, ByAspect] | None,
    today: date,
) -> CurriculumProgress:
    return CurriculumProgress(
        enrollment,
        standing.tally(minutes, at=enrollment.step_key),
        enrollment.is_paused_on(today),
        today + timedelta(days=1),
        enrollment.newest_number,  # type: ignore[attr-defined]  # an annotation
    )


def _total(sums: Iterable[Mapping[UUID | None, ByAspect]]) -> int:
    return sum(sum(add_up(steps.values()).values()) for steps in sums)


def _by_week(
    logged: Iterable[LoggedRow], monday: date
) -> tuple[tuple[date, tuple[tuple[str, int], ...]], ...]:
    weeks = {
        monday - timedelta(weeks=n): dict.fromkeys(ASPECTS, 0)
        for n in reversed(range(WEEKS))
    }
    for entry in logged:
        week = weeks.get(monday_of(entry.studied_on))
        if week:  # a day to come, of a member who went west, waits
            week[entry.aspect] += entry.minutes
    return tuple((monday, tuple(week.items())) for monday, week in weeks.items())


def _entries(
    logged: list[LoggedRow], standings: Iterable[Standing]
) -> list[LoggedEntry]:
    titles: dict[UUID, str] = {}
    for standing in standings:
        titles |= {step.key: step.title for step in standing.outline.steps}
    return [LoggedEntry(entry, _title(entry, titles)) for entry in logged[:NEWEST]]


def _title(entry: LoggedRow, titles: Mapping[UUID, str]) -> str:
    if entry.step_key:
        return titles.get(entry.step_key, "")
    return entry.curriculum_title or ""
