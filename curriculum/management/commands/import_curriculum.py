from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from curriculum import actions, fileformat
from curriculum.changes import changes, known


class Command(BaseCommand):
    help = (
        "Import a curriculum file into the draft and the library. "
        "Says every error, and then changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--publish",
            metavar="CHANGELOG",
            help="publish the draft as well, with this changelog",
        )

    def handle(self, *, file: Path, publish: str | None, **options: Any) -> None:
        now = timezone.now()
        try:
            document = fileformat.load(file.read_bytes(), *known())
            found = changes(document, now=now)
            curriculum = actions.import_document(document, now=now)
        except (fileformat.Malformed, actions.ImportConflict) as error:
            raise CommandError(f"{file.name} is not imported.\n{error}") from None
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        for name, rows in found.rows().items():
            counts = (
                f"{len(rows.created)} new, {len(rows.changed)} changed, "
                f"{len(rows.retired)} retired"
            )
            self.stdout.write(f"{name:<11} {rows.total:>5}  ({counts})")
        if curriculum and publish is not None:
            try:
                release = actions.publish(
                    curriculum, by=None, changelog=publish, now=now
                )
            except (actions.NothingChanged, actions.LintFailed) as error:
                raise CommandError(f"Not published: {error}") from None
            self.stdout.write(f"Published as release {release.number}.")
