"""The forms of the curators' pages on the site.

Where a row stands is said by the page, not by a field.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.values import number
from config.versions import VersionedForm
from curriculum.forms import ActivityForm, CurriculumForm, RouteForm, StepForm
from curriculum.models import Activity, Curriculum, Resource, Route, Section, Step


class CurriculumDraftForm(VersionedForm, CurriculumForm):
    choices_in_errors = False

    class Meta(CurriculumForm.Meta):
        fields = ["title", "slug", "summary", "intro", "language", "licence", "credit"]
        model = Curriculum


class StepDraftForm(VersionedForm, StepForm):
    choices_in_errors = False

    class Meta(StepForm.Meta):
        fields = ["title", "slug", "summary", "purpose", "hours", "done_when", "intro"]
        model = Step
        labels = {
            "hours": _("Hours"),
            "done_when": _("Done when"),
            "intro": _("Introduction"),
        }
        help_texts = {
            "summary": _("One or two sentences, for the path."),
            "hours": _("About, for the core work on one route."),
            "done_when": _(
                "One sentence: how members know for themselves that they are done."
            ),
        }


class RouteDraftForm(VersionedForm, RouteForm):
    choices_in_errors = False

    class Meta(RouteForm.Meta):
        fields = ["title", "slug", "summary", "kind", "hours", "fit", "for_goals"]
        model = Route


class ActivityDraftForm(VersionedForm, ActivityForm):
    """`section` offers those of the resource that is chosen; without
    script a button shows those of another.
    """

    choices_in_errors = False

    class Meta(ActivityForm.Meta):
        fields = [
            "title",
            "do",
            "aspect",
            "route",
            "resource",
            "section",
            "minutes",
            "core",
            "note",
        ]
        model = Activity
        labels = {
            "do": _("What to do"),
            "core": _("Core: the step is not done without it"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = self.instance.step
        route, resource, section = (
            self.fields["route"],
            self.fields["resource"],
            self.fields["section"],
        )
        assert isinstance(route, forms.ModelChoiceField)
        assert isinstance(resource, forms.ModelChoiceField)
        assert isinstance(section, forms.ModelChoiceField)
        route.queryset = Route.objects.filter(step=step, retired_at=None).order_by(
            "position", "pk"
        )
        route.label_from_instance = _title  # type: ignore[method-assign]
        route.empty_label = str(_("Every route: all members do it"))
        resource.queryset = Resource.objects.order_by("title")
        resource.empty_label = str(_("None: an exercise of your own"))
        chosen = number(str(self["resource"].value() or ""))
        section.queryset = Section.objects.filter(resource=chosen).order_by(
            "position", "pk"
        )
        section.label_from_instance = _title  # type: ignore[method-assign]
        section.empty_label = str(_("The whole resource"))
        section.error_messages["invalid_choice"] = _(
            "Choose a section of this resource, or the whole of it."
        )
        if not route.queryset.exists():
            del self.fields["route"]


def _title(obj: Any) -> str:
    return str(obj.title)


class ChangelogForm(forms.Form):
    changelog = forms.CharField(
        label=_("One line for the changelog"),
        max_length=500,
        error_messages={
            "required": _("Say in one line what has changed: members read it.")
        },
        help_text=_("Members read it with what was added, changed and retired."),
    )
