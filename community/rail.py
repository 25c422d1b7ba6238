"""What is shown beside the feed: the member's week, the next activity, and today's papers
for the member's step.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from markupsafe import Markup

from lists.cache import TimedCache
from look.cards import Cards
from members.audience import EVERYBODY
from members.models import Member
from papers.days import Days, newest_days
from papers.relevance import ForStep, todays_papers
from progress import facts, tally
from progress.facts import RecordRow
from progress.models import Enrollment
from progress.week import Day, Week, week

DAYS = TimedCache[Days | None](seconds=60, most=1)
WEEKS = Cards("community/_week_card.html", most=500)


class WeekCard(NamedTuple):
    """What the rail shows of a week, as the key of its cached card."""

    monday: date
    minutes: tuple[tuple[str, int], ...]
    targets: tuple[tuple[str, int], ...]
    target_minutes: int
    shares: tuple[tuple[str, int], ...]
    days: tuple[Day, ...]
    activities_done: int
    revisit: int  # number of activities marked to revisit

    def html(self) -> Markup:
        return WEEKS(self)

    @property
    def week(self) -> Week:
        """The week without its next activity, which the rail shows separately."""
        return Week(
            monday=self.monday,
            minutes=dict(self.minutes),
            targets=dict(self.targets),
            target_minutes=self.target_minutes,
            shares=dict(self.shares),
            days=self.days,
            activities_done=self.activities_done,
            enrollment=None,
            next=None,
        )


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
        "week_card": _card(this_week, revisit),
    }


def _card(week: Week, revisit: int) -> WeekCard:
    return WeekCard(
        monday=week.monday,
        minutes=tuple(week.minutes.items()),
        targets=tuple(week.targets.items()),
        target_minutes=week.target_minutes,
        shares=tuple(week.shares.items()),
        days=week.days,
        activities_done=week.activities_done,
        revisit=revisit,
    )


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
    return (
        todays_papers(key, lambda: enrollment.release.outline.step_by_key(key), days)
        if key
        else None
    )


def _newest_days() -> Days | None:
    return DAYS.get(EVERYBODY, ask=newest_days)
