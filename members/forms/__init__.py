"""What members type in."""

from members.forms.accounts import (
    CORRECTING,
    JOINING,
    WRONG_ADDRESS,
    AddEmailForm,
    ChangePasswordForm,
    ConfirmEmailCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
    PasskeyForm,
    ProveForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SetPasswordForm,
    SignupForm,
)
from members.forms.fields import (
    NameField,
    ZoneField,
    zone_choices,
)
from members.forms.first_run import (
    SetUpForm,
)
from members.forms.profile import (
    FirstTimeForm,
    GoalForm,
    SettingsForm,
)

__all__ = [
    "CORRECTING",
    "JOINING",
    "WRONG_ADDRESS",
    "AddEmailForm",
    "ChangePasswordForm",
    "ConfirmEmailCodeForm",
    "ConfirmLoginCodeForm",
    "FirstTimeForm",
    "GoalForm",
    "LoginForm",
    "NameField",
    "PasskeyForm",
    "ProveForm",
    "RequestLoginCodeForm",
    "ResetPasswordForm",
    "SetPasswordForm",
    "SetUpForm",
    "SettingsForm",
    "SignupForm",
    "ZoneField",
    "zone_choices",
]
