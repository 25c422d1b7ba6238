"""What is shown beside the feed: the member's week, the next activity, and today's papers
for the member's step.
"""

from datetime import datetime
from typing import Any

from curriculum.outline import Step
from lists.cache import TimedCache
from members.audience import EVERYBODY
from members.models import Member
from papers.days import Days, newest_days
from papers.relevance import ForStep, todays_papers
from progress import facts, tally
from progress.facts import RecordRow
from progress.models import Enrollment
from progress.pieces import WeekCard
from progress.week import Week, week

DAYS = TimedCache[Days | None](seconds=60, most=1)


def rail(
    member: Member, enrollment: Enrollment | None, now: datetime
) -> dict[str, Any]:
    """The context of the rail, for the enrolment visited last.

    Three queries if the outline is cached.
    """
    if enrollment:
        enrollment.member = member
    records = facts.every_record(member=member)
    this_week, days = _week(member, enrollment, records, now), _newest_days()
    papers = _papers(enrollment, this_week, days) if enrollment and days else None
    revisit = sum(record.is_to_revisit for record in records)
    return {
        "where": enrollment,
        "week": this_week,
        "days": days,
        "for_step": papers,
        "week_card": WeekCard.of(this_week, revisit),
    }


def _week(
    member: Member,
    enrollment: Enrollment | None,
    records: list[RecordRow],
    now: datetime,
) -> Week:
    """Two queries: routes, minutes."""
    standing = None
    if enrollment:
        marks = {member.pk: tally.marks_of(records)}
        standing = tally.standings([enrollment], marks)[enrollment.pk]
    return week(member, now, records, enrollment, standing)


def _papers(enrollment: Enrollment, week: Week, days: Days) -> ForStep | None:
    """Papers for the step visited last; before the first visit, of the next activity."""
    key = enrollment.step_key or (week.next.step.key if week.next else None)
    if not key:
        return None

    def find_step() -> Step | None:
        return enrollment.release.outline.step_by_key(key)

    return todays_papers(enrollment.release_id, key, find_step, days)


def _newest_days() -> Days | None:
    return DAYS.get(EVERYBODY, ask=newest_days)
