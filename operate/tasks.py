import time

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from operate import actions, health
from operate.heartbeat import HEARTBEAT_KEY


@shared_task
def look() -> None:
    """Check the site's health, also if nobody opens the health page."""
    actions.note_standstill(health.problems(), now=timezone.now())


@shared_task
def heartbeat() -> None:
    """Write the time to the cache, as a sign that beat and a worker are running."""
    cache.set(HEARTBEAT_KEY, time.time(), 3600)
