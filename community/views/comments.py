from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import actions
from community.comments import comment_row
from community.composer import EmptyCommentForm
from community.forms import (
    CommentForm,
)
from community.models import Comment, Post
from community.views.targets import (
    REFUSALS,
    comments_below,
    discussion_of,
    is_wanted,
    or_404,
    show_history,
    visible_comment,
    visible_post,
)
from config.values import number
from members import unsent
from members.requests import MemberRequest


def comment(request: MemberRequest, pk: int) -> HttpResponse:
    """Comment on a post, or reply to the comment `parent` below it."""
    on = visible_post(request, pk)
    typed = unsent.take(request, request.path)
    form = CommentForm(
        request.POST or None, initial={"parent": request.GET.get("parent", ""), **typed}
    )
    named = str(form["parent"].value() or "")
    parent = (
        comments_below(request, on).filter(pk=number(named) or 0).first()
        if named
        else None
    )
    if named and parent is None:
        _without_parent(form, typed)
    if form.is_valid():
        body, now = form.cleaned_data["body"], timezone.now()
        try:
            written = actions.write_comment(
                on, author=request.member, body=body, parent=parent, now=now
            )
        except REFUSALS as refusal:
            form.add_error("body", str(refusal))
        else:
            return (
                _commented(request, on, written) if request.htmx else redirect(written)
            )
    template = "_comment_form.html" if request.htmx else "comment.html"
    return render(
        request, f"community/{template}", {"form": form, "post": on, "parent": parent}
    )


def _without_parent(form: CommentForm, typed: dict[str, Any]) -> None:
    """Add an error to the form, since the comment that is replied to is not below this
    post. Raises Http404 if no text was typed.
    """
    if form.is_bound:
        form.add_error(
            "body",
            _(
                "This comment is no longer here. Post again to say it to the whole discussion."
            ),
        )
    elif not typed:
        raise Http404


def _commented(request: MemberRequest, on: Post, written: Comment) -> HttpResponse:
    """Render the new comment at the end of its list, and an empty form; after a reply,
    no form.
    """
    row = or_404(comment_row(request.member, written.pk, on))
    context = {"row": row, "post": on, "form": EmptyCommentForm.of(on, request.member)}
    return render(request, "community/_commented.html", context)


@require_POST
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Accept an answer with `wanted=on`; take the acceptance back with `wanted=off`."""
    answer = visible_comment(request, pk)
    try:
        if is_wanted(request):
            actions.accept_answer(answer, by=request.member, now=timezone.now())
        else:
            actions.unaccept_answer(answer, by=request.member)
    except actions.Refused as refusal:
        raise Http404 from refusal
    if not request.htmx:
        return redirect(answer)
    context = discussion_of(request, visible_post(request, answer.post_id))
    return render(request, "community/_discussion.html", context)


def remove_comment(request: MemberRequest, pk: int) -> HttpResponse:
    target = visible_comment(request, pk)
    if not actions.may_remove(target, request.member):
        raise Http404
    if request.method != "POST":
        return render(
            request,
            "community/remove.html",
            {"target": target, "is_comment": True},
        )
    actions.remove_comment(target, by=request.member, now=timezone.now())
    messages.success(request, _("The comment was removed."))
    return redirect("community:post", target.post_id)


@require_safe
def comment_history(request: MemberRequest, pk: int) -> HttpResponse:
    return show_history(request, visible_comment(request, pk), _("Comment"))
