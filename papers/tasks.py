from celery import shared_task

from papers.harvest import visit_due


@shared_task
def harvest(category: str | None = None) -> int:
    return visit_due(category)
