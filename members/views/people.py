"""The way from a handle to what its member wrote."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from members.models import Handle, Member
from members.requests import MemberRequest


@require_safe
def person(request: MemberRequest, handle: str) -> HttpResponse:
    """Leads to what the member wrote, newest first."""
    visible = Member.objects.visible_to(request.member)
    if not Handle.objects.named([handle]).filter(member__in=visible).exists():
        raise Http404
    by = urlencode({"by": f"@{handle.casefold()}"})
    return redirect(f"{reverse('search:search')}?{by}")
