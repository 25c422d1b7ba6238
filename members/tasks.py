from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from members import actions, unsent


@shared_task
def clear_sessions() -> None:
    """Take away what is over: sessions, sign-ups that nobody proved, words
    that nobody came back for, limits.
    """
    now = timezone.now()
    call_command("clearsessions")
    actions.forget_unproved(now=now)
    unsent.forget_old(now=now)
    actions.clear_standby_cache(now=now)
