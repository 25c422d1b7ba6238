"""The forms of allauth in our words: joining, signing in, and
codes by email.
"""

from typing import Any

from allauth.account import forms as allauth
from allauth.core import context as allauth_context
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from members import actions
from members.codes import PatientCode
from members.credentials import AddForm
from members.forms.fields import NameField
from members.models import Member

# In the session: what was typed into the sign-up form, and that its page
# is to show it once more.
JOINING, CORRECTING = "joining", "correcting"
# In the session: the address that a code was asked for, to be corrected.
WRONG_ADDRESS = "wrong_address"


class EmailWords:
    """Forms of allauth in our words: “Email”, and no placeholder that says
    the label again.
    """

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"email", "login"}:
            self.fields[name].label = _("Email")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(EmailWords, allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session = allauth_context.request.session
        if not self.is_bound and WRONG_ADDRESS in session:
            self.initial["login"] = session.pop(WRONG_ADDRESS)

    def _setup_password_field(self) -> None:
        """Keep the field that allauth drops because nobody needs a
        password to join: some choose one later.
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
        actions.save_name(user, "proved_at")

    def try_save(
        self, request: HttpRequest
    ) -> tuple[Member | None, HttpResponse | None]:
        """Begin again where nobody has proved the address yet: a fresh
        code, and the name typed last by who proves it.

        For everybody else the page is the same, so that nobody learns who
        has an account.
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
    """Forms for a code of a mail: what is wrong with it, in words, and how
    many tries are left.
    """

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
        # the address may have become another member's since the code was
        # sent
        allauth.email_already_exists(
            user=self.user, email=self.email, always_raise=True
        )
        return code


class ProveForm(CodeWords, allauth.ConfirmLoginCodeForm):
    pass


class PasskeyForm(AddForm):
    """A passkey is for signing in, so that is the choice unless somebody
    wants a second factor only.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = self.fields["passwordless"]
        alone.initial, alone.label = True, _("Use it without a password")
        alone.help_text = _(
            "Without the tick it only confirms a sign-in by code or password."
        )
