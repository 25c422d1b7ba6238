"""Who asks, on which clock; and nothing typed is lost when a session has ended."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from members import kept


class KeepTextMiddleware:
    """When a form is posted after the session ended, keep its words, and come back to its page after signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if request.user.is_authenticated or not (
            isinstance(response, HttpResponseRedirect) and urlsplit(response.url).path == sign_in
        ):
            return response
        if request.method == "POST":
            kept.keep(request)
            response = HttpResponseRedirect(f"{sign_in}?{urlencode({'next': page_of(request)})}")
        if request.headers.get("HX-Request"):  # htmx would swap the sign-in page into the button
            return HttpResponse(status=204, headers={"HX-Redirect": response.url})
        return response


def page_of(request: HttpRequest) -> str:
    """The page that held the posted form, from its Referer; home where that says nothing or names another site."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url("home")
    page = urlsplit(referer)
    return f"{page.path}?{page.query}" if page.query else page.path


class MemberMiddleware:
    """Give views `request.member`, and show times in her zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.member = request.user  # type: ignore[attr-defined]
        with timezone.override(request.user.zone):
            return self.get_response(request)
