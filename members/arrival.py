"""What happens at every sign-in, in whatever way."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone

from members import proof, unsent
from members.models import Member


def arrived(sender: Any, request: HttpRequest, user: Member, **kwargs: Any) -> None:
    """Store that the member's address is confirmed, since nobody can sign in otherwise,
    and look for a form that was kept for the member.
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
    """Count a new second factor as shown: the member has just typed its code or touched
    the key.
    """
    if authenticator.type in proof.FACTORS:
        proof.show(request, user, "mfa")


def removed(sender: Any, request: HttpRequest, user: Member, **kwargs: Any) -> None:
    if not proof.has_second_factor(user):
        proof.forget_second_factor(request)
