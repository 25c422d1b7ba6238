from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from config.values import number
from mail.actions import Choices
from mail.models import Preference
from notifications.models import ReachWay
from notifications.reaching import GROUPS, KindGroup, Ways

# label of the field, stored value, value in the form
Difference = tuple[str, str, str]

HOURS = [(hour, f"{hour}:00") for hour in range(24)]
LONGEST_PAUSE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Option:
    """One of the four ways of a group; without a label it is not offered."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class WayRow:
    """A group of kinds and the field of its way."""

    group: KindGroup
    bound: forms.BoundField

    def options(self) -> list[Option]:
        chosen = self.bound.value()
        return [
            Option(way, str(way.label), way == chosen)
            if way in self.group.ways
            else Option(way, "")
            for way in ReachWay
        ]


NEVER = "never"
DAILY = [(NEVER, _("Never")), *((str(hour), f"{hour}:00") for hour in range(24))]
WAY = "way_"  # begins the name of the field of each group of kinds


def _time_field(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class PreferencesForm(forms.Form):
    """What reaches a member, and when. `today` is the date in the member's time zone."""

    daily = forms.ChoiceField(
        label=_("Daily mail at"),
        choices=DAILY,
        required=False,
        help_text=_("Only on days with something in it."),
    )
    digest = forms.BooleanField(label=_("Send me the weekly digest"), required=False)
    weekday = forms.TypedChoiceField(
        label=_("On"), choices=Preference.Weekday.choices, coerce=int
    )
    hour = forms.TypedChoiceField(label=_("At"), choices=HOURS, coerce=int)
    quiet_from = _time_field(_("Quiet from"))
    quiet_until = _time_field(_("Quiet until"))
    reminders = forms.BooleanField(
        label=_("Remind me when I have been away"), required=False
    )
    paused_until = forms.DateField(
        label=_("No mail at all until"),
        required=False,
        help_text=_("Leave it empty for no pause. On that day mail starts again."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for group in GROUPS:
            self.fields[WAY + group.name] = forms.ChoiceField(
                label=group.label,
                choices=[(way, ReachWay(way).label) for way in group.ways],
                required=False,
            )

    @staticmethod
    def initial_of(preference: Preference, ways: Ways, today: date) -> dict[str, Any]:
        """What is stored; a pause that is over is none."""
        until = preference.paused_until
        if until is not None and until <= today:
            until = None
        hour = str(preference.bundle_hour)
        return {
            "daily": NEVER if preference.bundle_stopped_at else hour,
            "digest": preference.digest_stopped_at is None,
            "weekday": preference.digest_weekday,
            "hour": preference.digest_hour,
            "quiet_from": preference.quiet_from,
            "quiet_until": preference.quiet_until,
            "reminders": preference.reminders_stopped_at is None,
            "paused_until": until,
            "version": preference.version,
            **{WAY + name: way for name, way in ways.all().items()},
        }

    def rows(self) -> list["WayRow"]:
        """The table of groups and ways, for the page."""
        return [WayRow(group, self[WAY + group.name]) for group in GROUPS]

    def choices(self, stored: Preference) -> Choices:
        """What was chosen. An hour for a daily mail that never comes is kept."""
        values, daily = self.cleaned_data, self.cleaned_data["daily"]
        plain = ("digest", "weekday", "hour", "reminders", "quiet_from", "quiet_until")
        return Choices(
            **{name: values[name] for name in plain},
            bundle=daily != NEVER,
            bundle_hour=stored.bundle_hour if daily == NEVER else (number(daily) or 0),
            paused_until=values["paused_until"],
            ways={group.name: values[WAY + group.name] for group in GROUPS},
        )

    def differences(self, stored: Preference, ways: Ways) -> list[Difference]:
        """The fields in which this form differs from what is stored."""
        before = self.initial_of(stored, ways, self.today)
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
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type]
        if isinstance(field, forms.TimeField):
            return f"{value:%H:%M}" if value else str(_("none"))
        return date_format(value, "j F Y") if value else str(_("no pause"))

    def clean(self) -> dict[str, Any]:
        """Fill in what a form lacks that was opened before there were these fields."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("quiet_from", "quiet_until"):
            if name not in self.data:
                values[name] = self.initial[name]
        for name in ("daily", *(WAY + group.name for group in GROUPS)):
            if name not in self.errors:
                values[name] = values.get(name) or self.initial[name]
        self._check_quiet_hours(values)
        return values

    def _check_quiet_hours(self, values: dict[str, Any]) -> None:
        if self.errors.keys() & {"quiet_from", "quiet_until"}:
            return
        begins, ends = values.get("quiet_from"), values.get("quiet_until")
        if bool(begins is None) != bool(ends is None):
            words = _("Give both times, or leave both empty for no quiet hours.")
            self.add_error("quiet_until", words)
        elif begins is not None and begins == ends:
            words = _(
                "Quiet hours cannot cover the whole day. To get no mail, pause it."
            )
            self.add_error("quiet_until", words)

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
                _(
                    "A pause lasts at most a year. To get no mail at all, turn each kind off."
                )
            )
        return until
