from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from community import actions, visible
from community.models import Comment, Post, Reaction
from community.reactions import buttons
from community.views.targets import page_before
from members.models import Member
from members.requests import MemberRequest
from notifications.actions import follow

# Returns the post or comment, or None if the member may not see it.
Reader = Callable[[Member, int], Post | Comment | None]


@require_POST
def react(request: MemberRequest, pk: int) -> HttpResponse:
    return _react(request, pk, visible.post_to_react)


@require_POST
def react_to_comment(request: MemberRequest, pk: int) -> HttpResponse:
    return _react(request, pk, visible.comment_to_react)


def _react(request: MemberRequest, pk: int, read: Reader) -> HttpResponse:
    """The button pressed has the reaction's name and the value `on` or `off`."""
    target = _target(request, pk, read)
    kind = next((kind for kind in Reaction.Kind.values if kind in request.POST), None)
    if kind is None:
        raise Http404
    try:
        if request.POST[kind] == "on":
            now = timezone.now()
            actions.react(target, by=request.member, kind=kind, now=now)
            if isinstance(target, Post) and kind == Reaction.Kind.SAME:
                follow(request.member, target, now=now)
        else:
            actions.unreact(target, by=request.member, kind=kind)
    except actions.Refused as refusal:
        raise Http404 from refusal
    if not request.htmx:
        name = "post" if isinstance(target, Post) else "comment"
        address = target.get_absolute_url()
        return redirect(page_before(request, address, f"{name}-{target.pk}"))
    target = _target(request, pk, read)
    is_post = isinstance(target, Post)
    context = {
        "address": request.path,
        "name": f"{'p' if is_post else 'c'}{target.pk}",
        "buttons": buttons(target),
        "is_mine": target.author_id == request.member.pk,
    }
    return render(request, "community/_reactions.html", context)


def _target(request: MemberRequest, pk: int, read: Reader) -> Post | Comment:
    target = read(request.member, pk)
    if target is None:
        raise Http404
    return target
