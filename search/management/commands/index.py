"""`manage.py index`: make the index of the search again, while the site runs."""

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from documents import rebuilding
from search import vocabulary
from search.sources import SOURCES

AT_ONCE = 2_000


class Command(BaseCommand):
    help = "Index every text again for the search. The site can be used meanwhile."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        rebuilding.begin_again()
        total = 0
        while made := rebuilding.rebuild(SOURCES, most=AT_ONCE):
            total += made
            if verbosity > 1:
                self.stdout.write(f"{total} texts so far")
        vocabulary.build(now=timezone.now())
        if verbosity:
            self.stdout.write(f"{total} texts are indexed.")
