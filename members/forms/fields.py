"""Fields of members: the time zone, and the name of a person or of
the group.
"""

import zoneinfo
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from django import forms
from django.template import engines
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from fields.typed import length_to_clean
from text.typed import can_be_seen, clean_name


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Every zone that people live in, as “Europe/Berlin”; without the
    historical and technical names.
    """
    regions = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    names = sorted(
        name for name in zoneinfo.available_timezones() if name.startswith(regions)
    )
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ZoneOption(NamedTuple):
    """Where the option of a zone is in the HTML of all of them."""

    label: str
    begin: int
    end: int


@cache
def zone_options() -> tuple[Markup, dict[str, ZoneOption]]:
    """The options of all zones, made once in a process: their names are
    the same in every language.
    """
    engine: Any = engines["jinja2"]
    macros = engine.env.get_template("members/_zone_options.html").module
    zones = zone_choices()
    ends = [0, *accumulate(len(macros.zone_options([zone])) for zone in zones)]
    places = {
        zone: ZoneOption(label, begin, end)
        for (zone, label), (begin, end) in zip(zones, pairwise(ends), strict=True)
    }
    return macros.zone_options(zones), places


class ZoneSelect(forms.Select):
    """As Django's, with the options of some hundred zones made beforehand."""

    template_name = "members/_zone_select.html"

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        given = self.build_attrs(self.attrs, attrs)
        written = {key: each for key, each in given.items() if each is not False}
        # An attribute without a value is written with its own name as its
        # value.
        written |= {key: key for key, each in given.items() if each is True}
        return {"widget": {"name": name, "attrs": written}, **_options(str(value))}

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the first option is a zone. Django would look at all of them."""
        return False


def _options(zone: str) -> dict[str, Any]:
    """What the template shows: the chosen zone and the options around it."""
    html, places = zone_options()
    if zone not in places:
        return {"before": html, "chosen": None, "after": ""}
    label, begin, end = places[zone]
    return {"before": html[:begin], "chosen": (zone, label), "after": html[end:]}


class ZoneField(forms.ChoiceField):
    """A time zone.

    The page's script offers the browser's own; it picks it only where
    nobody has chosen yet.
    """

    widget = ZoneSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=zone_choices, **{"label": _("Time zone"), **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        words = {
            "data-zone-offer": _("Your browser is in {zone}:"),
            "data-zone-use": _("use it"),
        }
        return {**super().widget_attrs(widget), **words}

    def pick(self) -> None:
        """Let the script pick the browser's zone: nothing is
        stored or typed yet.
        """
        self.widget.attrs["data-detect-zone"] = ""
        words = _("Times are shown in UTC until you choose your zone.")
        self.help_text = f"{self.help_text} {words}".strip()


class NameField(forms.CharField):
    """The name of a person or of the group: something that can be seen,
    spelled in one way.
    """

    REFUSAL = _("A name needs a letter, a digit or an emoji that can be seen.")

    def __init__(self, **kwargs: Any) -> None:
        words = {"required": self.REFUSAL}
        super().__init__(
            **{"label": _("Name"), "max_length": 80, "error_messages": words, **kwargs}
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if len(text) > length_to_clean(self.max_length):
            return text
        return clean_name(text)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not can_be_seen(value):
            raise forms.ValidationError(self.REFUSAL)
