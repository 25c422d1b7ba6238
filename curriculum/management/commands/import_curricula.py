from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from curriculum import actions, fileformat
from curriculum.changes import Changes, known
from curriculum.fileformat import Document, Malformed

BUILTIN = Path(__file__).resolve().parents[2] / "builtin"
COLUMNS = ("", "steps", "routes", "activities", "resources", "sections", "")


class Command(BaseCommand):
    help = (
        "Import the curricula that come with the site, and publish those that "
        "changed. Edited ones are left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=BUILTIN)

    def handle(self, *, folder: Path, verbosity: int, **options: Any) -> None:
        now = timezone.now()
        rows: list[tuple[str, ...]] = [COLUMNS]
        for path, document in documents_in(folder):
            try:
                found = actions.import_shipped(document, now=now)
            except actions.ImportConflict as error:
                raise CommandError(f"{path.name}: {error}") from None
            counts = [str(of_kind.total or "") for of_kind in found.rows().values()]
            rows.append((path.stem, *counts, outcome(found, document, now)))
        if verbosity:
            self.stdout.write(as_table(rows))


def documents_in(folder: Path) -> list[tuple[Path, Document]]:
    """The checked files, those of resources first.

    They may use one another's resources.
    """
    texts = {path: path.read_bytes() for path in sorted(folder.glob("*.yaml"))}
    # Not compared with what curators have here: that must never keep a
    # site from starting after an update.
    resources, sections, _activities = known()
    for text in texts.values():
        more_resources, more_sections = fileformat.declared(text)
        resources |= more_resources
        sections |= more_sections
    problems, documents = [], []
    for path, text in texts.items():
        try:
            documents.append((path, fileformat.load(text, resources, sections)))
        except Malformed as error:
            problems += [f"{path.name}, {line}" for line in str(error).splitlines()]
    if problems:
        raise CommandError("\n".join(problems))
    return sorted(documents, key=lambda pair: ("curriculum" in pair[1], pair[0]))


def outcome(found: Changes, document: Document, now: datetime) -> str:
    """Publish what has changed, and say what was done."""
    if "curriculum" not in document:
        if found.is_nothing:
            return "unchanged"
        return "imported"
    if found.curriculum is None:
        return "left alone: edited here"
    first = not found.curriculum.releases.exists()
    try:
        if first:
            words = "The first release."
        else:
            words = "Came with a new version of the site."
        release = actions.publish(found.curriculum, by=None, changelog=words, now=now)
    except actions.NothingChanged:
        return "unchanged"
    except actions.LintFailed as error:
        raise CommandError(f"{found.curriculum.slug}: {error}") from None
    return f"published as release {release.number}"


def as_table(rows: list[tuple[str, ...]]) -> str:
    """First and last column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]

    def line(name: str, *counts_and_outcome: str) -> str:
        *counts, outcome = counts_and_outcome
        cells = [
            count.rjust(width)
            for count, width in zip(counts, widths[1:-1], strict=True)
        ]
        return "  ".join([name.ljust(widths[0]), *cells, outcome]).rstrip()

    return "\n".join(line(*row) for row in rows)
