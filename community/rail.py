"""What stands beside the feed: the member's week, what to do next, and today's papers for her step."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import caches
from django.db.models import Sum

from members.models import Member
from papers.headlines import Days, newest_days
from papers.relevance import ForStep, todays_papers
from progress import tally
from progress.models import Enrollment, LoggedTime, Record
from progress.tally import Week

DAYS_KEPT_FOR = 60  # seconds


def rail(member: Member, enrollment: Enrollment | None, now: datetime) -> dict[str, Any]:
    """The context of the rail, for the enrolment visited last. Three queries when its outline is at hand."""
    if enrollment:
        enrollment.member = member
    week, days = _week(member, enrollment, now), _newest_days()
    papers = _papers(enrollment, week, days) if enrollment and days else None
    return {"where": enrollment, "week": week, "days": days, "for_step": papers}


def _week(member: Member, enrollment: Enrollment | None, now: datetime) -> Week:
    """As `tally.week`, but every record is read once. Three queries: records, routes, minutes."""
    monday = tally.monday_of(member.local(now).date())
    records = list(Record.objects.filter(member=member))
    marks = {record.activity_key: mark for record in records if (mark := record.mark)}
    done_on = [member.local(record.done_at).date() for record in records if record.done_at]
    minutes: dict[date, dict[str, int]] = {}
    logged = LoggedTime.objects.counted().filter(member=member, studied_on__range=(monday, monday + timedelta(days=6)))
    for day, aspect, total in logged.order_by().values_list("studied_on", "aspect").annotate(Sum("minutes")):
        minutes.setdefault(day, {})[aspect] = total
    standing = tally.standings([enrollment], {member.pk: marks})[enrollment.pk] if enrollment else None
    return tally.week_of(member, now, minutes, Counter(day for day in done_on if day >= monday), enrollment, standing)


def _papers(enrollment: Enrollment, week: Week, days: Days) -> ForStep | None:
    """For the step she was at last; before her first visit, for the step of her next activity."""
    key = enrollment.step_key or (week.next.step.key if week.next else None)
    return todays_papers(key, lambda: enrollment.release.outline.step_by_key(key), days) if key else None


def _newest_days() -> Days | None:
    kept: tuple[Days | None] | None = caches["local"].get("newest-days")
    if kept is None:
        kept = (newest_days(),)
        caches["local"].set("newest-days", kept, DAYS_KEPT_FOR)
    return kept[0]
