from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from community import actions
from community.attaching import takes_files
from community.formatting import examples
from community.forms import (
    EditForm,
)
from community.models import Comment, Post
from community.views.drafts import (
    end_draft,
    kept_as_draft,
    offer_above,
    posted_or_restored,
    restored,
)
from community.views.people import say_unreached
from community.views.targets import (
    REFUSALS,
)
from community.views.writing import previewed
from members import unsent
from members.requests import MemberRequest


@takes_files
def edit_post(request: MemberRequest, pk: int) -> HttpResponse:
    mine = get_object_or_404(
        Post.objects.visible_to(request.member).by(request.member), pk=pk
    )
    return _edit(request, mine)


@takes_files
def edit_comment(request: MemberRequest, pk: int) -> HttpResponse:
    mine = get_object_or_404(
        Comment.objects.visible_to(request.member).by(request.member), pk=pk
    )
    return _edit(request, mine)


def _edit(request: MemberRequest, mine: Post | Comment) -> HttpResponse:
    seen = mine.edited_at.isoformat() if mine.edited_at else ""
    title = mine.title if isinstance(mine, Post) else ""
    typed = unsent.take(request, request.path)
    draft = restored(request, request.path)
    form = EditForm(
        posted_or_restored(request, draft),
        initial={"title": title, "body": mine.body, "seen_edited_at": seen, **typed},
        needs_title=str(mine.traits.needs_title) if isinstance(mine, Post) else "",
        has_title=isinstance(mine, Post),
    )
    if draft:
        form.show_again()
    if kept := kept_as_draft(request, form):
        return kept
    conflict, preview = None, previewed(request, form)
    if form.is_valid() and not preview:
        try:
            edited = _edited(request, mine, form)
            post = edited if isinstance(edited, Post) else edited.post
            say_unreached(request, post, edited.body)
            return redirect(edited)
        except REFUSALS as refusal:
            form.add_error("body", str(refusal))
        except actions.EditConflict as refusal:
            conflict = refusal
            form.seen_again(conflict.current.edited_at)
    return render(
        request,
        "community/edit.html",
        {
            "form": form,
            "target": mine,
            "conflict": conflict,
            "preview": preview,
            "examples": examples(),
            "offered": offer_above(request, {}),
        },
    )


def _edited(
    request: MemberRequest, mine: Post | Comment, form: EditForm
) -> Post | Comment:
    words = form.cleaned_data
    given = {
        "by": request.member,
        "body": words["body"],
        "seen_edited_at": words["seen_edited_at"],
        "now": timezone.now(),
    }
    edited: Post | Comment
    if isinstance(mine, Post):
        edited = actions.edit_post(mine, title=words["title"], **given)
    else:
        edited = actions.edit_comment(mine, **given)
    end_draft(request, form)
    return edited
