"""The ticks of the clock: each asks who is due and may come as often as it likes."""

from celery import shared_task
from django.utils import timezone

from mail import actions


@shared_task
def send_due_digests() -> int:
    return actions.send_digests(timezone.now()).sent


@shared_task
def send_due_reminders() -> int:
    return actions.send_reminders(timezone.now()).sent


@shared_task
def send_waiting() -> int:
    return actions.send_waiting().sent
