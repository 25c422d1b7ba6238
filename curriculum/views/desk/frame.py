"""What every page of a draft shows: how it differs, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from config.values import number
from curriculum import actions
from curriculum.compare import DraftChange, compare, keys_of
from curriculum.export import document_of
from curriculum.fileformat import Document
from curriculum.forms.drafts import ChangelogForm
from curriculum.models import Curriculum, Release
from curriculum.views.desk.names import FIELDS, in_plain_words
from members.requests import MemberRequest
from progress.left_behind import members_by_key


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change as the page shows it, with how many members' work
    it leaves behind.
    """

    change: DraftChange
    chip: str
    field: str
    members: int = 0


@dataclass(frozen=True, slots=True)
class DraftBeside:
    """A draft beside the release that members read."""

    curriculum: Curriculum
    document: Document
    newest: Release | None
    changes: Sequence[ChangeRow]
    problems: Sequence[str]

    @property
    def next_number(self) -> int:
        if self.newest:
            return self.newest.number + 1
        return 1

    @property
    def is_same(self) -> bool:
        return self.newest is not None and self.newest.document == self.document

    @property
    def left_behind(self) -> Sequence[ChangeRow]:
        return [row for row in self.changes if row.members]


def frame_of(request: MemberRequest, curriculum: Curriculum) -> dict[str, Any]:
    """What every page of a draft shows: how it differs from the newest
    release, and what is wrong with it.
    """
    document = document_of(curriculum)
    newest = curriculum.releases.order_by("-number").first()
    found: list[DraftChange] = []
    gone: set[str] = set()
    if newest:
        found = compare(newest.document, document)
        gone = keys_of(newest.document) - keys_of(document)
    members: dict[str, int] = {}
    if gone:
        members = members_by_key(gone)
    rows = [
        ChangeRow(
            change,
            *_named(change),
            members.get(change.key, 0) if change.what == "retired" else 0,
        )
        for change in found
    ]
    problems = [in_plain_words(problem, document) for problem in actions.lint(document)]
    return {
        "draft": DraftBeside(curriculum, document, newest, rows, problems),
        "curriculum": curriculum,
        "changelog": ChangelogForm(),
        "moved": _moved(request.GET.get("moved", "")),
        "shared": actions.shared_ticks(curriculum),
    }


def _moved(text: str) -> dict[str, Any]:
    """The row that was moved a moment ago, and the button that was
    pressed: it gets the focus again.
    """
    focus, _dash, row = text.partition("-")
    kind, _dash, text = row.partition("-")
    pk = number(text)
    if pk is None:
        return {}
    return {"focus": focus, "kind": kind, "pk": pk}


def _named(change: DraftChange) -> tuple[str, str]:
    chips = {
        "added": _("Added"),
        "retired": _("Retired"),
        "moved": _("Moved"),
        "words": _("Words"),
        "facts": _("Facts"),
    }
    return chips[change.what], str(FIELDS.get(change.field, change.field))
