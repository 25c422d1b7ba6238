from threading import Lock

from celery import shared_task
from django.utils import timezone

from notifications import actions

# Of one process: a long run must not take the threads of other tasks.
_telling = Lock()


@shared_task
def tell() -> int:
    """Tell members of all that is new, unless a run of this process is still at it."""
    if not _telling.acquire(blocking=False):
        return 0
    try:
        return actions.tell_everything(now=timezone.now())
    finally:
        _telling.release()


@shared_task
def look_after_questions() -> int:
    return actions.look_after_questions(now=timezone.now())


@shared_task
def forget_old() -> int:
    return actions.forget_old(now=timezone.now())
