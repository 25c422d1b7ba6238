"""`{% field form.name %}`: a form field as the design wants it, with its hint, its
error and the right grouping.
"""

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from look.templatetags.look import icon

register = template.Library()


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    if widget.is_hidden:
        return format_html("{}", bound)
    if isinstance(widget, forms.CheckboxInput):
        return _single_choice(bound)
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return _choices(bound)
    return format_html(
        '<div class="field"><label for="{}">{}</label>{}{}{}</div>',
        bound.id_for_label,
        bound.label,
        bound.as_widget(attrs={"class": "input", **_direction(widget)}),
        _hint(bound),
        _error(bound),
    )


def _direction(widget: forms.Widget) -> dict[str, str]:
    """Fields for words take the direction of what is typed; addresses and codes run
    from left to right.
    """
    words = isinstance(widget, forms.Textarea) or getattr(widget, "input_type", "") in (
        "text",
        "search",
    )
    return {"dir": "auto"} if words else {}


@register.simple_tag
def error_summary(form: forms.BaseForm) -> SafeString:
    """What went wrong, above the form, with a link to each field; nothing where nothing did."""
    if not form.errors:
        return SafeString("")
    lines = [("", "", str(message)) for message in form.non_field_errors()]
    lines += [
        (_anchor(b), str(b.label), str(message))
        for b in form.visible_fields()
        for message in b.errors
    ]
    items = format_html_join("", "<p>{}</p>", ((_line(*line),) for line in lines))
    return format_html(
        '<div class="notice bad" role="alert">{}<div>{}</div></div>',
        icon("triangle-alert"),
        items,
    )


def _anchor(bound: BoundField) -> str:
    """The id of the field; a group of choices has no label of its own, and its fieldset
    has the id.
    """
    return bound.id_for_label or bound.auto_id


def _line(anchor: str, label: str, message: str) -> SafeString:
    return (
        format_html('<a href="#{}">{}</a>: {}', anchor, label, message)
        if anchor
        else format_html("{}", message)
    )


def _hint(bound: BoundField) -> SafeString:
    if not bound.help_text:
        return SafeString("")
    return format_html(
        '<p class="hint" id="{}_helptext">{}</p>', bound.auto_id, bound.help_text
    )


def _error(bound: BoundField) -> SafeString:
    if not bound.errors:
        return SafeString("")
    return format_html(
        '<p class="error" id="{}_error">{}{}</p>',
        bound.auto_id,
        icon("triangle-alert"),
        " ".join(map(str, bound.errors)),
    )


def _single_choice(bound: BoundField) -> SafeString:
    return format_html(
        '<div class="field"><label class="choice">{}<span>{}</span></label>{}{}</div>',
        bound,
        bound.label,
        _hint(bound),
        _error(bound),
    )


def _choices(bound: BoundField) -> SafeString:
    pills = isinstance(bound.field.widget, forms.CheckboxSelectMultiple)
    options = format_html_join(
        "",
        "<label>{}{}</label>"
        if pills
        else '<label class="choice">{}<span>{}</span></label>',
        ((option.tag(), option.choice_label) for option in bound),
    )
    body = format_html('<div class="pills">{}</div>', options) if pills else options
    return format_html(
        '<fieldset class="field" id="{}"><legend class="label">{}</legend>{}{}{}</fieldset>',
        _anchor(bound),
        bound.label,
        body,
        _hint(bound),
        _error(bound),
    )
