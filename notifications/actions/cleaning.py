"""Notifications are kept for 90 days."""

from datetime import datetime

from notifications.announcements import KEPT
from notifications.models import Notification

BATCH = 2_000
AT_MOST = 200_000  # in a run; the next one goes on


def forget_old(*, now: datetime) -> int:
    """Delete what happened more than 90 days ago, in batches. Return how much it was."""
    old = Notification.objects.filter(happened_at__lt=now - KEPT).order_by(
        "happened_at"
    )
    deleted = 0
    while deleted < AT_MOST:
        keys = list(old.values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        deleted += Notification.objects.filter(pk__in=keys).delete()[0]
    return deleted
