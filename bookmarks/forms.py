"""What a member presses and types about a saved thing."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookmarks import dates
from bookmarks.models import NOTE_MOST


class ReminderForm(forms.Form):
    """A day by one press (`date`), or in a field (`day`)."""

    day = forms.DateField(
        label=_("On a day"),
        required=False,
        error_messages={"invalid": _("This is not a date. Write it as 2026-12-24.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """With `chosen`: the day, None for no reminder."""
        given = super().clean() or {}
        press = self.data.get("date", "")
        if press in dates.CHOICES:
            given["chosen"] = dates.CHOICES[press](self.today)
        elif press == "none":
            given["chosen"] = None
        elif given.get("day"):
            given["chosen"] = given["day"]
        elif not self.errors:
            self.add_error("day", _("Choose a day."))
        return given


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note to yourself"), max_length=NOTE_MOST, required=False
    )
