"""The enrolment that the member visited last, for every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from progress.models import Enrollment


def studies(request: HttpRequest) -> dict[str, Any]:
    return {"where": SimpleLazyObject(lambda: current_enrollment(request))}


def read_enrollment(request: HttpRequest) -> Enrollment | None:
    """The enrolment that the member visited last, as it was when the request began.

    None also where it was not read with the session.
    """
    user = getattr(request, "user", None)
    return _read(request).get(user.pk) if user else None


def _read(request: HttpRequest) -> dict[int, Enrollment | None]:
    session = getattr(request, "session", None)
    found: dict[int, Enrollment | None] = getattr(session, "enrollments", {})
    return found


def current_enrollment(request: HttpRequest) -> Enrollment | None:
    """The enrolment that the member visited last, for the link to its step.

    It was read with the session. One query after a form, which may have changed it.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    if request.method in ("GET", "HEAD") and user.pk in _read(request):
        return read_enrollment(request)
    return (
        Enrollment.objects.current()
        .filter(member=user)
        .with_release()
        .order_by("-visited_at")
        .first()
    )
