"""What members say about themselves: goal, time, and the page of settings."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from config.versions import FIELD, VersionedForm
from members import actions
from members.forms.fields import NameField, ZoneField
from members.models import USUAL_HOURS, Member

WEEKDAYS = [
    (0, _("Mon")),
    (1, _("Tue")),
    (2, _("Wed")),
    (3, _("Thu")),
    (4, _("Fri")),
    (5, _("Sat")),
    (6, _("Sun")),
]


class GoalForm(forms.ModelForm):
    class Meta:
        model = Member
        fields = ["goal", "goal_words"]
        widgets = {
            "goal": forms.RadioSelect,
            "goal_words": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "goal": _("Why are you learning?"),
            "goal_words": _("In your own words"),
        }
        help_texts = {
            "goal_words": _(
                "Your reminders quote it back to you. No other member sees it. "
                "Whoever runs the machine can read what is stored."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # without the empty choice, “---------”
        self.fields["goal"].choices = Member.Goal.choices  # type: ignore[attr-defined]


class TimeForm(forms.ModelForm):
    time_zone = ZoneField(help_text=_("Your weeks, days and mails follow this clock."))
    study_days = forms.TypedMultipleChoiceField(
        label=_("Which days do you study?"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Member
        fields = ["hours_per_week", "study_days", "time_zone"]
        labels = {"hours_per_week": _("Hours a week")}
        help_texts = {
            "hours_per_week": _(
                "An honest guess. It sets the size of your weekly rings; left empty, 6 hours count."
            )
        }
        widgets: ClassVar[dict[str, Any]] = {
            "hours_per_week": forms.NumberInput(
                attrs={
                    "min": 1,
                    "max": 80,
                    "inputmode": "numeric",
                    "placeholder": USUAL_HOURS,
                }
            )
        }

    def save(self, commit: bool = True) -> Member:
        # Which mail is due for a member depends on their time zone.
        self.instance.look_again()
        return cast(Member, super().save(commit))


class FirstTimeForm(TimeForm):
    """The form of the welcome screen. The time zone is the browser's until the screen
    was saved once.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (
            not self.is_bound
            and self.instance.hours_per_week is None
            and not self.instance.study_days
        ):
            cast(ZoneField, self.fields["time_zone"]).pick()


class SettingsForm(VersionedForm, TimeForm):
    """The form of the settings. If it was changed in two windows, neither overwrites the
    other: the page asks about fields that were changed in both.
    """

    choices_in_errors = False
    name = NameField(widget=forms.TextInput(attrs={"autocomplete": "name"}))

    class Meta(TimeForm.Meta):
        fields = [
            "name",
            "goal",
            "goal_words",
            "hours_per_week",
            "study_days",
            "time_zone",
            "shows_step",
            "helps_with_steps",
        ]
        labels = {
            **TimeForm.Meta.labels,
            **GoalForm.Meta.labels,
            "shows_step": _("Show my step to the group"),
            "helps_with_steps": _("I agree to be asked about steps that I finished"),
        }
        help_texts = {
            **TimeForm.Meta.help_texts,
            **GoalForm.Meta.help_texts,
            "shows_step": _(
                "Members then see your name beside the step that you are on. Without "
                "it nobody does."
            ),
            "helps_with_steps": _(
                "A question that has no answer after two days is offered to you: at most "
                "one a week, and only you are told."
            ),
        }
        widgets = {**TimeForm.Meta.widgets, **GoalForm.Meta.widgets}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].choices = Member.Goal.choices  # type: ignore[attr-defined]

    def _conflict_in_words(self, name: str, theirs: Any, who: str) -> str:
        words = _(
            "You changed this elsewhere after opening this page. Saved is: %(saved)s. "
            "Save again to replace it."
        )
        return words % {"saved": self._in_words(name, theirs)}

    def _in_words(self, name: str, value: Any) -> str:
        if value is True:
            return str(_("on"))
        if value is False:
            return str(_("off"))
        names = dict(getattr(self.fields[name], "choices", ()))
        if isinstance(value, list):
            chosen = value
        else:
            chosen = [value]
        shown = [str(names.get(one, one)) for one in chosen if one not in (None, "")]
        return ", ".join(shown) or str(_("nothing"))

    def save_only_these_fields(self) -> Member:
        """Write no other column: a role or an address may change in the
        same moment.
        """
        member: Member = self.save(commit=False)
        mine = [name for name in self.fields if name != FIELD]
        actions.save_name(member, *mine, "digest_look_at", "reminder_look_at")
        return member
