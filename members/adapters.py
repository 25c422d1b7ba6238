from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from members.models import StudyGroup


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return StudyGroup.objects.exists()

    def get_login_redirect_url(self, request: HttpRequest) -> Any:
        if request.user.is_authenticated and request.user.onboarded_at is None:
            return reverse("members:onboarding", args=["goal"])
        return super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> Any:
        return reverse("members:onboarding", args=["goal"])
