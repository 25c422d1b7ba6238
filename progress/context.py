"""What every page shows of the member's studies: the enrolment she visited last."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from progress.models import Enrollment


def studies(request: HttpRequest) -> dict[str, Any]:
    return {"where": SimpleLazyObject(lambda: current_enrollment(request))}


def current_enrollment(request: HttpRequest) -> Enrollment | None:
    """The enrolment that the member visited last, for the link to her step.

    It was read with the session. A form may have changed it: then one query.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    read = getattr(request.session, "enrollments", {})
    if request.method in ("GET", "HEAD") and user.pk in read:
        return read[user.pk]
    return (
        Enrollment.objects.current()
        .filter(member=user)
        .with_release()
        .order_by("-visited_at")
        .first()
    )
