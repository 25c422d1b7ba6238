"""Asking to see what is folded."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from community import actions
from community.views.targets import visible_post
from config.values import number
from members.requests import MemberRequest


@require_POST
def show(request: MemberRequest, pk: int) -> HttpResponse:
    """Open a post with its comments, and lead to it, or to the comment `comment`."""
    post = visible_post(request, pk)
    actions.ask_to_see(post, by=request.member, now=timezone.now())
    address = post.get_absolute_url()
    if comment := number(request.POST.get("comment", "")):
        address += f"?comment={comment}#comment-{comment}"
    return redirect(address)
