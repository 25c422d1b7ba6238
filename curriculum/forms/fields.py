"""Fields for what curators type in."""

from collections.abc import Mapping
from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from curriculum import fileformat
from text import TextRefused, render


class LinesField(forms.CharField):
    """A list of short texts, one on a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(value)
        return value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != self.to_python(data)


def check_web_address(value: str) -> None:
    if not fileformat.is_web_address(value):
        words = _(
            "This must be a full address that starts with http:// or https://: %(value)s"
        )
        raise ValidationError(words, params={"value": value})


class AddressesField(LinesField):
    def validate(self, value: Any) -> None:
        super().validate(value)
        for address in value:
            check_web_address(address)


class AddressField(forms.URLField):
    default_validators = [check_web_address]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            assume_scheme="https",
            **{
                "max_length": 500,
                "widget": forms.URLInput(attrs={"size": 80}),
                **kwargs,
            },
        )


class MarkdownField(forms.CharField):
    """Markdown that can be shown; what cannot is refused with the reason,
    and kept in the form.
    """

    def validate(self, value: Any) -> None:
        super().validate(value)
        try:
            render(value)
        except TextRefused as error:
            raise ValidationError(str(error)) from None


def markdown_length(form: type[forms.BaseForm], data: Mapping[str, str]) -> int:
    """How many characters of Markdown were sent to a form of this class:
    what rendering them costs.
    """
    fields: Mapping[str, forms.Field] = getattr(form, "base_fields", {})
    return sum(
        len(data.get(name, ""))
        for name, field in fields.items()
        if isinstance(field, MarkdownField)
    )


# Columns count in YAML, so its fields have letters of one width (admin.css, curate.css).
YAML = {"data-yaml": "", "spellcheck": "false"}


class CreditField(forms.CharField):
    """Whose idea a curriculum is, as it is written in a curriculum file."""

    BEFORE = "format: 1\ncurriculum:\n  slug: x\n  title: x\n  credit:\n"
    widget = forms.Textarea(attrs={"rows": 8, "cols": 80, **YAML})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        if value:
            return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
        return ""

    def to_python(self, value: Any) -> Any:
        text = "\n".join("    " + line for line in (value or "").splitlines())
        try:
            document = fileformat.load(self.BEFORE + text + "\n")
        except fileformat.Malformed as error:
            before = self.BEFORE.count("\n")
            raise ValidationError(
                [
                    _("Line %(line)s, %(field)s: %(message)s")
                    % {
                        "line": max(problem.line - before, 1),
                        "field": problem.field.removeprefix("curriculum."),
                        "message": problem.message,
                    }
                    for problem in error.problems
                ]
            ) from None
        return document["curriculum"].get("credit", [])

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or []) != self.to_python(data))
        except ValidationError:
            return True


class SlugField(forms.SlugField):
    """Part of an address, where the site has no page of its own."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value in fileformat.RESERVED:
            raise ValidationError(
                _("The address “%(slug)s” is taken by a page of the site."),
                params={"slug": value},
            )


def text_area(rows: int, *, is_yaml: bool = False) -> forms.Textarea:
    attributes: dict[str, Any] = {"rows": rows, "cols": 90}
    if is_yaml:
        attributes |= YAML
    return forms.Textarea(attrs=attributes)
