"""Curricula: their words, files to import, releases."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from curriculum import fileformat
from curriculum.forms.fields import CreditField, MarkdownField, SlugField, text_area
from curriculum.models import Curriculum


class CurriculumForm(forms.ModelForm):
    slug = SlugField(max_length=50, help_text=_("Used in its address."))
    intro = MarkdownField(
        label=_("Introduction"),
        required=False,
        widget=text_area(12),
        help_text=_("Markdown, with $maths$ where it helps."),
    )
    credit = CreditField(
        required=False,
        help_text=_(
            "Whose idea this is, as in a curriculum file: “- author: …”, then title, url, year."
        ),
    )

    class Meta:
        model = Curriculum
        fields = ["title", "slug", "language", "summary", "intro", "licence", "credit"]
        widgets = {"summary": text_area(3)}


# Files and releases
class ImportForm(forms.Form):
    """A file, or the text of one: what was uploaded comes back as text, so
    that it can be corrected in place.
    """

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A curriculum file in YAML, up to 2 MB."),
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        max_length=fileformat.BYTES_MAX,
        error_messages={"max_length": fileformat.TOO_LARGE},
        widget=text_area(24, is_yaml=True),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("file") and not values.get("text"):
            raise ValidationError(_("Choose a file, or paste its text."))
        return values

    def source(self) -> bytes | str:
        """What was sent; of a file that is too long, as much as
        shows that it is.
        """
        file = self.cleaned_data.get("file")
        if file:
            return file.read(fileformat.BYTES_MAX + 1)
        return self.cleaned_data["text"]


class PublishForm(forms.Form):
    changelog = forms.CharField(
        label=_("What has changed, for members"),
        required=False,
        max_length=5000,
        widget=text_area(5),
    )
