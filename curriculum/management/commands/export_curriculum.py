from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from curriculum import fileformat
from curriculum.export import document_of
from curriculum.models import Curriculum


class Command(BaseCommand):
    help = "Write a curriculum's draft, or one of its releases, as a curriculum file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument(
            "--release",
            type=int,
            metavar="NUMBER",
            help="this release instead of the draft",
        )

    def handle(self, *, slug: str, release: int | None, **options: Any) -> None:
        curriculum = Curriculum.objects.filter(slug=slug).first()
        if curriculum is None:
            known = (
                ", ".join(
                    Curriculum.objects.order_by("slug").values_list("slug", flat=True)
                )
                or "none"
            )
            raise CommandError(
                f"There is no curriculum “{slug}” here. There are: {known}."
            )
        if release is None:
            document = document_of(curriculum)
        elif frozen := curriculum.releases.filter(number=release).first():
            document = frozen.document
        else:
            raise CommandError(f"“{slug}” has no release {release}.")
        self.stdout.write(fileformat.dump(document), ending="")
