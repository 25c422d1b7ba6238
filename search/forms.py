"""What a search asks for, from the address of the page."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.subjects import steps_by_key
from documents.query import TYPED_MAX
from members.models import Member
from search.results import PAGES_MOST, Tab
from search.visible import Narrowed

WITHIN = {
    "week": (_("Past week"), timedelta(days=7)),
    "month": (_("Past month"), timedelta(days=31)),
    "year": (_("Past year"), timedelta(days=366)),
}
NAMESAKES_MOST = 20


class SearchForm(forms.Form):
    """The words, and how results are narrowed. What makes no sense is left out, never an
    error: an address may be old, or typed by hand.
    """

    q = forms.CharField(label=_("Search for"), required=False)
    kind = forms.ChoiceField(required=False, choices=Tab.choices)
    step = forms.UUIDField(label=_("Step"), required=False)
    by = forms.CharField(label=_("Written by"), required=False, max_length=80)
    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[
            ("", _("Any time")),
            *((name, label) for name, (label, _time) in WITHIN.items()),
        ],
    )
    answered = forms.ChoiceField(
        label=_("Questions"),
        required=False,
        choices=[
            ("", _("All")),
            ("yes", _("With an accepted answer")),
            ("no", _("Still open")),
        ],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=PAGES_MOST)
    exact = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()
        given = self.cleaned_data
        self.given = str(given.get("q", ""))
        self.typed = self.given[:TYPED_MAX]
        self.tab = Tab(given.get("kind", ""))
        self.number: int = given.get("page") or 1
        self.is_exact = bool(given.get("exact"))

    def narrowed(self, reader: Member, *, now: datetime) -> Narrowed:
        """One query where an author was named."""
        given = self.cleaned_data
        within = WITHIN.get(given.get("when", ""))
        answered = given.get("answered", "")
        return Narrowed(
            step=self.at_step,
            authors=self._authors(reader),
            since=now - within[1] if within else None,
            answered=answered == "yes" if answered else None,
        )

    @property
    def at_step(self) -> UUID | None:
        """A step that there is."""
        key: UUID | None = self.cleaned_data.get("step")
        return key if key in steps_by_key() else None

    def _authors(self, reader: Member) -> tuple[int, ...] | None:
        name = self.cleaned_data.get("by", "")
        if not name:
            return None
        named = Member.objects.visible_to(reader).filter(name__iexact=name)
        return tuple(named.values_list("pk", flat=True)[:NAMESAKES_MOST])

    @property
    def is_cut(self) -> bool:
        """Whether more was typed than is searched for."""
        return len(self.given) > TYPED_MAX

    # Addresses

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the results, as an address says it."""
        given = self.cleaned_data
        found = {name: str(given.get(name, "")) for name in ("by", "when", "answered")}
        found["step"] = str(self.at_step or "")
        return {name: value for name, value in found.items() if value}

    def address(self, **changed: object) -> str:
        """The page with these changes; a change begins at its first results."""
        given = {"q": self.typed, "kind": str(self.tab.value), **self.chosen, **changed}
        exact = {"exact": "1"} if self.is_exact and "q" not in changed else {}
        pairs = {name: value for name, value in (given | exact).items() if value}
        return f"{reverse('search:search')}?{urlencode(pairs)}"

    @property
    def exact_url(self) -> str:
        """The same search for what was typed, and nothing else."""
        return self.address(exact="1")

    @property
    def next_url(self) -> str:
        return self.address(page=self.number + 1)
