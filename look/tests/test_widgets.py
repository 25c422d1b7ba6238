"""Widgets are those that Django shows by its own templates, in whichever language."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.contrib.admin import widgets as admin_widgets
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.test.html import parse_html
from django.utils.translation import gettext_lazy as _

from look.widgets import WidgetRenderer

HOSTILE = "<b hx-get=/x> & 'q' \"r\"</textarea>"
CHOICES = [
    ("", "---"),
    ("1", HOSTILE),
    (_("Group"), [("2", _("Two")), (HOSTILE, "Three")]),
]
PLAIN = (
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput),
    *(forms.PasswordInput, forms.HiddenInput, forms.SearchInput, forms.TelInput),
    *(forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.Textarea),
    *(forms.CheckboxInput, forms.FileInput, forms.ClearableFileInput),
    *(forms.SplitDateTimeWidget, forms.MultipleHiddenInput, forms.SelectDateWidget),
)
CHOOSING = (forms.Select, forms.SelectMultiple, forms.NullBooleanSelect)
OPTIONS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
VALUES = (
    None,
    "",
    "2",
    HOSTILE,
    1234.5,
    True,
    datetime(2026, 11, 27, 9, 30, tzinfo=UTC),
)


def both(widget: forms.Widget, value: object, attrs: dict[str, Any]) -> list[str]:
    return [
        str(widget.render("a<b", value, attrs, renderer))
        for renderer in (WidgetRenderer(), DjangoTemplates())
    ]


@pytest.mark.parametrize("kind", [*PLAIN, *CHOOSING, *OPTIONS])
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_widget_is_the_same_in_both_languages(
    kind: type[forms.Widget], value: Any
) -> None:
    if issubclass(kind, forms.SplitDateTimeWidget | forms.SelectDateWidget):
        value = value if isinstance(value, datetime) else None
    if issubclass(kind, forms.SelectMultiple | forms.MultipleHiddenInput) and value:
        value = [value, "1"]
    widget = kind()
    if issubclass(kind, CHOOSING[:2] + OPTIONS):
        widget.choices = CHOICES  # type: ignore[attr-defined]

    attrs = {"id": "id_x", "title": HOSTILE, "required": True, "hidden": False}
    ours, djangos = both(widget, value, attrs)

    assert "<b hx" not in ours
    assert parse_html(ours) == parse_html(djangos)


@pytest.mark.parametrize(
    "widget", [admin_widgets.AdminDateWidget(), admin_widgets.AdminSplitDateTime()]
)
def test_widgets_of_the_admin_have_templates_of_their_own(widget: forms.Widget) -> None:
    ours, djangos = both(widget, None, {"id": "id_x"})

    assert ours == djangos
    assert 'class="vDateField' in ours


def test_a_whole_form_and_its_errors_are_the_same_in_both_languages() -> None:
    class Form(forms.Form):
        name = forms.CharField(label="A<b", help_text="<i>Help</i>")
        goal = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)

    ours = Form({"goal": "9"}, renderer=WidgetRenderer())
    djangos = Form({"goal": "9"}, renderer=DjangoTemplates())

    assert parse_html(str(ours)) == parse_html(str(djangos))
    assert parse_html(str(ours.errors)) == parse_html(str(djangos.errors))


def test_this_is_how_the_site_shows_widgets() -> None:
    assert isinstance(get_default_renderer(), WidgetRenderer)
