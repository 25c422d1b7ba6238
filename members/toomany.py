"""The page for reached limits. It shows what was typed and says when to try again."""

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.origin import parts_of
from members import limits, unsent

TEXTS = {"body", "title"}  # shown even where they are short
# never shown: the version of each field in a form that two people may have
# open
CARRIED = {"opened"}
LONG = 24  # characters of a value that is shown, and not only carried along


class TooManyMiddleware:
    """Whichever view raises TooMany, the answer is the same page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, limits.TooMany):
            return answer(request, exception)
        return None


def answer(request: HttpRequest, refusal: limits.TooMany | None = None) -> HttpResponse:
    """The page; the words alone for htmx, whose form stands where it was.

    Without `refusal`, for allauth's limits.
    """
    refusal = refusal or _of_allauth()
    if request.headers.get("HX-Request"):
        response = HttpResponse(words(refusal), content_type="text/plain", status=429)
    else:
        response = render(
            request,
            "429.html",
            {"refusal": refusal, "when": _when(refusal.wait), **_typed(request)},
        )
        response.status_code = 429
    if refusal.wait > 0:
        response.headers["Retry-After"] = str(refusal.wait)
    return response


def _of_allauth() -> limits.TooMany:
    """Its limits on changes of what signs in do not say how long to wait;
    none is longer than a minute to the next.
    """
    return limits.TooMany(_("That was tried too often within a short time."), wait=60)


def words(refusal: limits.TooMany) -> str:
    """What was too much, and when to try again: for a page that shows its
    own form once more.
    """
    return f"{refusal} {_when(refusal.wait)}"


def _when(seconds: int) -> str:
    """A sentence: when to try again."""
    if seconds <= 0:
        return _("Try again a little later.")
    if seconds < 90:
        return ngettext(
            "Try again in %(n)s second.", "Try again in %(n)s seconds.", seconds
        ) % {"n": seconds}
    at = timezone.localtime(timezone.now() + timedelta(seconds=seconds))
    minutes = -(-seconds // 60)
    return ngettext(
        "Try again at %(at)s, in %(n)s minute.",
        "Try again at %(at)s, in %(n)s minutes.",
        minutes,
    ) % {
        "at": f"{at:%H:%M}",
        "n": minutes,
    }


def _typed(request: HttpRequest) -> dict[str, object]:
    """The fields of the form, to send again: the long ones to read, the
    short ones carried along.
    """
    fields = unsent.typed_in(request)
    secret = any(
        name in unsent.NEVER_KEPT - {"csrfmiddlewaretoken"} for name in request.POST
    )
    return {
        "shown": [
            (_label(name), name, value)
            for name, value in fields
            if _is_text(name, value)
        ],
        "carried": [
            (name, value) for name, value in fields if not _is_text(name, value)
        ],
        "again": bool(fields) and not secret,
        "page": _page(request),
    }


def _label(name: str) -> str:
    if name == "body":
        return _("Your words")
    return name.replace("_", " ").capitalize()


def _is_text(name: str, value: str) -> bool:
    if name.rpartition("-")[2] in CARRIED:
        return False
    return name in TEXTS or len(value) > LONG or any(sign in value for sign in " @\n")


def _page(request: HttpRequest) -> str:
    """Where the form is: its own address if that can be opened, which
    every page with a form of ours can.
    """
    referer = parts_of(request.headers.get("Referer", ""))
    if referer is not None and referer.netloc == request.get_host():
        try:
            resolve(referer.path)
        except Resolver404:
            return "/"
        if referer.query:
            return f"{referer.path}?{referer.query}"
        return referer.path
    if request.method == "GET":
        return request.path
    return "/"
