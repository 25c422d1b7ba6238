"""What a search asks for, from the address of the page."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Thread
from community.subjects import steps_by_key
from documents.candidates import candidates
from documents.likeness import BODY_READ
from documents.models import END_OF_TITLE
from documents.query import TYPED_MAX, parse
from members.models import Handle, Member
from search.results import PAGES_MOST, Tab
from search.visible import Kind, Narrowed, everything
from text.terms import terms_of

WITHIN = {
    "week": (_("Past week"), timedelta(days=7)),
    "month": (_("Past month"), timedelta(days=31)),
    "year": (_("Past year"), timedelta(days=366)),
}
NAMESAKES_MOST = 20


class SearchForm(forms.Form):
    """The words, and how results are narrowed. What cannot be used is left out, never an
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
        self.named: list[int] = []  # keys of members, once `narrowed` has looked

    def narrowed(self, reader: Member, *, now: datetime) -> Narrowed:
        """A query where an author was named, and one where a step was."""
        given = self.cleaned_data
        within = WITHIN.get(given.get("when", ""))
        answered = given.get("answered", "")
        return Narrowed(
            step=self.at_step,
            thread=self._thread(),
            authors=self._authors(reader),
            within=(now - within[1], now) if within else None,
            answered=answered == "yes" if answered else None,
        )

    @property
    def at_step(self) -> UUID | None:
        """A step that there is."""
        key: UUID | None = self.cleaned_data.get("step")
        return key if key in steps_by_key() else None

    def _thread(self) -> int | None:
        if self.at_step is None:
            return None
        threads = Thread.objects.filter(kind=Thread.Kind.STEP, key=str(self.at_step))
        return threads.values_list("pk", flat=True).first() or 0

    def _authors(self, reader: Member) -> tuple[int, ...] | None:
        """The members who are meant: those of exactly this name, or else all whose name
        holds the words.
        """
        name = self.cleaned_data.get("by", "")
        if not name:
            return None
        if name.startswith("@"):
            self.named = self._with_handle(reader, name[1:])
            return tuple(self.named)
        visible = {Kind.MEMBER: everything(Kind.MEMBER, reader)}
        named = candidates(parse(name), visible, most=NAMESAKES_MOST + 1)
        exactly = f" {' '.join([*terms_of(name), END_OF_TITLE])}"
        exact = [each for each in named if each.words.endswith(f"#member{exactly}")]
        self.named = [each.object_id for each in exact or named]
        return tuple(self.named[:NAMESAKES_MOST])

    def _with_handle(self, reader: Member, handle: str) -> list[int]:
        """The member with this handle, if there is one whom the reader may see."""
        visible = Member.objects.visible_to(reader)
        rows = Handle.objects.named([handle]).filter(member__in=visible)
        return list(rows.values_list("member", flat=True))

    @property
    def hint_of_author(self) -> str:
        """What to know about the name; empty where one or a few members have it."""
        if self.cleaned_data.get("by") and not self.named:
            return str(_("Nobody here has this name."))
        if len(self.named) > NAMESAKES_MOST:
            text = _("Many have this name: only texts of the newest %(n)s are shown.")
            return str(text) % {"n": NAMESAKES_MOST}
        return ""

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to look for: words, or somebody's texts."""
        return bool(self.typed or self.cleaned_data.get("by"))

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


class AlikeForm(forms.Form):
    """A question as far as it is typed. What is too long is cut, never refused."""

    title = forms.CharField(required=False)
    body = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()
        self.typed = str(self.cleaned_data.get("title", ""))[:TYPED_MAX]
        self.first_lines = str(self.cleaned_data.get("body", ""))[:BODY_READ]
