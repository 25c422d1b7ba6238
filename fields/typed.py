"""What a browser sends, cleaned where every form reads it.

Django reads each field through its widget. So the two widgets that
people type into pass text through `text.typed`, in the forms of
the project, of allauth and of the admin alike, and in those that
come later. A form that is shown again shows the cleaned text, and
a field counts as changed only where its cleaned text is another
one. Passwords and files are read as they come.

Cleaning takes time for every character, so a text that is far too
long for its field is not cleaned: the field refuses it by its
length, and the form shows it again as it came. A form reads a
field several times, and cleans it once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms.fields import InvalidJSONInput

from fields.plainjson import can_be_kept
from text.limits import TEXT_MAX, TOO_LONG, without_surrogates
from text.typed import clean_address, clean_line, clean_text

AS_SENT = ("password", "file", "checkbox")
# Cleaning makes a text shorter: line ends of two characters, letters in
# parts, characters that nobody sees.
TIMES_LONGER, LONGER = 4, 1_000
CLEANED_MAX = 2 * TEXT_MAX  # characters, where the field has no limit of its own
_read = forms.Widget.value_from_datadict
_clean = forms.Field.clean
_json_value, _json_shown = forms.JSONField.to_python, forms.JSONField.bound_data


def clean_what_people_type() -> None:
    """Let every text field of every form give cleaned text.

    Called once, when the site starts.
    """
    forms.Textarea.value_from_datadict = _several_lines  # type: ignore[assignment, method-assign]
    forms.widgets.Input.value_from_datadict = _one_line  # type: ignore[assignment, method-assign]
    forms.JSONField.to_python = _json  # type: ignore[assignment, method-assign]
    forms.JSONField.bound_data = _json_again  # type: ignore[assignment, method-assign]
    forms.CharField.clean = _refuse_long_texts  # type: ignore[assignment, method-assign]


def length_to_clean(max_length: int | None) -> int:
    """Return how many characters are cleaned for a field that takes
    `max_length` of them, or has no limit.
    """
    if max_length is None:
        return CLEANED_MAX
    return TIMES_LONGER * max_length + LONGER


def _several_lines(
    widget: forms.Widget, data: Mapping[str, Any], files: Any, name: str
) -> Any:
    return _cleaned(clean_text, widget, data, name, _read(widget, data, files, name))


def _one_line(
    widget: forms.widgets.Input, data: Mapping[str, Any], files: Any, name: str
) -> Any:
    value = _read(widget, data, files, name)
    if widget.input_type in AS_SENT:
        return value
    if widget.input_type == "hidden":  # may carry the text of another field
        return _cleaned(clean_text, widget, data, name, value)
    clean = clean_line
    if widget.input_type == "email":
        clean = clean_address
    return _cleaned(clean, widget, data, name, value)


def _cleaned(
    clean: Callable[[str], str],
    widget: forms.Widget,
    data: Mapping[str, Any],
    name: str,
    value: Any,
) -> Any:
    if not isinstance(value, str):
        return value
    limit = widget.attrs.get("maxlength")  # set by a field that has one
    if limit is not None:
        limit = int(limit)
    if len(value) > length_to_clean(limit):
        return without_surrogates(value)
    # goes with the request
    done: dict[Any, str] = getattr(data, "__dict__", {}).setdefault("_cleaned", {})
    key = (clean, name, value)
    if key not in done:
        done[key] = clean(value)
    return done[key]


def _refuse_long_texts(field: forms.Field, value: Any) -> Any:
    """Refuse what was too long to be cleaned before anything else looks at
    it: reading an address normalises it too.
    """
    limit = getattr(field, "max_length", None)
    if not isinstance(value, str) or len(value) <= length_to_clean(limit):
        return _clean(field, value)
    if limit is None:
        raise forms.ValidationError(TOO_LONG, code="max_length")
    words = field.error_messages.get("max_length") or MaxLengthValidator.message
    raise forms.ValidationError(
        words,
        code="max_length",
        params={"limit_value": limit, "show_value": len(value)},
    )


def _json(field: forms.JSONField, value: Any) -> Any:
    if isinstance(value, str) and not can_be_kept(value):
        raise forms.ValidationError(
            field.error_messages["invalid"], code="invalid", params={"value": value}
        )
    return _json_value(field, value)


def _json_again(field: forms.JSONField, data: Any, initial: Any) -> Any:
    """What was typed, as it was typed where it is refused."""
    if isinstance(data, str) and not can_be_kept(data):
        return InvalidJSONInput(data)
    return _json_shown(field, data, initial)
