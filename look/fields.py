"""What `templates/look/fields.html` must know of a form's field."""

import copy
import re
from collections.abc import Callable
from datetime import date, datetime, time

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString

# What inputs of a kind hold, as HTML writes it.
SHAPES = {
    "number": re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII),
    "date": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "time": re.compile(r"\d\d:\d\d(?::\d\d(?:\.\d{3})?)?", re.ASCII),
    "datetime-local": re.compile(
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{3})?)?", re.ASCII
    ),
}
READERS: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime-local": datetime.fromisoformat,
}
# Attributes that an input for any text does not have.
LIMITS = {"min", "max", "step"}


def field_kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "pills"
    if isinstance(widget, forms.RadioSelect):
        return "choices"
    return "input"


def as_input(bound: BoundField) -> SafeString:
    """The widget in the site's look.

    Fields for words take the direction of what is typed; addresses and codes run from
    left to right.
    """
    widget = bound.field.widget
    attributes: dict[str, str | bool] = {"class": "input"}
    kind = getattr(widget, "input_type", "")
    if isinstance(widget, forms.Textarea) or kind in ("text", "search"):
        attributes["dir"] = "auto"
    if isinstance(widget, forms.widgets.Input) and not fits_input(bound.value(), kind):
        widget = _for_any_text(widget)
    return bound.as_widget(widget, attrs=attributes)


def fits_input(value: object, kind: str) -> bool:
    """Whether a browser shows the value in an input of this kind.

    It leaves an input for numbers, days, times or moments empty where the value is something
    else, and what was typed would be gone. What was not typed is shown as the input
    needs it.
    """
    if not isinstance(value, str) or not value:
        return True
    shape = SHAPES.get(kind)
    if shape is None:
        return True
    if not shape.fullmatch(value):
        return False
    return kind not in READERS or _is_read(value, READERS[kind])


def _is_read(text: str, read: Callable[[str], object]) -> bool:
    """Whether there is such a day or time: a 30 February has the shape of one."""
    try:
        read(text)
    except ValueError:
        return False
    return True


def _for_any_text(widget: forms.widgets.Input) -> forms.widgets.Input:
    plain = copy.copy(widget)
    plain.input_type = "text"
    plain.attrs = {
        name: value for name, value in widget.attrs.items() if name not in LIMITS
    }
    return plain


def help_of(bound: BoundField) -> str:
    """The help text; HTML that Django makes late, as the rules for passwords, is HTML
    only after it is made.
    """
    return str(bound.help_text)


def anchor(bound: BoundField) -> str:
    """The id of the field; a group of choices has no label of its own, and its fieldset
    has the id.
    """
    return bound.id_for_label or bound.auto_id
