from celery import shared_task


@shared_task
def harvest(category: str | None = None) -> int:
    # here: the web processes know the task, and need none of what it loads
    from papers.harvest import visit_due

    return visit_due(category)
