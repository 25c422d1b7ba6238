"""What `templates/look/fields.html` must know of a form's field."""

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString


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
    return bound.as_widget(attrs=attributes)


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
