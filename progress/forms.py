"""What members type: minutes, and the day on which a pause ends."""

import uuid
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from curriculum.models import Aspect
from progress.actions import MOST_MINUTES

RANGE = format_lazy(
    _("Minutes are a whole number between 1 and {most}."), most=MOST_MINUTES
)


class MinutesForm(forms.Form):
    is_blank = False

    aspect = forms.ChoiceField(
        choices=Aspect.choices,
        error_messages={
            name: _("Say what you did: run, hack or math.")
            for name in ("required", "invalid_choice")
        },
    )
    minutes = forms.IntegerField(
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), RANGE
        ),
    )
    studied_on = forms.DateField(
        required=False, error_messages={"invalid": _("Enter a date of the calendar.")}
    )
    press_id = forms.UUIDField(required=False, initial=uuid.uuid4)

    @property
    def day_in_field(self) -> str:
        """The day as a date field takes it, or what was typed in its place."""
        day = self["studied_on"].value()
        if isinstance(day, date):
            return day.isoformat()
        return day or ""


class PauseForm(forms.Form):
    until = forms.DateField(
        error_messages={
            "required": _("Say when you come back."),
            "invalid": _("Enter a date of the calendar."),
        }
    )


@dataclass(frozen=True, slots=True)
class TypedMenu:
    """What was typed into the menu of an activity, and what is wrong with it."""

    minutes: str = ""
    confidence: str = ""
    error: str = ""
    press_id: uuid.UUID = field(default_factory=uuid.uuid4)
