"""Fields of members: the time zone, and the name of a person or of the group."""

import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from fields.typed import length_to_clean
from text.typed import can_be_seen, clean_name


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Every zone that people live in, as “Europe/Berlin”; without the historical and
    technical names.
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


class ZoneSelect(forms.Select):
    """As Django's, from one template for all options: Django includes one for each of
    some hundred zones, which took half of the time of the page.
    """

    template_name = "members/_zone_select.html"

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        given = self.build_attrs(self.attrs, attrs)
        written = {key: each for key, each in given.items() if each is not False}
        # An attribute without a value is written with its own name as its value.
        written |= {key: key for key, each in given.items() if each is True}
        return {
            "widget": {
                "name": name,
                "attrs": written,
                "chosen": str(value),
            },
            "zones": zone_choices(),
        }

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        return super().render(name, value, attrs, TemplatesSetting())


class ZoneField(forms.ChoiceField):
    """A time zone.

    The page's script offers the browser's own; it picks it only where nobody has chosen
    yet.
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
        """Let the script pick the browser's zone: nothing is stored or typed yet."""
        self.widget.attrs["data-detect-zone"] = ""
        words = _("Times are shown in UTC until you choose your zone.")
        self.help_text = f"{self.help_text} {words}".strip()


class NameField(forms.CharField):
    """The name of a person or of the group: something that can be seen, spelled in one way."""

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
