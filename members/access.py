"""Views that only a role may open.

The decorators mark the view of a role. Other members get a 404. Holders of the role are
asked for their second factor first, by `members.proof`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from members.models import Member
from members.proof import for_role
from members.requests import MemberRequest

View = Callable[..., HttpResponse]


def has_role(member: Member, role: str) -> bool:
    """Whether the member has the role now, in this session.

    An owner has every role.
    """
    return bool(getattr(member, f"is_{role}"))


def require_role(request: MemberRequest, role: str) -> None:
    """Raise Http404 unless the member of the request has the role."""
    if not has_role(request.member, role):
        raise Http404


def _only(role: str) -> Callable[[Callable[..., Any]], View]:
    def mark(view: Callable[..., Any]) -> View:
        @for_role(role)
        @wraps(view)
        def checked(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require_role(request, role)
            response: HttpResponse = view(request, *args, **kwargs)
            return response

        return checked

    return mark


owner_only = _only("owner")
curator_only = _only("curator")
moderator_only = _only("moderator")
