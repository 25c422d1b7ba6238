from email.utils import formataddr, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from members import limits, proof
from members.address import client_address
from members.models import Member, StudyGroup

# Mails that anybody can cause by typing an address. Notices of a change
# are no such mails and are never held back.
ASKED_FOR = (
    "account/email/login_code",
    "account/email/unknown_account",
    "account/email/account_already_exists",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/password_reset_key",
    "account/email/password_reset_code",
)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks for accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return StudyGroup.objects.exists()

    def get_login_redirect_url(self, request: HttpRequest) -> Any:
        if request.user.is_authenticated and request.user.onboarded_at is None:
            return reverse("members:onboarding", args=["goal"])
        return super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> Any:
        return reverse("members:onboarding", args=["goal"])

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not proof.is_fresh(allauth_context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Only the second factor if the member has one, since otherwise the password would
        be enough to remove it. Else a code by mail.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not user.is_authenticated:
            return methods
        if proof.has_second_factor(user):
            return [each for each in methods if each["id"].startswith("mfa_")]
        return [
            *methods,
            {
                "id": "code",
                "description": _("Use a code by email"),
                "url": reverse("members:prove"),
            },
        ]

    def is_safe_url(self, url: str) -> bool:
        """Whether a page may redirect to `url` after signing in: only within the site."""
        host = allauth_context.request.get_host()
        return url_has_allowed_host_and_scheme(
            url, {host}, require_https=settings.BEHIND_TLS
        )

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Raise TooMany for allauth's rate limits, so that the page for them is shown,
        instead of an error at a field.
        """
        if code in ("too_many_login_attempts", "rate_limited"):
            raise limits.TooMany(_("That was tried too often within a short time."))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Send a mail in which every URL begins with SITE_URL, whatever the request's
        host.
        """
        request = allauth_context.request
        if template_prefix in ASKED_FOR:
            limits.send_mail(request, email)
        origin = request.build_absolute_uri("/")
        ours = {name: _from_site_url(value, origin) for name, value in context.items()}
        super().send_mail(template_prefix, email, ours)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Send a notification with the time in the member's time zone."""
        super().send_notification_mail(
            template_prefix, user, {**(context or {}), "zone": user.time_zone}, email
        )

    def get_from_email(self) -> str:
        """The group’s name, as in every other email of the site."""
        name = str(StudyGroup.objects.first() or "Minibatch")
        return formataddr((name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))

    def render_mail(
        self,
        template_prefix: str,
        email: Any,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        ours = {
            **context,
            "code_minutes": settings.CODE_SECONDS // 60,
            "group": StudyGroup.objects.first(),
        }
        if at := context.get("timestamp"):
            zone = context.get("zone", "UTC")
            ours["timestamp"] = (
                f"{date_format(at.astimezone(ZoneInfo(zone)), 'l j F Y, H:i')} ({zone})"
            )
        message: EmailMessage = super().render_mail(
            template_prefix, email, ours, headers
        )
        return message

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address, and notify the member's primary address if it is a new one."""
        primary = EmailAddress.objects.get_primary(email_address.user)
        confirmed = super().confirm_email(request, email_address)
        if (
            confirmed
            and primary
            and primary.verified
            and primary.email != email_address.email
        ):
            self.send_notification_mail(
                "account/email/email_added",
                email_address.user,
                {"added_email": email_address.email},
                email=primary.email,
            )
        return confirmed

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        # allauth rolls this back when the password was right
        self._login_failed_rl_usage = limits.try_password(
            request, credentials.get("email", "")
        )

    def _delete_login_attempts_cached_email(
        self, request: HttpRequest, **credentials: Any
    ) -> None:
        limits.forget_passwords(request, credentials.get("email", ""))


def _from_site_url(value: Any, origin: str) -> Any:
    if isinstance(value, str) and value.startswith(origin):
        return f"{settings.SITE_URL}/{value.removeprefix(origin)}"
    return value


class MFAAdapter(DefaultMFAAdapter):
    """allauth's hooks for passkeys and second factors."""

    def get_totp_issuer(self) -> str:
        """The name that an authenticator app shows beside the six digits."""
        return str(StudyGroup.objects.first() or super().get_totp_issuer())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name of the site in the browser's dialog for a passkey."""
        return {
            **super().get_public_key_credential_rp_entity(),
            "name": self.get_totp_issuer(),
        }

    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code as an SVG element, since the site's policy forbids images in data:
        URLs.
        """
        svg = super().build_totp_svg(url)
        # drawn from bits: no text of a member is in it
        return mark_safe(svg[svg.index("<svg") :])  # noqa: S308

    def generate_authenticator_name(
        self, user: Member, type: Authenticator.Type
    ) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        if count:
            return _("Passkey %(n)s") % {"n": count + 1}
        return _("Passkey")
