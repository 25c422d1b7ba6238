"""`manage.py harvest`: read arXiv's feeds now, or one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format

from papers import actions, arxiv, harvest
from papers.harvest import Visit

KEPT = "; the papers before the fault are kept, the rest comes with the next feed"


class Command(BaseCommand):
    help = (
        "Read arXiv's feeds of the day and store their papers: "
        "those of the settings, or one file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="a feed that was saved before; nothing is asked of arXiv",
        )
        parser.add_argument(
            "--category",
            action="append",
            help="only this one, such as cs.LG (may be given again)",
            metavar="NAME",
        )

    def handle(
        self, *, file: Path | None, category: list[str] | None, **_options: Any
    ) -> None:
        wrong = [
            each
            for each in category or []
            if not each or arxiv.category_named(each) != each
        ]
        if wrong:
            raise CommandError(
                f"arXiv has no category {', '.join(wrong)}; they look like cs.LG or hep-ex"
            )
        if file is not None:
            visits = [self._read(file, category or [])]
        else:
            categories = category or settings.ARXIV_CATEGORIES
            visits = [harvest.visit(each, now=timezone.now()) for each in categories]
        harvest.rank_newest_day(visits)
        for visit in visits:
            if not visit.failure or visit.announced_on:
                self.stdout.write(told(visit))
        failures = [told_failure(visit, file) for visit in visits if visit.failure]
        if failures:
            raise CommandError("\n".join(failures))

    def _read(self, file: Path, categories: list[str]) -> Visit:
        now = timezone.now()
        try:
            with file.open("rb") as opened:
                body = opened.read(arxiv.MAX_BYTES + 1)
            feed = harvest.read(body, name=file.name, now=now)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except arxiv.FeedRefused as refused:
            for each in categories:
                actions.mark_feed_failed(
                    actions.follow_feed(each), str(refused), now=now
                )
            return Visit(refused.name, failure=refused.reason)
        if missing := [each for each in categories if each not in feed.categories]:
            return Visit(
                file.name, failure=f"it is not the feed of {', '.join(missing)}"
            )
        stored = actions.store(feed, now=now)
        repeated = harvest.told_repeats(stored)
        name = ", ".join(feed.categories)
        return Visit(
            name,
            feed.announced_on,
            stored,
            feed.fault,
            repeated=repeated,
            note=feed.note,
        )


def told_failure(visit: Visit, file: Path | None) -> str:
    name = file.name if file else visit.category
    rest = KEPT if visit.announced_on else ""
    return f"{name}: {visit.failure}{rest}"


def told(visit: Visit) -> str:
    day = (
        date_format(visit.announced_on, "j F Y") if visit.announced_on else "no day yet"
    )
    if not visit.changed:
        return f"{visit.category}: {visit.repeated or f'nothing new since {day}'}"
    stored = visit.stored
    said = (
        f"{visit.category} of {day}: {stored.announcements} new announcements, "
        f"{stored.papers} new papers, {stored.versions} new versions"
    )
    return "; ".join(filter(None, (said, visit.repeated, visit.note)))
