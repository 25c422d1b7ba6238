from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mail.models import Preference

# label of the field, stored value, value in the form
Difference = tuple[str, str, str]

HOURS = [(hour, f"{hour}:00") for hour in range(24)]
LONGEST_PAUSE = timedelta(days=366)


class PreferencesForm(forms.Form):
    """Mail preferences. `today` is the date in the member's time zone."""

    digest = forms.BooleanField(label=_("Send me the weekly digest"), required=False)
    weekday = forms.TypedChoiceField(
        label=_("On"), choices=Preference.Weekday.choices, coerce=int
    )
    hour = forms.TypedChoiceField(label=_("At"), choices=HOURS, coerce=int)
    reminders = forms.BooleanField(
        label=_("Remind me once when I have been away for a week"), required=False
    )
    paused_until = forms.DateField(
        label=_("No mail until"),
        required=False,
        help_text=_("Leave it empty for no pause. On that day mail starts again."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @staticmethod
    def initial_of(preference: Preference, today: date) -> dict[str, Any]:
        """What is stored; a pause that is over is none."""
        until = preference.paused_until
        if until is not None and until <= today:
            until = None
        return {
            "digest": preference.digest_stopped_at is None,
            "weekday": preference.digest_weekday,
            "hour": preference.digest_hour,
            "reminders": preference.reminders_stopped_at is None,
            "paused_until": until,
            "version": preference.version,
        }

    def differences(self, stored: Preference) -> list[Difference]:
        """The fields in which this form differs from what is stored."""
        before = self.initial_of(stored, self.today)
        return [
            (
                str(self.fields[name].label),
                self._shown(name, before[name]),
                self._shown(name, value),
            )
            for name, value in self.cleaned_data.items()
            if name != "version" and value != before[name]
        ]

    def _shown(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        field = self.fields[name]
        if isinstance(field, forms.TypedChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type]
        return date_format(value, "j F Y") if value else str(_("no pause"))

    def clean_paused_until(self) -> date | None:
        until: date | None = self.cleaned_data["paused_until"]
        if until is None:
            return None
        if until <= self.today:
            raise forms.ValidationError(
                _("Choose a day after today, or leave it empty for no pause.")
            )
        if until > self.today + LONGEST_PAUSE:
            raise forms.ValidationError(
                _("A pause lasts at most a year. To get no mail at all, untick both.")
            )
        return until
