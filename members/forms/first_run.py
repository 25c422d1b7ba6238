"""The form with which the owner sets the study group up."""

from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from members.forms.fields import NameField, ZoneField
from members.models import Member
from members.setup import token_fits


class SetUpForm(forms.Form):
    token = forms.CharField(
        label=_("Token"),
        help_text=_("“make up” printed it; it is in the data folder as well."),
    )
    group_name = NameField(label=_("Name of the study group"))
    tagline = forms.CharField(
        label=_("One sentence about it (optional)"), max_length=200, required=False
    )
    name = NameField(
        label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your email"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least eight characters. You can add a passkey later."),
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password"}, render_value=False
        ),
    )
    time_zone = ZoneField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            cast(ZoneField, self.fields["time_zone"]).pick()

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"].strip()
        if not token_fits(token):
            raise forms.ValidationError(
                _("This is not the token of this installation.")
            )
        return token

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "password" in values:
            member = Member(email=values.get("email", ""), name=values.get("name", ""))
            try:
                validate_password(values["password"], member)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values
