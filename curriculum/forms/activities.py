"""Activities, whose keys follow what they ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from curriculum import actions
from curriculum.forms.fields import MarkdownField, text_area
from curriculum.models import ASKED_TWICE, Activity

ASKED_TWICE_RETIRED = _(
    "“%(title)s” asks for the same and is retired here: bring it back instead."
)


class ActivityForm(forms.ModelForm):
    """An activity whose key follows what it asks for."""

    EXERCISES: Any = [
        ("", _("The same as long as it has the same resource and section")),
        ("same", _("The same exercise: what members have done counts")),
        ("new", _("Another exercise: it gets a tick of its own")),
    ]
    note = MarkdownField(
        required=False,
        max_length=1000,
        widget=text_area(4),
        help_text=_("Markdown, for example “the first five of fourteen”."),
    )
    exercise = forms.ChoiceField(
        label=_("For members who have done it"),
        required=False,
        choices=EXERCISES,
        widget=forms.RadioSelect,
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
            self.add_error(
                "section",
                _("This section belongs to “%(title)s”.")
                % {"title": section.resource.title},
            )
        if (route := values.get("route")) and route.step != values.get(
            "step", self.instance.step_id and self.instance.step
        ):
            self.add_error("route", _("This route belongs to another step."))
        return values

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or not self.instance.step_id:
            return
        before = self.instance.key
        actions.settle_key(self.instance, self.cleaned_data.get("exercise", ""))
        if self.instance.route_id:
            here = {"route": self.instance.route}
        else:
            here = {"step": self.instance.step, "route": None}
        twins = Activity.objects.filter(key=self.instance.key, **here).exclude(
            pk=self.instance.pk
        )
        if (twin := twins.first()) is not None:
            message = str(ASKED_TWICE)
            if twin.retired_at is not None:
                message = ASKED_TWICE_RETIRED % {"title": twin.title}
            self.add_error(None, message)
        elif (
            self.instance.key != before or self.instance.pk is None
        ) and not self.cleaned_data.get("exercise"):
            self._ask_about_namesakes()

    def _ask_about_namesakes(self) -> None:
        """Two titles under one key may be two exercises, and only a
        curator can tell.
        """
        other = actions.namesakes(self.instance).first()
        if other is not None:
            words = _(
                "“%(title)s” in “%(curriculum)s” asks for the same part in the same "
                "way, so one tick would stand for"
                " both. Say whether it is the same exercise."
            )
            self.add_error(
                "exercise",
                words
                % {"title": other.title, "curriculum": other.step.curriculum.title},
            )
