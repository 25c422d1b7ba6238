"""What every request and answer must keep to, whichever page it is for."""

import re
from collections.abc import Callable
from typing import Protocol

from csp.constants import HEADER as POLICY
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

# bytes; a browser reads the answer to a large form only after it could
# send the form
DRAINED_MAX = 20_000_000
PIECE = 65_536


class Readable(Protocol):
    def read(self, size: int) -> bytes: ...


class BoundedBodyMiddleware:
    """Refuse a body that is too large for its form before anything of it is parsed
    or written to disk.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = stated_size(request)
        at_most = bytes_at_most(request.path)
        if size <= at_most:
            return self.get_response(request)
        drain(request, min(size, DRAINED_MAX))
        context = {"megabytes": at_most // 1_000_000}
        return render(request, "413.html", context, status=413)


def bytes_at_most(path: str) -> int:
    """The length of a body that the form at this path may have."""
    if re.fullmatch(settings.UPLOAD_PATHS, path):
        return settings.UPLOAD_BYTES_MAX
    return settings.BODY_BYTES_MAX


def stated_size(request: HttpRequest) -> int:
    """Return the length of the body in bytes.

    A body without a stated length is never read, and counts as 0.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        return 0
    return int(length)


def drain(stream: Readable, size: int) -> None:
    """Read up to `size` bytes away, piece by piece, and keep none.

    It ends where no more comes in time.
    """
    while size > 0:
        try:
            piece = stream.read(min(size, PIECE))
        except OSError:
            return
        if not piece:
            return
        size -= len(piece)


class PolicyMiddleware:
    """Send the Content-Security-Policy of the settings, which no page changes: it is
    written once in a process.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's own pages about an error have styles inside them.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault(POLICY, self.policy)
        return response


class PrivatePagesMiddleware:
    """Forbid browsers and proxies to store a page made for a member, who is signed in
    or known by a link.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        is_own = (
            request.user.is_authenticated
            or "token" in request.GET
            or (match is not None and "token" in match.kwargs)
        )
        if is_own and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response


class InPlaceMiddleware:
    """Name the next page to a form that is answered in place (static/js/minibatch.js).

    The script follows no redirect by itself: the page behind one would be read twice,
    and its messages be gone the second time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "X-In-Place" in request.headers and response.has_header("Location"):
            response.status_code = 204
            response["X-In-Place-Location"] = response["Location"]
            del response["Location"]
        return response
