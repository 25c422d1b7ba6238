"""Rows as an import will leave them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from curriculum import fileformat
from curriculum.models import Curriculum, Resource


class ImportConflict(Exception):
    """The document is right in itself and does not fit this site;
    `problems` says why, in words.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Rows:
    """Rows of one model, as they will be."""

    created: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    retired: list[Any] = field(default_factory=list)
    same: int = 0
    fields: set[str] = field(default_factory=set)

    def settle(self, row: Model, facts: Mapping[str, Any]) -> None:
        """Give the row its facts, and note whether that makes it
        new or different.
        """
        different = {
            name for name, value in facts.items() if getattr(row, name) != value
        }
        for name in different:
            setattr(row, name, facts[name])
        self.fields |= different
        if row.pk is None:
            self.created.append(row)
        elif different:
            self.changed.append(row)
        else:
            self.same += 1

    @property
    def total(self) -> int:
        """How many the document holds."""
        return len(self.created) + len(self.changed) + self.same

    @property
    def touched(self) -> int:
        return len(self.created) + len(self.changed) + len(self.retired)


@dataclass
class Changes:
    curricula: Rows = field(default_factory=Rows)
    steps: Rows = field(default_factory=Rows)
    routes: Rows = field(default_factory=Rows)
    activities: Rows = field(default_factory=Rows)
    resources: Rows = field(default_factory=Rows)
    sections: Rows = field(default_factory=Rows)
    curriculum: Curriculum | None = None
    successors: list[tuple[Resource, str]] = field(default_factory=list)

    def rows(self) -> dict[str, Rows]:
        return {
            "steps": self.steps,
            "routes": self.routes,
            "activities": self.activities,
            "resources": self.resources,
            "sections": self.sections,
        }

    def named_rows(self) -> dict[str, Rows]:
        """The same, by what curators call them."""
        names = (
            _("Steps"),
            _("Routes"),
            _("Activities"),
            _("Resources"),
            _("Sections"),
        )
        return dict(zip(names, self.rows().values(), strict=True))

    @property
    def is_nothing(self) -> bool:
        return not any(rows.touched for rows in (self.curricula, *self.rows().values()))


def _default(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name).get_default()  # type: ignore[union-attr]


def facts_of(
    model: type[Model], kind: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The plain fields, with the model's default where the
    document is silent.
    """
    return {
        name: values.get(name, _default(model, name))
        for name in fileformat.plain_fields(kind)
    }


def key_is_taken(item: str, owner: str) -> str:
    return _(
        "The key of “%(item)s” belongs to something of “%(owner)s”: leave it out to get a new one."
    ) % {
        "item": item,
        "owner": owner,
    }
