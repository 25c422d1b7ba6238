"""Which parts of the site do not work now, for a line on the owners' pages."""

from datetime import timedelta

from django.core.cache import caches
from django.utils import timezone

from operate.models import Standstill

FRESH = timedelta(minutes=10)
KEPT_SECONDS = 30


def standstills() -> list[str]:
    """A sentence for each problem. One query, cached for half a minute."""
    kept: list[str] | None = caches["local"].get("standstills")
    if kept is None:
        rows = Standstill.objects.filter(
            ended_at=None, seen_at__gt=timezone.now() - FRESH
        )
        kept = list(rows.order_by("began_at").values_list("text", flat=True))
        caches["local"].set("standstills", kept, KEPT_SECONDS)
    return kept
