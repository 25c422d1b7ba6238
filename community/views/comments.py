from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from bookmarks.saved import on_page
from community import actions
from community.attaching import takes_files
from community.comments import comment_row
from community.composer import EmptyCommentForm
from community.folding import Foldable, fold_below
from community.forms import (
    CommentForm,
)
from community.models import Comment, Post
from community.newer import newer_page
from community.views.drafts import end_draft, kept_as_draft, offer_above
from community.views.people import say_unreached, sentence_of_unreached
from community.views.targets import (
    REFUSALS,
    comments_below,
    discussion_of,
    is_wanted,
    or_404,
    show_history,
    unfolded_comment,
    visible_comment,
    visible_post,
)
from community.views.writing import previewed, quoted_first
from config.values import number
from members import unsent
from members.requests import MemberRequest
from notifications.opening import note_opened
from operate.storage import best_effort


@takes_files
def comment(request: MemberRequest, pk: int) -> HttpResponse:
    """Comment on a post, or reply to the comment `parent` below it."""
    on = visible_post(request, pk)
    typed = unsent.take(request, request.path)
    initial = {"parent": request.GET.get("parent", ""), **typed}
    if quoted := request.method == "GET" and quoted_first(request, on):
        initial.setdefault("body", quoted)
    form = CommentForm(request.POST or None, initial=initial)
    named = str(form["parent"].value() or "")
    parent = (
        comments_below(request, on).filter(pk=number(named) or 0).first()
        if named
        else None
    )
    if named and parent is None:
        _without_parent(form, typed)
    if kept := kept_as_draft(request, form):
        return kept
    shown = previewed(request, form)
    if form.is_valid() and not shown:
        body, now = form.cleaned_data["body"], timezone.now()
        try:
            written = actions.write_comment(
                on, author=request.member, body=body, parent=parent, now=now
            )
        except REFUSALS as refusal:
            form.add_error("body", str(refusal))
        else:
            end_draft(request, form)
            if request.htmx:
                return _commented(request, on, written)
            say_unreached(request, on, written.body)
            return redirect(written)
    template = "_comment_form.html" if request.htmx else "comment.html"
    offered = None if request.htmx else offer_above(request, {"parent": named})
    context = {
        "form": form,
        "post": on,
        "parent": parent,
        "parent_fold": parent and fold_below(on, parent.author_id, request.member),
        "offered": offered,
        "preview": shown,
    }
    return render(request, f"community/{template}", context)


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
    no form. What was folded until the member wrote is shown by opening the page again.
    """
    if on.is_closed and Foldable.of(on).may_fold_comments:
        return HttpResponseClientRedirect(written.get_absolute_url())
    row = or_404(comment_row(request.member, written.pk, on))
    context = {
        "row": row,
        "post": on,
        "form": EmptyCommentForm.of(on, request.member),
        "unreached": sentence_of_unreached(request.member, on, written.body),
    }
    return render(request, "community/_commented.html", context)


@require_safe
def newer(request: MemberRequest, pk: int) -> HttpResponse:
    """The comments after the one with the id `?after=`, for a page of the post that is
    open. They are read then, and so is what the member was told of them.
    """
    on = visible_post(request, pk)
    with best_effort():
        note_opened(request, request.member, on)
    after = number(request.GET.get("after", "")) or 0
    page = newer_page(request.member, on, after, now=timezone.now())
    with best_effort():
        actions.note_read(page.opened.mark, before=on.read_mark)
    context = {
        "post": on,
        "discussion": page.discussion,
        "news": page.opened.news,
        "newest": page.newest,
        "saved": on_page(request.member, comments=page.discussion.comments),
    }
    return render(request, "community/_newer_comments.html", context)


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
            {
                "target": target,
                "is_comment": True,
                "fold": fold_below(target.post, target.author_id, request.member),
            },
        )
    actions.remove_comment(target, by=request.member, now=timezone.now())
    messages.success(request, _("The comment was removed."))
    return redirect("community:post", target.post_id)


@require_safe
def comment_history(request: MemberRequest, pk: int) -> HttpResponse:
    return show_history(request, unfolded_comment(request, pk), _("Comment"))
