"""Resources of the library and their sections."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from curriculum import fileformat
from curriculum.forms.fields import AddressesField, AddressField, LinesField, text_area
from curriculum.models import Resource, Section


class ResourceForm(forms.ModelForm):
    url = AddressField(label=_("Address"))
    archive_url = AddressField(label=_("Archived copy"), required=False)
    authors = LinesField(required=False, help_text=_("One on a line."))
    other_urls = AddressesField(
        label=_("Other addresses"), required=False, help_text=_("One on a line.")
    )
    named_by = LinesField(
        label=_("Named by"),
        required=False,
        help_text=_("Source texts that name it, one on a line."),
    )

    class Meta:
        model = Resource
        exclude = ["shipped_digest"]  # noqa: DJ006  (all fields that people may change)
        widgets = {"note": text_area(4), "title": forms.TextInput(attrs={"size": 80})}

    def clean_successor(self) -> Resource | None:
        successor = self.cleaned_data["successor"]
        if successor and successor == self.instance:
            raise ValidationError(_("A resource cannot follow itself."))
        return successor


class SectionForm(forms.ModelForm):
    url = AddressField(
        label=_("Address"), required=False, widget=forms.URLInput(attrs={"size": 30})
    )

    class Meta:
        model = Section
        fields = ["position", "slug", "title", "url", "locator", "minutes", "level"]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.instance._state.adding and self.instance.resource_id:
            self.instance.key = fileformat.section_key(
                self.instance.resource.slug, self.instance.slug
            )
