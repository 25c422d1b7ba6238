"""What a search leaves behind."""

from datetime import datetime

from django.db import transaction

from members.models import Member
from search.models import RecentSearch

KEPT = 10


@transaction.atomic
def remember(member: Member, typed: str, *, now: datetime) -> None:
    """Keep what the member searched for, once; older ones than the last ten go."""
    RecentSearch.objects.update_or_create(
        member=member, typed=typed, defaults={"searched_at": now}
    )
    kept = recent_searches(member)
    RecentSearch.objects.filter(member=member).exclude(typed__in=kept).delete()


def recent_searches(member: Member) -> list[str]:
    """What the member searched for, the newest first. One query."""
    rows = RecentSearch.objects.filter(member=member).order_by("-searched_at", "-pk")
    return list(rows.values_list("typed", flat=True)[:KEPT])


def forget_searches(member: Member) -> None:
    RecentSearch.objects.filter(member=member).delete()
