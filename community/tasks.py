from celery import shared_task
from django.utils import timezone

from community import actions
from community.actions import polls


@shared_task
def render_again() -> int:
    return actions.render_again()


@shared_task
def forget_ended_drafts() -> int:
    return actions.forget_ended_drafts(now=timezone.now())


@shared_task
def close_polls() -> int:
    return polls.close_due(now=timezone.now())


@shared_task
def delete_unused_uploads() -> int:
    return actions.delete_unused(now=timezone.now())
