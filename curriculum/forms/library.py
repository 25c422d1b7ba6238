"""The filters of the library."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from curriculum import finding
from curriculum.finding import Spot
from curriculum.library import ShelfRow
from curriculum.models import Release, Resource, ResourceQuerySet
from lists.keyset import TitleCursor

ANY: Any = [("", _("Any"))]
ACTIVITY = "activity"  # not a kind of resource: what the steps ask members to do


@dataclass(frozen=True, slots=True)
class Filters:
    """What is typed and chosen above the library."""

    q: str
    kind: str
    cost: str
    level: str
    archived: str

    @property
    def form(self) -> "LibraryForm":
        return LibraryForm(asdict(self))


class LibraryForm(forms.Form):
    """The filters of the library, from the address of the page.

    What cannot be used is left out, never an error.
    """

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[*ANY, *Resource.Kind.choices, (ACTIVITY, _("Activity of a step"))],
    )
    cost = forms.ChoiceField(
        label=_("Cost"), required=False, choices=ANY + Resource.Cost.choices
    )
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=ANY + Resource.Level.choices
    )
    archived = forms.ChoiceField(
        label=_("Archived"),
        required=False,
        choices=[("", _("Shown")), ("no", _("Hidden")), ("only", _("Only archived"))],
    )
    after = forms.CharField(required=False, max_length=400)

    def choices(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "cost", "level", "archived")]

    @property
    def filters(self) -> Filters:
        """As the address has them, right or wrong."""
        data = self.data
        return Filters(
            **{each.name: data.get(each.name, "") for each in fields(Filters)}
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What is filtered by, without what is empty or wrong."""
        self.is_valid()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value and name != "after"
        }

    def matching(self, rows: ResourceQuerySet) -> ResourceQuerySet:
        chosen = self.chosen
        rows = rows.search(chosen.get("q", ""))
        rows = rows.filter(
            **{
                name: chosen[name]
                for name in ("kind", "cost", "level")
                if name in chosen
            }
        )
        if "archived" in chosen:
            rows = rows.filter(archived_on__isnull=chosen["archived"] == "no")
        return rows

    def page(self, rows: ResourceQuerySet) -> ResourceQuerySet:
        """In the library's order, from where the address says."""
        cursor = TitleCursor.parse(self.cleaned_data.get("after", ""))
        if cursor is not None:
            rows = rows.after(cursor.title, cursor.pk)
        return rows.order_by("title", "pk")

    def address_after(self, last: ShelfRow) -> str:
        return self._address(after=str(TitleCursor(last.title, last.pk)))

    # Activities

    @property
    def is_first_page(self) -> bool:
        return not self.cleaned_data.get("after")

    def activities(self, releases: Iterable[Release]) -> list[Spot]:
        """Those that match; none where a kind of resource is
        chosen, or nothing is.
        """
        chosen = self.chosen
        if chosen.get("kind", ACTIVITY) != ACTIVITY or not {"q", "kind"} & set(chosen):
            return []
        filters = {
            name: chosen[name]
            for name in ("cost", "level", "archived")
            if name in chosen
        }
        return [
            spot
            for spot in finding.activities(releases, chosen.get("q", ""))
            if finding.fits(spot, **filters)
        ]

    def page_of_activities(
        self, spots: Sequence[Spot], most: int
    ) -> tuple[Sequence[Spot], str]:
        """Those from where the address says, and the address of
        the next page.
        """
        names = [spot.name for spot in spots]
        after = self.cleaned_data.get("after", "")
        start = 0
        if after in names:
            start = names.index(after) + 1
        page = spots[start : start + most]
        if start + most >= len(spots):
            return page, ""
        return page, self._address(after=page[-1].name)

    def address_of_activities(self) -> str:
        return self._address(kind=ACTIVITY)

    def _address(self, **changed: str) -> str:
        return "?" + urlencode({**self.chosen, **changed})
