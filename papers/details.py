"""What the page of one paper shows of it."""

from collections import namedtuple
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef

from curriculum.models import Activity, Release
from curriculum.outline import Outline, Step
from lists.statement import Statement
from members.models import Member
from members.sessions import columns
from papers.models import Paper, PaperVersion, Reading

COLUMNS = columns(Paper)


class _Version(NamedTuple):
    number: int
    announced_on: date


class _Using(NamedTuple):
    pk: int


PAPER: Statement[Any] = Statement(
    namedtuple("_Paper", [*COLUMNS, "is_kept"]),
    lambda arxiv_id, member: (
        Paper.objects.filter(arxiv_id=arxiv_id)
        .annotate(
            is_kept=Exists(
                Reading.objects.filter(
                    paper=OuterRef("pk"), member=member, kept_at__isnull=False
                )
            )
        )
        .values_list(*COLUMNS, "is_kept")[:1]
    ),
    arxiv_id=str,
    member=Member,
)
VERSIONS = Statement(
    _Version,
    lambda paper: PaperVersion.objects.filter(paper=paper).values_list(
        "number", "announced_on"
    ),
    paper=int,
)
USING = Statement(
    _Using,
    lambda arxiv_id: (
        Release.objects.newest()
        .filter(
            Exists(
                Activity.objects.filter(
                    step__curriculum=OuterRef("curriculum"),
                    resource__arxiv_id=arxiv_id,
                    retired_at=None,
                )
            )
        )
        .values_list("pk")
    ),
    arxiv_id=str,
)


@dataclass(frozen=True, slots=True)
class PaperDetails:
    paper: Paper
    is_kept: bool
    # every version up to the newest, newest first, with the day on which it was
    # announced to us
    versions: list[tuple[int, date | None]]
    steps: list[tuple[Outline, Step]]  # those of the newest releases that read it


def details(arxiv_id: str, *, member: Member) -> PaperDetails | None:
    """Three queries; one more when steps read the paper, and one for each of their
    releases that is not in memory.
    """
    row = PAPER.first(arxiv_id=arxiv_id, member=member)
    if row is None:
        return None
    paper = Paper.from_db(connection.alias, COLUMNS, row[:-1])
    return PaperDetails(paper, row.is_kept, _versions(paper), _steps_using(paper))


def _versions(paper: Paper) -> list[tuple[int, date | None]]:
    days = dict(VERSIONS(paper=paper.pk))
    newest = max([paper.version, *days])
    return [(number, days.get(number)) for number in range(newest, 0, -1)]


def _steps_using(paper: Paper) -> list[tuple[Outline, Step]]:
    using = [row.pk for row in USING(arxiv_id=paper.arxiv_id)]
    releases = Release.objects.light().filter(pk__in=using) if using else []
    steps: list[tuple[Outline, Step]] = []
    for release in releases:
        outline = release.outline
        reading = [each for each in outline.steps if _reads(each, paper.arxiv_id)]
        steps += [(outline, step) for step in reading]
    return steps


def _reads(step: Step, arxiv_id: str) -> bool:
    return any(
        each.source and each.source.arxiv_id == arxiv_id
        for each in step.every_activity()
    )
