import zoneinfo
from functools import cache
from typing import Any, ClassVar, cast

from allauth.account import forms as allauth
from allauth.core import context as allauth_context
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from config.versions import FIELD, VersionedForm
from fields.typed import length_to_clean
from members.codes import PatientCode
from members.credentials import AddForm
from members.models import USUAL_HOURS, Member
from members.setup import token_fits
from text.typed import can_be_seen, clean_name

# In the session: what was typed into the sign-up form, and that its page is to show it
# once more.
JOINING, CORRECTING = "joining", "correcting"

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
    """Every zone that people live in, as “Europe/Berlin”; without the historical and
    technical names.
    """
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
    names = sorted(
        name for name in zoneinfo.available_timezones() if name.startswith(regions)
    )
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ZoneSelect(forms.Select):
    """As Django's, from one template for all options: Django includes one for each of
    some hundred zones, which took half of the time of the page.
    """

    template_name = "members/_zone_select.html"

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        given = self.build_attrs(self.attrs, attrs)
        written = {
            key: key if each is True else each
            for key, each in given.items()
            if each is not False
        }
        return {
            "widget": {
                "name": name,
                "attrs": written,
                "chosen": str(value),
            },
            "zones": zone_choices(),
        }

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        return super().render(name, value, attrs, TemplatesSetting())


class ZoneField(forms.ChoiceField):
    """A time zone.

    The page's script offers the browser's own; it picks it only where nobody has chosen
    yet.
    """

    widget = ZoneSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=zone_choices, **{"label": _("Time zone"), **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        words = {
            "data-zone-offer": _("Your browser is in {zone}:"),
            "data-zone-use": _("use it"),
        }
        return {**super().widget_attrs(widget), **words}

    def pick(self) -> None:
        """Let the script pick the browser's zone: nothing is stored or typed yet."""
        self.widget.attrs["data-detect-zone"] = ""
        words = _("Times are shown in UTC until you choose your zone.")
        self.help_text = f"{self.help_text} {words}".strip()


class NameField(forms.CharField):
    """The name of a person or of the group: something that can be seen, spelled in one way."""

    REFUSAL = _("A name needs a letter, a digit or an emoji that can be seen.")

    def __init__(self, **kwargs: Any) -> None:
        words = {"required": self.REFUSAL}
        super().__init__(
            **{"label": _("Name"), "max_length": 80, "error_messages": words, **kwargs}
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if len(text) > length_to_clean(self.max_length):
            return text
        return clean_name(text)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not can_be_seen(value):
            raise forms.ValidationError(self.REFUSAL)


class EmailWords:
    """Forms of allauth in our words: “Email”, and no placeholder that says the label again."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"email", "login"}:
            self.fields[name].label = _("Email")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(EmailWords, allauth.LoginForm):
    def _setup_password_field(self) -> None:
        """Keep the field that allauth drops because nobody needs a password to join:
        some choose one later.
        """
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
    """Join: a name and an email. A code by email proves the address."""

    name = NameField(
        help_text=_("How others see your name."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session = allauth_context.request.session
        if not self.is_bound and session.pop(CORRECTING, False):
            self.initial |= session.get(JOINING, {})

    def custom_signup(self, request: HttpRequest, user: Member) -> None:
        user.name = self.cleaned_data["name"]
        user.proved_at = None
        user.save(update_fields=["name", "proved_at"])

    def try_save(
        self, request: HttpRequest
    ) -> tuple[Member | None, HttpResponse | None]:
        """Begin again where nobody has proved the address yet: a fresh code, and the
        name typed last by who proves it.

        For everybody else the page is the same, so that nobody learns who has an
        account.
        """
        request.session[JOINING] = {
            "name": self.cleaned_data["name"],
            "email": self.cleaned_data["email"],
        }
        if self.account_already_exists:
            waiting = Member.objects.filter(
                email=self.cleaned_data["email"], proved_at=None, is_active=True
            ).first()
            if waiting:
                return waiting, None
        saved: tuple[Member | None, HttpResponse | None] = super().try_save(request)
        return saved


class CodeWords:
    """Forms for a code of a mail: what is wrong with it, in words, and how many tries are left."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(
        self, *args: Any, process: PatientCode | None = None, **kwargs: Any
    ) -> None:
        self.process = process
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)
        self.fields["code"].widget.attrs |= {
            "autocapitalize": "characters",
            "spellcheck": "false",
        }

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        assert self.process is not None
        self.process.check(
            code, right=compare_user_code(actual=code, expected=self.process.code)
        )
        return code


class ConfirmLoginCodeForm(CodeWords, allauth.ConfirmLoginCodeForm):
    pass


class ConfirmEmailCodeForm(CodeWords, allauth.ConfirmEmailVerificationCodeForm):
    def clean_code(self) -> str:
        code = super().clean_code()
        # the address may have become another member's since the code was sent
        allauth.email_already_exists(
            user=self.user, email=self.email, always_raise=True
        )
        return code


class ProveForm(CodeWords, allauth.ConfirmLoginCodeForm):
    pass


class PasskeyForm(AddForm):
    """A passkey is for signing in, so that is the choice unless somebody wants a second
    factor only.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = self.fields["passwordless"]
        alone.initial, alone.label = True, _("Use it without a password")
        alone.help_text = _(
            "Without the tick it only confirms a sign-in by code or password."
        )


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


class GoalForm(forms.ModelForm):
    class Meta:
        model = Member
        fields = ["goal", "goal_words"]
        widgets = {
            "goal": forms.RadioSelect,
            "goal_words": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "goal": _("Why are you learning?"),
            "goal_words": _("In your own words"),
        }
        help_texts = {
            "goal_words": _(
                "Your reminders quote it back to you. No other member sees it. "
                "Whoever runs the machine can read what is stored."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # without the empty choice, “---------”
        self.fields["goal"].choices = Member.Goal.choices  # type: ignore[attr-defined]


class TimeForm(forms.ModelForm):
    time_zone = ZoneField(help_text=_("Your weeks, days and mails follow this clock."))
    study_days = forms.TypedMultipleChoiceField(
        label=_("Which days do you study?"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Member
        fields = ["hours_per_week", "study_days", "time_zone"]
        labels = {"hours_per_week": _("Hours a week")}
        help_texts = {
            "hours_per_week": _(
                "An honest guess. It sets the size of your weekly rings; left empty, 6 hours count."
            )
        }
        widgets: ClassVar[dict[str, Any]] = {
            "hours_per_week": forms.NumberInput(
                attrs={
                    "min": 1,
                    "max": 80,
                    "inputmode": "numeric",
                    "placeholder": USUAL_HOURS,
                }
            )
        }

    def save(self, commit: bool = True) -> Member:
        # What is due for a member depends on her clock.
        self.instance.look_again()
        return cast(Member, super().save(commit))


class FirstTimeForm(TimeForm):
    """The same in the welcome, where the zone is the one of the browser until she has
    saved the screen once.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (
            not self.is_bound
            and self.instance.hours_per_week is None
            and not self.instance.study_days
        ):
            cast(ZoneField, self.fields["time_zone"]).pick()


class SettingsForm(VersionedForm, TimeForm):
    """Two windows of hers never overwrite each other: what she changed in both is asked about."""

    choices_in_errors = False
    name = NameField(widget=forms.TextInput(attrs={"autocomplete": "name"}))

    class Meta(TimeForm.Meta):
        fields = [
            "name",
            "goal",
            "goal_words",
            "hours_per_week",
            "study_days",
            "time_zone",
            "shows_step",
        ]
        labels = {
            **TimeForm.Meta.labels,
            **GoalForm.Meta.labels,
            "shows_step": _("Show my step to the group"),
        }
        help_texts = {
            **TimeForm.Meta.help_texts,
            **GoalForm.Meta.help_texts,
            "shows_step": _(
                "Members then see your name beside the step that you are on. Without "
                "it nobody does."
            ),
        }
        widgets = {**TimeForm.Meta.widgets, **GoalForm.Meta.widgets}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].choices = Member.Goal.choices  # type: ignore[attr-defined]

    def _conflict_in_words(self, name: str, theirs: Any, who: str) -> str:
        words = _(
            "You changed this elsewhere after opening this page. Saved is: %(saved)s. "
            "Save again to replace it."
        )
        return words % {"saved": self._in_words(name, theirs)}

    def _in_words(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(_("on") if value else _("off"))
        names = dict(getattr(self.fields[name], "choices", ()))
        if isinstance(value, list):
            chosen = value
        else:
            chosen = [value]
        shown = [str(names.get(one, one)) for one in chosen if one not in (None, "")]
        return ", ".join(shown) or str(_("nothing"))

    def save_only_these_fields(self) -> Member:
        """Write no other column: a role or an address may change in the same moment."""
        member: Member = self.save(commit=False)
        mine = [name for name in self.fields if name != FIELD]
        member.save(update_fields=[*mine, "digest_look_at", "reminder_look_at"])
        return member
