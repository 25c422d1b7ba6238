"""The pages that ask for a code from a mail, and those that send one to sign
in with, in place of allauth's: see `codes`.
"""

from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import (
    EmailVerificationStage,
    LoginByCodeStage,
    LoginStage,
    LoginStageController,
)
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.generic.edit import FormView

from members import actions, codes
from members.forms import CORRECTING, JOINING, WRONG_ADDRESS
from members.models import Member


def too_early(seconds: int) -> str:
    """What the page says to somebody who asks for another code at once."""
    return ngettext(
        "One more code can be sent every minute. Try again in %(n)s second.",
        "One more code can be sent every minute. Try again in %(n)s seconds.",
        seconds,
    ) % {"n": seconds}


class CodePage:
    """What both pages share: the words beside the field, and the button
    for another code.
    """

    request: HttpRequest
    _process: Any

    def form_invalid(self, form: Any) -> HttpResponse:
        return FormView.form_invalid(self, form)  # type: ignore[arg-type]

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        if self._action == "verify":  # type: ignore[attr-defined]
            kwargs["process"] = self._process
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**context, "process": self._process, "can_change": False}

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        if self._process.resend_in:
            messages.warning(self.request, too_early(self._process.resend_in))
            return redirect(self.request.get_full_path())
        self._process.send_another()
        # allauth says it in a toast; the page says it beside the field
        list(messages.get_messages(self.request))
        messages.success(
            self.request, _("Another code is on its way. Only the newest works.")
        )
        return redirect(self.request.get_full_path())


class LoginCodePage(CodePage, allauth.ConfirmLoginCodeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.stage = request._login_stage  # type: ignore[attr-defined]
        self._process = codes.LoginCode.resume(self.stage)
        if request.method == "POST" and request.POST.get("action") == "correct":
            return self._correct()
        return FormView.dispatch(self, request, *args, **kwargs)

    def _correct(self) -> HttpResponse:
        """Back to the sign-in page, which holds the address."""
        self.request.session[WRONG_ADDRESS] = self._process.state.get("email", "")
        clear_login(self.request)
        return redirect(self.passthrough_next_url(reverse("account_login")))


class BesideCode:
    """A page to sign in that does not lead back to the code that somebody asked
    for before: they may have mistyped their address. The code still works.
    """

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponse | None:
        if stage.key == LoginByCodeStage.key and stage.state.get("initiated_by_user"):
            self.waiting_for = stage.state.get("email")
            return None
        response: HttpResponse | None = super()._redirect_to_pending_stage(  # type: ignore[misc]
            request, stage
        )
        return response


class LoginPage(BesideCode, allauth.LoginView):
    waiting_for: str | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        code_url = self.passthrough_next_url(reverse("account_confirm_login_code"))
        return {**context, "waiting_for": self.waiting_for, "code_url": code_url}


class RequestCodePage(BesideCode, allauth.RequestLoginCodeView):
    pass


@never_cache
@login_not_required
def login(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = LoginPage.as_view()(request)
    return response


@never_cache
@login_not_required
def request_login_code(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = RequestCodePage.as_view()(request)
    return response


@login_stage_required(
    stage=LoginByCodeStage.key, redirect_urlname="account_request_login_code"
)
def confirm_login_code(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = LoginCodePage.as_view()(request)
    return response


class EmailCodePage(CodePage, allauth.ConfirmEmailVerificationCodeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.stage = LoginStageController.enter(request, EmailVerificationStage.key)
        self._process = codes.EmailCode.resume(request)
        is_fake = self._process and "user_id" not in self._process.state
        if not self._process or (
            self._process.is_joining and not self.stage and not is_fake
        ):
            if request.user.is_anonymous:
                return redirect("account_login")
            return redirect("account_email")
        if (
            request.method == "POST"
            and request.POST.get("action") == "correct"
            and self._process.is_joining
        ):
            return self._correct()
        return FormView.dispatch(self, request, *args, **kwargs)

    def _correct(self) -> HttpResponse:
        """Back to the sign-up form, which holds what was typed."""
        clear_login(self.request)
        self.request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
        self.request.session[CORRECTING] = True
        return redirect("account_signup")

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        member = self._process.user
        joining = self.request.session.pop(JOINING, None)
        if (
            self.stage
            and isinstance(member, Member)
            and member.proved_at is None
            and joining
        ):
            member.name = joining["name"]
            actions.save_name(member)
        response: HttpResponse = super()._verify_form_valid(form)
        return response


@never_cache
@login_not_required
def confirm_email_code(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = EmailCodePage.as_view()(request)
    return response
