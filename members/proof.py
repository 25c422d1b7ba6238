"""Proofs of identity in a session: a second factor for roles, and a recent proof before
a change of credentials.

A role counts only in a session that has shown a second factor. Until then its holder is
treated like any other member on every page, since `Member.is_owner` and the other
properties are False. Pages of a role ask the holder for the second factor instead of
answering 404. The admin and the pages of a role ask again after a while, and so does
every change of credentials. A member with a second factor must show that one, since
otherwise the password would be enough to remove it.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import deserialize_request, serialize_request
from allauth.mfa.models import Authenticator
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.http import urlencode

from members.models import Member

FRESH_SECONDS = 10 * 60  # for what signs in
STAFF_SECONDS = 15 * 60  # for opening a page of staff
STAFF_FORM_SECONDS = 60 * 60  # for sending a form of such a page: writing takes time

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# Pages that change or show what signs in; those in FORMS show nothing
# until they are sent.
PAGES = {
    "account_change_password",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}
FORMS = {"account_email", "usersessions_list"}

View = TypeVar("View", bound=Callable[..., Any])


class ProofMiddleware:
    """Ask for the proof that a page needs before its view is called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _settle_role(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        return ask_first(request, view)


def _settle_role(request: HttpRequest) -> None:
    if isinstance(request.user, Member) and request.user.holds_role:
        request.user.acts_as_member = not shown_at(request, "mfa")


def ask_first(request: HttpRequest, view: Any) -> HttpResponse | None:
    """The response that asks for the proof that `view` needs; None if this session has
    shown it.
    """
    match = request.resolver_match
    if match is None:
        return None
    if "admin" in match.app_names:
        return _admin(request, match.url_name or "")
    role = getattr(view, "staff_role", "")
    if role and isinstance(request.user, Member) and request.user.holds(role):
        return lead(request)
    if match.view_name in PAGES or (
        match.view_name in FORMS and request.method == "POST"
    ):
        if request.user.is_anonymous or is_fresh(request):
            return None
        return ask(request)
    return None


def for_role(role: str) -> Callable[[View], View]:
    """Mark a view of a role, so that its holders are asked for a second factor first.

    The view itself must check the role.
    """

    def mark(view: View) -> View:
        view.staff_role = role  # type: ignore[attr-defined]
        return view

    return mark


def shown_at(request: HttpRequest, method: str = "") -> float:
    """When this session last proved its identity, as a Unix time, by `method` if one is
    given; 0 for never.
    """
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return max(
        (float(each["at"]) for each in records if method in ("", each["method"])),
        default=0.0,
    )


def show(request: HttpRequest, member: Member, method: str) -> None:
    """Store that the member of this session has proved their identity."""
    record_authentication(request, member, method, reauthenticated=True)


def forget_second_factor(request: HttpRequest) -> None:
    """Forget that the session has shown a second factor, since it was removed."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        each for each in records if each["method"] != "mfa"
    ]


def is_fresh(request: HttpRequest) -> bool:
    """Whether the member has proved their identity within FRESH_SECONDS: by the second
    factor if there is one, else in any way.
    """
    method = ""
    if isinstance(request.user, Member) and has_second_factor(request.user):
        method = "mfa"
    return time.time() - shown_at(request, method) < FRESH_SECONDS


def has_second_factor(member: Member) -> bool:
    return Authenticator.objects.filter(user=member, type__in=FACTORS).exists()


def lead(request: HttpRequest) -> HttpResponse | None:
    """The response that leads staff to the second factor; None if it was shown recently."""
    member = request.user
    assert isinstance(member, Member)
    if request.method in ("GET", "HEAD"):
        seconds = STAFF_SECONDS
    else:
        seconds = STAFF_FORM_SECONDS
    if time.time() - shown_at(request, "mfa") < seconds:
        return None
    if has_second_factor(member):
        return ask(request)
    if request.method == "GET":
        page = request.get_full_path()
    else:
        page = "/"
    return _go(
        request,
        redirect(f"{reverse('members:second_factor')}?{urlencode({'next': page})}"),
    )


def ask(request: HttpRequest) -> HttpResponse:
    """Redirect to the page that asks for a proof. A POST request is resumed after it."""
    if request.method == "POST":
        suspended = {
            "page": request.get_full_path(),
            "request": serialize_request(request),
        }
        request.session[STATE_SESSION_KEY] = {
            "callback": f"{__name__}.{go_on.__name__}",
            "state": suspended,
        }
    assert isinstance(request.user, Member)
    return _go(
        request,
        redirect(
            f"{page_for(request.user)}?{urlencode({'next': request.get_full_path()})}"
        ),
    )


def page_for(member: Member) -> str:
    """The URL of the page on which the member proves their identity."""
    page: str = get_adapter().get_reauthentication_methods(member)[0]["url"]
    return page


def go_on(request: HttpRequest, suspended: dict[str, str]) -> HttpResponse | None:
    """Resume the request that was suspended for a proof. The proof that its view needs is
    checked again here, since no middleware runs before the view.

    allauth calls this after any kind of proof. None means its usual redirect.
    """
    wanted = get_next_redirect_url(request)
    if wanted != suspended["page"]:
        if wanted:
            return redirect(wanted)
        return None
    deserialize_request(suspended["request"], request)
    match = request.resolver_match = resolve(request.path_info)
    _settle_role(request)
    answer: HttpResponse = ask_first(request, match.func) or match.func(
        request, *match.args, **match.kwargs
    )
    return answer


def _go(request: HttpRequest, response: HttpResponseRedirect) -> HttpResponse:
    # htmx would swap the page into a part of this one
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": response.url})
    return response


def _admin(request: HttpRequest, page: str) -> HttpResponse | None:
    """The admin has no sign-in of its own, and no page to change a
    password.
    """
    if page == "logout":
        return None
    if not isinstance(request.user, Member):
        if page == "login":
            wanted = request.GET.get("next", "")
        else:
            wanted = request.get_full_path()
        if not wanted.startswith("/admin/"):
            wanted = reverse("admin:index")
        return redirect_to_login(wanted)
    if not request.user.holds_role or not request.user.is_active:
        raise PermissionDenied
    if page == "login":
        return redirect("admin:index")
    if page.startswith("password_change"):
        return redirect("account_change_password")
    return lead(request)
