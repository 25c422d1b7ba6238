"""Who asks, on which clock; and nothing typed is lost when a session has ended."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


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
