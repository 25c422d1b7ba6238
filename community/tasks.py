from celery import shared_task

from community import actions


@shared_task
def render_again() -> int:
    return actions.render_again()
