from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from members.models import Member, StudyGroup


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return StudyGroup.objects.exists()

    def get_login_redirect_url(self, request: HttpRequest) -> Any:
        if request.user.is_authenticated and request.user.onboarded_at is None:
            return reverse("members:onboarding", args=["goal"])
        return super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> Any:
        return reverse("members:onboarding", args=["goal"])


class MFAAdapter(DefaultMFAAdapter):
    """What allauth asks us about passkeys and second factors."""

    def get_totp_issuer(self) -> str:
        """The name that an authenticator app shows beside the six digits."""
        return str(StudyGroup.objects.first() or super().get_totp_issuer())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a browser names when it asks for a passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}

    def build_totp_svg(self, url: str) -> SafeString:
        """The square code as an element of the page: our policy lets no picture in a data: address through."""
        svg = super().build_totp_svg(url)
        return mark_safe(svg[svg.index("<svg") :])  # noqa: S308  (drawn from bits; no text of a member is in it)

    def generate_authenticator_name(self, user: Member, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(n)s") % {"n": count + 1} if count else _("Passkey")
