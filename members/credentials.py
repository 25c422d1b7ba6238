"""Passkeys as browsers send them: JSON with bytes in it, which a stranger
may write as well.

allauth and the library below it expect the fields that browsers send, and
raise many errors for anything else. Each becomes the one answer that a
wrong passkey gets.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms

NO_CREDENTIAL = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    struct.error,
)


@contextmanager
def refused_in_words() -> Iterator[None]:
    try:
        yield
    except NO_CREDENTIAL:
        raise get_adapter().validation_error("incorrect_code") from None


class AddForm(forms.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        with refused_in_words():
            return dict(super().clean())


class ReadCredential:
    def clean_credential(self) -> Any:
        with refused_in_words():
            return super().clean_credential()  # type: ignore[misc]


class LoginForm(ReadCredential, forms.LoginWebAuthnForm):
    """Signs in."""


class AuthenticateForm(ReadCredential, forms.AuthenticateWebAuthnForm):
    """Confirms a sign-in."""


class ReauthenticateForm(ReadCredential, forms.ReauthenticateWebAuthnForm):
    """Asks a member who is signed in to prove their identity again."""
