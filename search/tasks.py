from celery import shared_task
from django.utils import timezone

from documents import rebuilding
from search import vocabulary
from search.sources import SOURCES

EACH_TIME = 20_000  # texts; some ten seconds


@shared_task
def rebuild_index() -> int:
    made = rebuilding.rebuild(SOURCES, most=EACH_TIME)
    if made:
        vocabulary.build(now=timezone.now())
    return made


@shared_task
def build_vocabulary() -> int:
    return vocabulary.build(now=timezone.now())
