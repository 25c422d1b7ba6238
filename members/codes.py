"""Codes from mails, for people whose mail is slow: a code that came late
is answered on the page that asked for it.
"""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import (
    AbstractCodeVerificationProcess,
)
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members import limits
from members.requests import MemberRequest

RESEND_SECONDS = 60
FORMER_MAX = 5


class PatientCode(AbstractCodeVerificationProcess):
    """A code that was mailed.

    Too old or tried too often, it stays on its page, where another
    can be asked for.

    The same words for addresses that nobody has: there `code` is empty and
    nothing is ever right.
    """

    request: HttpRequest

    def is_valid(self) -> bool:
        """Whether the page can still be answered; the code itself
        ends sooner.
        """
        return self.age <= settings.ACCOUNT_LOGIN_TIMEOUT

    @property
    def age(self) -> float:
        """Seconds since the code was sent.

        One from the future, of a clock that was ahead, is as old
        as it is ahead.
        """
        return abs(time.time() - float(self.state["at"]))

    @property
    def is_too_old(self) -> bool:
        return self.age > self.timeout

    @property
    def tries_left(self) -> int:
        return max(0, self.max_attempts - int(self.state["failed_attempts"]))

    @property
    def minutes(self) -> int:
        """For how many minutes codes work."""
        return self.timeout // 60

    @property
    def can_resend(self) -> bool:
        return True

    @property
    def resend_in(self) -> int:
        """Seconds until another code may be asked for."""
        if self.age < RESEND_SECONDS:
            return max(0, int(RESEND_SECONDS - self.age) + 1)
        return 0

    @property
    def trouble(self) -> str:
        """Why no code that is typed now can be right; empty where one can."""
        if self.is_too_old:
            n = int(self.age // 60)
            sent = ngettext("sent %(n)s minute ago", "sent %(n)s minutes ago", n) % {
                "n": n
            }
            return _(
                "This code is too old: it was %(sent)s and worked for %(minutes)s minutes."
            ) % {
                "sent": sent,
                "minutes": self.minutes,
            }
        if not self.tries_left:
            return _(
                "There were too many wrong codes, so the one that we sent no longer works."
            )
        return ""

    def check(self, code: str, *, right: bool) -> None:
        """Raises ValidationError, in words, for a code that does not let
        anybody in; a wrong one is counted.
        """
        if self.trouble:
            raise ValidationError(self.trouble, code="over")
        if right:
            return
        self.state["failed_attempts"] += 1
        self.persist()
        if not self.tries_left:
            raise ValidationError(self.trouble, code="over")
        left = ngettext("%(n)s try left.", "%(n)s tries left.", self.tries_left) % {
            "n": self.tries_left
        }
        if any(
            compare_user_code(actual=code, expected=former)
            for former in self.state.get("former", [])
        ):
            raise ValidationError(
                _("This is an earlier code; only the newest works.") + " " + left,
                code="former",
            )
        raise ValidationError(_("This is not the code.") + " " + left, code="wrong")

    def send_another(self) -> None:
        """Mail a new code; the ones before no longer work.

        Raises TooMany.
        """
        if self.resend_in:
            raise limits.TooMany(
                _("One more code can be sent every minute."), wait=self.resend_in
            )
        former = [*self.state.get("former", []), self.code][-FORMER_MAX:]
        if not self.user or self.state.get("account_already_exists"):
            # else the adapter counts, when it sends
            limits.send_mail(self.request, self.state["email"])
        self.resend()
        self.state.update(
            at=time.time(), failed_attempts=0, former=[each for each in former if each]
        )
        self.persist()


class LoginCode(PatientCode, LoginCodeVerificationProcess):
    @classmethod
    def resume(cls, stage: Any) -> "LoginCode":
        return cls(stage)


class EmailCode(PatientCode, EmailVerificationProcess):
    @classmethod
    def resume(cls, request: HttpRequest) -> "EmailCode | None":
        state = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
        if not state:
            return None
        code: EmailCode | None = cls(request, state).abort_if_invalid()
        return code

    @property
    def is_joining(self) -> bool:
        """Whether the code is for joining, or the page must look so. False if a member
        confirms another address.
        """
        return not self.request.user.is_authenticated


class ProofCode(PatientCode):
    """A code sent to the primary address, with which a member who is signed in proves
    their identity again.
    """

    KEY = "proof_code"

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            max_attempts=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=settings.CODE_SECONDS,
            state=state,
            user=request.user,  # type: ignore[arg-type]
        )

    def persist(self) -> None:
        self.request.session[self.KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(self.KEY, None)

    def send(self) -> None:
        adapter = get_adapter()
        self.state["code"] = adapter.generate_login_code()
        adapter.send_mail(
            "account/email/login_code", self.state["email"], {"code": self.code}
        )

    def resend(self) -> None:
        self.send()
        self.record_resend()

    @classmethod
    def initiate(cls, request: MemberRequest) -> None:
        email = (
            EmailAddress.objects.get_primary_email(request.member)
            or request.member.email
        )
        code = cls(request, cls.initial_state(request.member, email))
        code.send()
        code.persist()

    @classmethod
    def resume(cls, request: HttpRequest) -> "ProofCode | None":
        state = request.session.get(cls.KEY)
        code: ProofCode | None = None
        if state:
            code = cls(request, state).abort_if_invalid()
        return code
