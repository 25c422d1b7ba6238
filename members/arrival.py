"""What every sign-in does, whichever way it came."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone

from members import proof, unsent
from members.models import Member


def arrived(sender: Any, request: HttpRequest, user: Member, **kwargs: Any) -> None:
    """Note that her address is proved (nobody signs in without), and what
    was kept for her.
    """
    now = timezone.now()
    if user.proved_at is None:
        user.proved_at = now
        Member.objects.filter(pk=user.pk, proved_at=None).update(proved_at=now)
    unsent.arrive(request, user, now=now)


def added(
    sender: Any,
    request: HttpRequest,
    user: Member,
    authenticator: Authenticator,
    **kwargs: Any,
) -> None:
    """Who has just typed the digits of her new app, or touched her new
    key, has shown it.
    """
    if authenticator.type in proof.FACTORS:
        proof.show(request, user, "mfa")


def removed(sender: Any, request: HttpRequest, user: Member, **kwargs: Any) -> None:
    if not proof.has_second_factor(user):
        proof.forget_second_factor(request)
