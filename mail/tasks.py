"""The periodic tasks of mail. Each finds what is due, and may run at any time.

A run may last longer than the time between two ticks. Then the next ticks write what is
due, which is short, and leave the sending to the run that is still going: it claims
until nothing is left. So mail never takes all threads of a worker. The locks belong to
the process and end with it.
"""

import threading

from celery import shared_task
from django.utils import timezone

from mail import actions

# threads of a worker that may send at the same time; the others are for other tasks
SENDERS = 2
_sending = threading.BoundedSemaphore(SENDERS)
_writing_digests, _writing_reminders = threading.Lock(), threading.Lock()
_writing_bundles = threading.Lock()


@shared_task
def send_due_digests() -> int:
    if _writing_digests.acquire(blocking=False):
        try:
            actions.write_digests(timezone.now())
        finally:
            _writing_digests.release()
    return _send()


@shared_task
def send_due_reminders() -> int:
    if _writing_reminders.acquire(blocking=False):
        try:
            actions.write_due_reminders(timezone.now())
        finally:
            _writing_reminders.release()
    return _send()


@shared_task
def send_due_bundles() -> int:
    if _writing_bundles.acquire(blocking=False):
        try:
            actions.write_bundles(timezone.now())
        finally:
            _writing_bundles.release()
    return _send()


@shared_task
def send_waiting() -> int:
    return _send()


def _send() -> int:
    """Send, and return the number of mails. 0 if enough threads are sending already."""
    if not _sending.acquire(blocking=False):
        return 0
    try:
        return actions.send_waiting().sent
    finally:
        _sending.release()
