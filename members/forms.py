import zoneinfo
from functools import cache
from typing import Any, ClassVar

from allauth.account import forms as allauth
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from members.models import Member
from members.setup import token_fits

WEEKDAYS = [
    (0, _("Mon")),
    (1, _("Tue")),
    (2, _("Wed")),
    (3, _("Thu")),
    (4, _("Fri")),
    (5, _("Sat")),
    (6, _("Sun")),
]


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Every zone that people live in, as “Europe/Berlin”; without the historical and technical names."""
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
    names = sorted(name for name in zoneinfo.available_timezones() if name.startswith(regions))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ZoneField(forms.ChoiceField):
    """A time zone; the page's script picks the browser's own when nothing was chosen (data-detect-zone)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=zone_choices, **{"label": _("Time zone"), **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-detect-zone": ""}


class EmailWords:
    """Forms of allauth in our words: “E-mail”, and no placeholder that says the label again."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"email", "login"}:
            self.fields[name].label = _("E-mail")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(EmailWords, allauth.LoginForm):
    def _setup_password_field(self) -> None:
        """Keep the field that allauth drops because nobody needs a password to join: some choose one later."""
        self.fields["password"].help_text = ""


class RequestLoginCodeForm(EmailWords, allauth.RequestLoginCodeForm):
    pass


class AddEmailForm(EmailWords, allauth.AddEmailForm):
    pass


class ResetPasswordForm(EmailWords, allauth.ResetPasswordForm):
    pass


class SetPasswordForm(EmailWords, allauth.SetPasswordForm):
    pass


class ChangePasswordForm(EmailWords, allauth.ChangePasswordForm):
    pass


class SignupForm(EmailWords, allauth.SignupForm):
    """Join: a name and an e-mail. A code by mail proves the address."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("As the others shall see it"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email"]

    def custom_signup(self, request: HttpRequest, user: Member) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class PasskeyForm(AddWebAuthnForm):
    """A passkey is for signing in, so that is the choice unless somebody wants a second factor only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = self.fields["passwordless"]
        alone.initial, alone.label = True, _("Sign in with it alone")
        alone.help_text = _("Without the tick it only confirms a sign-in by code or password.")


class SetUpForm(forms.Form):
    token = forms.CharField(label=_("Token"), help_text=_("“make up” printed it; it is in the data folder as well."))
    group_name = forms.CharField(label=_("Name of the study group"), max_length=80)
    tagline = forms.CharField(label=_("One sentence about it"), max_length=200, required=False)
    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least eight characters. You can add a passkey later."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )
    time_zone = ZoneField()

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"].strip()
        if not token_fits(token):
            raise forms.ValidationError(_("This is not the token of this installation."))
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


class GoalForm(forms.ModelForm):
    class Meta:
        model = Member
        fields = ["goal", "goal_words"]
        widgets = {"goal": forms.RadioSelect, "goal_words": forms.Textarea(attrs={"rows": 3})}
        labels = {"goal": _("Why do you learn?"), "goal_words": _("In your own words")}
        help_texts = {"goal_words": _("Your reminders quote it back to you. Nobody else sees it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].choices = Member.Goal.choices  # type: ignore[attr-defined]  # no “---------”


class TimeForm(forms.ModelForm):
    time_zone = ZoneField(help_text=_("Your weeks, days and mails follow this clock."))
    study_days = forms.TypedMultipleChoiceField(
        label=_("Which days?"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Member
        fields = ["hours_per_week", "study_days", "time_zone"]
        labels = {"hours_per_week": _("Hours a week")}
        help_texts = {"hours_per_week": _("An honest guess. It sets the size of your weekly rings.")}
        widgets: ClassVar[dict[str, Any]] = {
            "hours_per_week": forms.NumberInput(attrs={"min": 1, "max": 80, "inputmode": "numeric"})
        }


class SettingsForm(TimeForm):
    class Meta(TimeForm.Meta):
        fields = ["name", "goal", "goal_words", "hours_per_week", "study_days", "time_zone"]
        labels = {**TimeForm.Meta.labels, **GoalForm.Meta.labels, "name": _("Name")}
        help_texts = {**TimeForm.Meta.help_texts, **GoalForm.Meta.help_texts}
        widgets = {**TimeForm.Meta.widgets, **GoalForm.Meta.widgets}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].choices = Member.Goal.choices  # type: ignore[attr-defined]
