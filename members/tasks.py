import time

from celery import shared_task
from django.core.cache import cache
from django.core.management import call_command

HEARTBEAT_KEY = "heartbeat"


@shared_task
def clear_sessions() -> None:
    call_command("clearsessions")


@shared_task
def heartbeat() -> None:
    """Leave the time in the cache: beat asked and a worker answered."""
    cache.set(HEARTBEAT_KEY, time.time(), 3600)
