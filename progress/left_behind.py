"""How many members have worked on activities, by key: for curators, who see numbers and
never names.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q

from progress.models import Record


def members_by_key(keys: Iterable[str | UUID]) -> dict[str, int]:
    """Key to the number of members who have done or skipped it, where there are any. One query."""
    wanted = [UUID(str(key)) for key in keys]
    rows = Record.objects.filter(activity_key__in=wanted).filter(
        Q(done_at__isnull=False) | Q(skipped_at__isnull=False)
    )
    counted = rows.values("activity_key").annotate(members=Count("member")).order_by()
    return {str(row["activity_key"]): row["members"] for row in counted}
