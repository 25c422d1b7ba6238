import time

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from operate import actions, health
from operate.heartbeat import HEARTBEAT_KEY


@shared_task
def look() -> None:
    """Where nobody asks the health page, what stands still is
    noted all the same.
    """
    actions.note_standstill(health.problems(), now=timezone.now())


@shared_task
def heartbeat() -> None:
    """Leave the time in the cache: beat asked and a worker answered."""
    cache.set(HEARTBEAT_KEY, time.time(), 3600)
