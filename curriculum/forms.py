"""What curators and members type in: filters of the library, drafts, files to import, a changelog."""

from typing import Any
from urllib.parse import urlencode

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

import richtext
from curriculum import actions, fileformat
from curriculum.models import ASKED_TWICE, Activity, Curriculum, Resource, ResourceQuerySet, Route, Section, Step
from members.models import Member

ANY: Any = [("", _("Any"))]


class LibraryForm(forms.Form):
    """The filters of the library, from the address of the page. What makes no sense is left out, never an error."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=ANY + Resource.Kind.choices)
    cost = forms.ChoiceField(label=_("Cost"), required=False, choices=ANY + Resource.Cost.choices)
    level = forms.ChoiceField(label=_("Level"), required=False, choices=ANY + Resource.Level.choices)
    archived = forms.ChoiceField(
        label=_("Archived"),
        required=False,
        choices=[("", _("Shown")), ("no", _("Hidden")), ("only", _("Alone"))],
    )
    after = forms.CharField(required=False, max_length=400)

    def choices(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "cost", "level", "archived")]

    @property
    def chosen(self) -> dict[str, str]:
        """What is filtered by, without what is empty or wrong."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name != "after"}

    def matching(self, rows: ResourceQuerySet) -> ResourceQuerySet:
        chosen = self.chosen
        rows = rows.search(chosen.get("q", ""))
        rows = rows.filter(**{name: chosen[name] for name in ("kind", "cost", "level") if name in chosen})
        if "archived" in chosen:
            rows = rows.filter(archived_on__isnull=chosen["archived"] == "no")
        return rows

    def page(self, rows: ResourceQuerySet) -> ResourceQuerySet:
        """In the library's order, from where the address says."""
        pk, _colon, title = self.cleaned_data.get("after", "").partition(":")
        if pk.isascii() and pk.isdecimal() and len(pk) < 19:
            rows = rows.after(title, int(pk))
        return rows.order_by("title", "pk")

    def address_after(self, last: Resource) -> str:
        return "?" + urlencode({**self.chosen, "after": f"{last.pk}:{last.title}"})


# Fields of the curators' desk


class LinesField(forms.CharField):
    """A list of short texts, one on a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != self.to_python(data)


def check_web_address(value: str) -> None:
    if not fileformat.is_web_address(value):
        words = _("This must be a whole address that starts with http:// or https://: %(value)s")
        raise ValidationError(words, params={"value": value})


class AddressesField(LinesField):
    def validate(self, value: Any) -> None:
        super().validate(value)
        for address in value:
            check_web_address(address)


class AddressField(forms.URLField):
    default_validators = [check_web_address]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            assume_scheme="https", **{"max_length": 500, "widget": forms.URLInput(attrs={"size": 80}), **kwargs}
        )


class MarkdownField(forms.CharField):
    """Markdown that can be shown; what cannot is refused with the reason, and kept in the form."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        try:
            richtext.render(value)
        except richtext.TextRefused as error:
            raise ValidationError(str(error)) from None


class CreditField(forms.CharField):
    """Whose idea a curriculum is, as it is written in a curriculum file."""

    BEFORE = "format: 1\ncurriculum:\n  slug: x\n  title: x\n  credit:\n"
    widget = forms.Textarea(attrs={"rows": 8, "cols": 80})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True) if value else ""

    def to_python(self, value: Any) -> Any:
        text = "\n".join("    " + line for line in (value or "").splitlines())
        try:
            document = fileformat.load(self.BEFORE + text + "\n")
        except fileformat.Malformed as error:
            before = self.BEFORE.count("\n")
            raise ValidationError(
                [
                    _("Line %(line)s, %(field)s: %(message)s")
                    % {
                        "line": max(problem.line - before, 1),
                        "field": problem.field.removeprefix("curriculum."),
                        "message": problem.message,
                    }
                    for problem in error.problems
                ]
            ) from None
        return document["curriculum"].get("credit", [])

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or []) != self.to_python(data))
        except ValidationError:
            return True


class SlugField(forms.SlugField):
    """Part of an address, where the site has no page of its own."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value in fileformat.RESERVED:
            raise ValidationError(_("The address “%(slug)s” is taken by a page of the site."), params={"slug": value})


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "cols": 90})


# Drafts


class SlugOnce(forms.ModelForm):
    """A slug that no other row of the same parent has, retired ones aside: the constraint, in time and in words."""

    parent: str
    taken: Any

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        row = self.instance
        if "slug" not in self.errors and getattr(row, f"{self.parent}_id") and not row.retired_at:
            others = type(row)._default_manager.filter(**{self.parent: getattr(row, self.parent), "slug": row.slug})
            if others.filter(retired_at=None).exclude(pk=row.pk).exists():
                self.add_error("slug", self.taken)


class SlugsOnce(forms.BaseInlineFormSet):
    """New rows on one page that would take the same slug."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        rows: list[Any] = self.forms
        for form in rows:
            slug = form.cleaned_data.get("slug") if form.has_changed() and form.is_valid() else None
            if slug in seen:
                form.add_error("slug", form.taken)
            elif slug:
                seen.add(slug)


class CurriculumForm(forms.ModelForm):
    slug = SlugField(max_length=50, help_text=_("Its part of the address."))
    intro = MarkdownField(required=False, widget=_area(12), help_text=_("Markdown, with $maths$ where it helps."))
    credit = CreditField(
        required=False,
        help_text=_("Whose idea this is, as in a curriculum file: “- author: …”, then title, url, year."),
    )

    class Meta:
        model = Curriculum
        fields = ["title", "slug", "language", "summary", "intro", "licence", "credit"]
        widgets = {"summary": _area(3)}


class StepForm(SlugOnce):
    parent, taken = "curriculum", _("This curriculum has a step with this slug.")
    slug = SlugField(max_length=50, help_text=_("Its part of the address."))
    intro = MarkdownField(required=False, widget=_area(12), help_text=_("Markdown, with $maths$ where it helps."))

    class Meta:
        model = Step
        fields = ["curriculum", "position", "title", "slug", "summary", "purpose", "hours", "intro", "done_when"]
        widgets = {"summary": _area(3), "done_when": _area(2)}


class RouteForm(SlugOnce):
    parent, taken = "step", _("This step has a route with this slug.")
    for_goals = forms.MultipleChoiceField(
        label=_("Recommended for"),
        required=False,
        choices=Member.Goal.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Members with these goals find this route chosen."),
    )

    class Meta:
        model = Route
        fields = ["step", "position", "title", "slug", "summary", "kind", "hours", "fit", "for_goals"]
        widgets = {"summary": _area(3), "fit": _area(2)}


class StepRow(SlugOnce):
    """A step on the page of its curriculum."""

    parent, taken = StepForm.parent, StepForm.taken
    slug = SlugField(max_length=50, widget=forms.TextInput(attrs={"size": 18}))


class RouteRow(SlugOnce):
    """A route on the page of its step."""

    parent, taken = RouteForm.parent, RouteForm.taken


class ActivityForm(forms.ModelForm):
    """An activity whose key follows what it asks for."""

    note = MarkdownField(
        required=False, max_length=1000, widget=_area(4), help_text=_("Markdown, like “the first five of fourteen”.")
    )

    class Meta:
        model = Activity
        fields = [
            "step",
            "route",
            "position",
            "do",
            "title",
            "resource",
            "section",
            "aspect",
            "minutes",
            "core",
            "note",
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        section, resource = values.get("section"), values.get("resource")
        if section and section.resource != resource:
            self.add_error("section", _("This section belongs to “%(title)s”.") % {"title": section.resource.title})
        if (route := values.get("route")) and route.step != values.get("step"):
            self.add_error("route", _("This route belongs to another step."))
        return values

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and self.instance.step_id:
            actions.settle_key(self.instance)
            here = (
                {"route": self.instance.route}
                if self.instance.route_id
                else {"step": self.instance.step, "route": None}
            )
            if Activity.objects.filter(key=self.instance.key, **here).exclude(pk=self.instance.pk).exists():
                self.add_error(None, ASKED_TWICE)


class ResourceForm(forms.ModelForm):
    url = AddressField(label=_("Address"))
    archive_url = AddressField(label=_("Archived copy"), required=False)
    authors = LinesField(required=False, help_text=_("One on a line."))
    other_urls = AddressesField(label=_("Other addresses"), required=False, help_text=_("One on a line."))
    named_by = LinesField(label=_("Named by"), required=False, help_text=_("Source texts that name it, one on a line."))

    class Meta:
        model = Resource
        exclude = ["shipped_digest"]  # noqa: DJ006  (all fields that people may change)
        widgets = {"note": _area(4), "title": forms.TextInput(attrs={"size": 80})}

    def clean_successor(self) -> Resource | None:
        successor = self.cleaned_data["successor"]
        if successor and successor == self.instance:
            raise ValidationError(_("A resource cannot follow itself."))
        return successor


class SectionForm(forms.ModelForm):
    url = AddressField(label=_("Address"), required=False, widget=forms.URLInput(attrs={"size": 30}))

    class Meta:
        model = Section
        fields = ["position", "slug", "title", "url", "locator", "minutes", "level"]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.instance._state.adding and self.instance.resource_id:
            self.instance.key = fileformat.section_key(self.instance.resource.slug, self.instance.slug)


# Files and releases


class ImportForm(forms.Form):
    """A file, or the text of one: what was uploaded comes back as text, so that it can be mended in place."""

    file = forms.FileField(label=_("File"), required=False, help_text=_("A curriculum file in YAML, up to 2 MB."))
    text = forms.CharField(label=_("Or its text"), required=False, strip=False, widget=_area(24))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("file") and not values.get("text"):
            raise ValidationError(_("Choose a file, or paste its text."))
        return values

    def source(self) -> bytes | str:
        """What was sent; of a file that is too long, as much as shows that it is."""
        file = self.cleaned_data.get("file")
        return file.read(fileformat.BYTES_MAX + 1) if file else self.cleaned_data["text"]


class PublishForm(forms.Form):
    changelog = forms.CharField(
        label=_("What has changed, for members"), required=False, max_length=5000, widget=_area(5)
    )
