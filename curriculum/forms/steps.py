"""Steps and their routes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from curriculum.forms.fields import MarkdownField, SlugField, text_area
from curriculum.forms.slugs import SlugOnce
from curriculum.models import Route, Step
from members.models import Member


class StepForm(SlugOnce):
    parent, taken = "curriculum", _("This curriculum has a step with this slug.")
    slug = SlugField(max_length=50, help_text=_("Used in its address."))
    intro = MarkdownField(
        label=_("Introduction"),
        required=False,
        widget=text_area(12),
        help_text=_("Markdown, with $maths$ where it helps."),
    )

    class Meta:
        model = Step
        fields = [
            "curriculum",
            "position",
            "title",
            "slug",
            "summary",
            "purpose",
            "hours",
            "intro",
            "done_when",
        ]
        widgets = {"summary": text_area(3), "done_when": text_area(2)}


class RouteForm(SlugOnce):
    parent, taken = "step", _("This step has a route with this slug.")
    for_goals = forms.MultipleChoiceField(
        label=_("Recommended for"),
        required=False,
        choices=Member.Goal.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("This route is preselected for members with these goals."),
    )

    class Meta:
        model = Route
        fields = [
            "step",
            "position",
            "title",
            "slug",
            "summary",
            "kind",
            "hours",
            "fit",
            "for_goals",
        ]
        widgets = {"summary": text_area(3), "fit": text_area(2)}


class StepRow(SlugOnce):
    """A step on the page of its curriculum."""

    parent, taken = StepForm.parent, StepForm.taken
    slug = SlugField(max_length=50, widget=forms.TextInput(attrs={"size": 18}))


class RouteRow(SlugOnce):
    """A route on the page of its step."""

    parent, taken = RouteForm.parent, RouteForm.taken
