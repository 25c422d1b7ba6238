"""What stands beside the feed: the member's week, what to do next, and today's papers for her step."""

from datetime import datetime
from typing import Any

from django.core.cache import caches

from curriculum.models import Release
from curriculum.outline import Outline
from members.models import Member
from papers.headlines import Days, newest_days
from papers.relevance import todays_papers
from progress import tally
from progress.models import Enrollment

OUTLINE_KEPT_FOR = 3600  # seconds; a release never changes
DAYS_KEPT_FOR = 60


def rail(member: Member, enrollment: Enrollment | None, now: datetime) -> dict[str, Any]:
    """The context of the rail, for the enrolment visited last. Four queries when its release is at hand."""
    if enrollment:
        enrollment.release = _release(enrollment.release_id)
    week = tally.week(member, now, enrollment)
    days = _newest_days()
    key = enrollment and (enrollment.step_key or (week.next and week.next.step.key))
    papers = todays_papers(key, lambda: enrollment.release.outline.step_by_key(key), days) if key and days else None
    return {"where": enrollment, "week": week, "days": days, "for_step": papers}


def _release(pk: int) -> Release:
    """A release with nothing but its outline, which the process keeps."""
    where = f"outline:{pk}"
    outline: Outline | None = caches["local"].get(where)
    if outline is None:
        outline = Release.objects.get(pk=pk).outline
        caches["local"].set(where, outline, OUTLINE_KEPT_FOR)
    release = Release(pk=pk)
    release.outline = outline
    return release


def _newest_days() -> Days | None:
    kept: tuple[Days | None] | None = caches["local"].get("newest-days")
    if kept is None:
        kept = (newest_days(),)
        caches["local"].set("newest-days", kept, DAYS_KEPT_FOR)
    return kept[0]
