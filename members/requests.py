"""The request as views see it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from members.models import Member

View = TypeVar("View", bound=Callable[..., Any])


class MemberRequest(HttpRequest):
    """A request by a member who is signed in: `request.member` is a
    Member, never anonymous.
    """

    member: Member
    htmx: HtmxDetails


def came_from(request: HttpRequest) -> str:
    """The address of the page with the form, from the Referer header; empty if the browser
    sent none, or it is of another site.
    """
    address = request.headers.get("Referer", "")
    fits = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if fits else ""


def in_background(view: View) -> View:
    """A view that a script asks while a page is open. After the session has ended it
    answers 401: nothing of the request is kept, and no other page is shown.
    """
    view.in_background = True  # type: ignore[attr-defined]
    return view
