from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from community import actions
from community.forms import (
    EditForm,
)
from community.models import Comment, Post
from community.views.targets import (
    REFUSALS,
)
from members import unsent
from members.requests import MemberRequest


def edit_post(request: MemberRequest, pk: int) -> HttpResponse:
    mine = get_object_or_404(
        Post.objects.visible_to(request.member).by(request.member), pk=pk
    )
    return _edit(request, mine)


def edit_comment(request: MemberRequest, pk: int) -> HttpResponse:
    mine = get_object_or_404(
        Comment.objects.visible_to(request.member).by(request.member), pk=pk
    )
    return _edit(request, mine)


def _edit(request: MemberRequest, mine: Post | Comment) -> HttpResponse:
    seen = mine.edited_at.isoformat() if mine.edited_at else ""
    title = mine.title if isinstance(mine, Post) else ""
    typed = unsent.take(request, request.path)
    form = EditForm(
        request.POST or None,
        initial={"title": title, "body": mine.body, "seen_edited_at": seen, **typed},
        needs_title=str(mine.traits.needs_title) if isinstance(mine, Post) else "",
        has_title=isinstance(mine, Post),
    )
    conflict = None
    if form.is_valid():
        try:
            return redirect(_edited(request, mine, form))
        except REFUSALS as refusal:
            form.add_error("body", str(refusal))
        except actions.EditConflict as refusal:
            conflict = refusal
            form.seen_again(conflict.current.edited_at)
    return render(
        request,
        "community/edit.html",
        {"form": form, "target": mine, "conflict": conflict},
    )


def _edited(
    request: MemberRequest, mine: Post | Comment, form: EditForm
) -> Post | Comment:
    words, now = form.cleaned_data, timezone.now()
    body, seen = words["body"], words["seen_edited_at"]
    if isinstance(mine, Post):
        return actions.edit_post(
            mine,
            by=request.member,
            title=words["title"],
            body=body,
            seen_edited_at=seen,
            now=now,
        )
    return actions.edit_comment(
        mine, by=request.member, body=body, seen_edited_at=seen, now=now
    )
