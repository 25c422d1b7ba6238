"""The member of a request and their time zone, and forms sent after a session ended."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from members import devices, unsent
from members.address import ProxyWatch
from members.requests import came_from
from members.sessions import member_of

BOUND = "_session_expiry"  # where Django keeps what `set_expiry` says


class AddressMiddleware:
    """Watch the addresses of requests, to warn the host if a proxy is not counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.watch = ProxyWatch()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.watch.look(request)
        return self.get_response(request)


class SignedInMiddleware(AuthenticationMiddleware):
    """Set `request.user`, read together with the session if possible.

    Every page needs the member, so `request.user` is the member itself, and not Django's
    lazy object, which looks it up at each attribute.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = _user(request)


def _user(request: HttpRequest) -> Any:
    if not hasattr(request, "_cached_user"):
        request._cached_user = member_of(request.session) or auth.get_user(request)  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


class KeepTextMiddleware:
    """If a member posts a form after the session ended, keep the form, and return to its
    page after signing in.

    The page that shows the form again deletes what was kept, unless it fails. Nothing is
    kept for a browser with which nobody has signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400:
            unsent.give_back(request)
        if request.user.is_authenticated or not isinstance(
            response, HttpResponseRedirect
        ):
            return response
        sign_in = resolve_url(settings.LOGIN_URL)
        if urlsplit(response.url).path != sign_in:
            return response
        match = request.resolver_match
        if match and not getattr(match.func, "login_required", True):
            return response  # the page itself leads there, as “Wrong address?” does
        if match and getattr(match.func, "in_background", False):
            return HttpResponse(_("You are signed out."), status=401)
        if request.method == "POST":
            unsent.keep(request)
            response = HttpResponseRedirect(
                f"{sign_in}?{urlencode({'next': page_of(request)})}"
            )
        # htmx would swap the sign-in page into the button
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": response.url})
        return response


def page_of(request: HttpRequest) -> str:
    """The path of the page with the posted form; of the home page if it is not known."""
    before = came_from(request)
    if not before:
        return resolve_url("home")
    page = urlsplit(before)
    if page.query:
        return f"{page.path}?{page.query}"
    return page.path


class MemberMiddleware:
    """Set `request.member`, activate the member's time zone, and let a session last as
    long as it is needed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            response = self.get_response(request)
        else:
            request.member = request.user  # type: ignore[attr-defined]
            with timezone.override(request.user.zone):
                response = self.get_response(request)
            if request.user.is_authenticated:  # not after signing out in this request
                devices.remember(request, response, request.member)  # type: ignore[attr-defined]
        bound(request)
        return response


def bound(request: HttpRequest) -> None:
    """Let the session of a visitor expire soon after the code that was sent. Signing in
    removes this bound.

    Anybody can begin any number of such sessions, and each is a row.
    """
    session = request.session
    if request.user.is_authenticated:
        if session.get(BOUND) == settings.ACCOUNT_LOGIN_TIMEOUT:
            session.set_expiry(None)
    elif session.modified and not session.is_empty():
        session.set_expiry(settings.ACCOUNT_LOGIN_TIMEOUT)
