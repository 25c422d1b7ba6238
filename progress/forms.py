"""What members type: minutes, and the day on which a pause ends."""

import uuid

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from curriculum.models import Aspect
from progress.actions import MOST_MINUTES

RANGE = format_lazy(_("Minutes are a whole number between 1 and {most}."), most=MOST_MINUTES)


class MinutesForm(forms.Form):
    aspect = forms.ChoiceField(
        choices=Aspect.choices,
        error_messages={name: _("Say what you did: run, hack or math.") for name in ("required", "invalid_choice")},
    )
    minutes = forms.IntegerField(
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), RANGE),
    )
    studied_on = forms.DateField(required=False, error_messages={"invalid": _("This is no day of the calendar.")})
    deed = forms.UUIDField(required=False, initial=uuid.uuid4)


class PauseForm(forms.Form):
    until = forms.DateField(error_messages={"required": _("Say when you come back."), "invalid": _("Say a day.")})


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)
