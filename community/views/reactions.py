from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from community import actions
from community.models import Comment, Post, Reaction
from community.reactions import buttons
from community.views.targets import (
    visible_comment,
    visible_post,
)
from members.requests import MemberRequest


@require_POST
def react(request: MemberRequest, pk: int) -> HttpResponse:
    return _react(
        request,
        get_object_or_404(
            Post.objects.visible_to(request.member).defer("body", "body_html"), pk=pk
        ),
    )


@require_POST
def react_to_comment(request: MemberRequest, pk: int) -> HttpResponse:
    return _react(request, visible_comment(request, pk))


def _react(request: MemberRequest, target: Post | Comment) -> HttpResponse:
    """The button pressed has the reaction's name and the value `on` or `off`."""
    kind = next((kind for kind in Reaction.Kind.values if kind in request.POST), None)
    if kind is None:
        raise Http404
    try:
        if request.POST[kind] == "on":
            actions.react(target, by=request.member, kind=kind, now=timezone.now())
        else:
            actions.unreact(target, by=request.member, kind=kind)
    except actions.Refused as refusal:
        raise Http404 from refusal
    if not request.htmx:
        return redirect(_page_before(request, target))
    read = visible_post if isinstance(target, Post) else visible_comment
    target = read(request, target.pk)
    is_post = isinstance(target, Post)
    context = {
        "address": request.path,
        "name": f"{'p' if is_post else 'c'}{target.pk}",
        "buttons": buttons(target),
        "is_mine": target.author_id == request.member.pk,
    }
    return render(request, "community/_reactions.html", context)


def _page_before(request: HttpRequest, target: Post | Comment) -> str:
    """The page on which the button was pressed, if the browser says it, at the text."""
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    ):
        return target.get_absolute_url()
    name = "post" if isinstance(target, Post) else "comment"
    return f"{back.partition('#')[0]}#{name}-{target.pk}"
