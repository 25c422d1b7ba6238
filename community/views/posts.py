from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookmarks.actions import note_opened as note_opened_reminders
from bookmarks.keys import Kind, ThingKey
from bookmarks.saved import Saved
from community import actions, kinds
from community.attaching import takes_files
from community.composer import EmptyCommentForm, empty_composer
from community.feed import listed_post
from community.folding import fold_of
from community.formatting import examples
from community.forms import (
    CommentForm,
    PostForm,
    SubjectForm,
)
from community.models import Post
from community.reading import reading
from community.subjects import fields_of
from community.views.drafts import (
    end_draft,
    kept_as_draft,
    offer_above,
    posted_or_restored,
    restored,
    typed_in,
)
from community.views.people import say_unreached, sentence_of_unreached
from community.views.post_page import page_of
from community.views.targets import (
    REFUSALS,
    comments_below,
    is_wanted,
    show_history,
    subject_of_address,
    unfolded_post,
    visible_post,
)
from community.views.writing import previewed
from config.values import number
from members import unsent
from members.requests import MemberRequest
from notifications.opening import note_opened
from operate.storage import best_effort
from search.similar import similar
from text import plain_title


@require_safe
def post(request: MemberRequest, pk: int) -> HttpResponse:
    """A post and a page of its comments: the page with the comment `?comment=`, or the
    page after the cursor `?after=`.
    """
    shown = visible_post(request, pk)
    with best_effort():
        note_opened(request, request.member, shown)
    path = reverse("community:comment", args=[pk])
    typed = unsent.take(request, path) or typed_in(restored(request, path))
    parent = (
        comments_below(request, shown).filter(pk=number(typed["parent"]) or 0).first()
        if "parent" in typed
        else None
    )
    form: EmptyCommentForm | CommentForm = EmptyCommentForm.of(shown, request.member)
    if typed:
        form = CommentForm(initial=typed)
    context = {**page_of(request, shown), "form": form, "parent": parent}
    opened = reading(request.member, shown, context["discussion"], now=timezone.now())
    context["news"] = opened.news
    with best_effort():
        actions.note_read(opened.mark, before=shown.read_mark)
        _note_opened_reminders(request, shown, context["saved"])
    return render(request, "community/post.html", context)


def _note_opened_reminders(request: MemberRequest, shown: Post, saved: Saved) -> None:
    """The post was opened, and the comment that the address names."""
    keys = [ThingKey(Kind.POST, str(shown.pk))]
    if comment := number(request.GET.get("comment", "")):
        keys.append(ThingKey(Kind.COMMENT, str(comment)))
    note_opened_reminders(request.member, saved, keys, now=timezone.now())


@takes_files
def new_post(request: MemberRequest) -> HttpResponse:
    """The page for a longer post. The short forms of feed and threads are sent here too,
    and get the new post to show.
    """
    subject = subject_of_address(request)
    draft = restored(request, request.path)
    form = PostForm(
        posted_or_restored(request, draft),
        member=request.member,
        initial=_beginning(request),
    )
    if draft or "alike" in request.POST:
        form.show_again()
    if kept := kept_as_draft(request, form):
        return kept
    preview = previewed(request, form)
    if form.is_valid() and not preview:
        try:
            return _sent(request, form)
        except REFUSALS as refusal:
            form.add_error("body", str(refusal))
    context = {
        "form": form,
        "composer": form,
        "preview": preview,
        "examples": examples(),
        "subject": form.subject() if request.method == "POST" else subject,
        "offered": offer_above(request, fields_of(subject)),
        **_alike(request),
    }
    template = "_composer.html" if request.htmx else "new_post.html"
    return render(request, f"community/{template}", context)


def _sent(request: MemberRequest, form: PostForm) -> HttpResponse:
    """Write the post. The short forms get it to show, others are led to it."""
    written = actions.write_post(request.member, now=timezone.now(), **form.words())
    end_draft(request, form)
    if request.htmx:
        return _posted_above(request, written)
    say_unreached(request, written, written.body)
    return redirect(written)


def _alike(request: MemberRequest) -> dict[str, Any]:
    """The questions like the one that was sent: the way without JavaScript."""
    if "alike" not in request.POST:
        return {"questions": [], "is_asked": False}
    title, body = request.POST.get("title", ""), request.POST.get("body", "")
    return {"questions": similar(request.member, title, body), "is_asked": True}


def _beginning(request: MemberRequest) -> dict[str, str]:
    """The initial values of a new post: the text of an ended session, or the parameters
    of the URL.
    """
    typed = unsent.take(request, reverse("community:new_post"))
    wanted = {
        name: request.GET.get(name, "")
        for name in ("kind", "title", *SubjectForm.base_fields)
    }
    wanted["body"] = kinds.of(wanted["kind"]).beginning()
    return {
        "kind": kinds.DEFAULT,
        **{name: value for name, value in wanted.items() if value},
        **typed,
    }


def _posted_above(request: MemberRequest, written: Post) -> HttpResponse:
    """Render an empty form, and the new post at the top of the list."""
    row = listed_post(request.member, written.pk)
    context = {
        "composer": empty_composer(request, row.subject),
        "subject": row.subject,
        "row": row,
        "unreached": sentence_of_unreached(request.member, written, written.body),
    }
    return render(request, "community/_posted.html", context)


def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove a post, after a page that asks for confirmation."""
    target = visible_post(request, pk)
    if not actions.may_remove(target, request.member):
        raise Http404
    if request.method != "POST":
        return render(
            request,
            "community/remove.html",
            {
                "target": target,
                "is_comment": False,
                "fold": fold_of(target, request.member),
            },
        )
    actions.remove_post(target, by=request.member, now=timezone.now())
    messages.success(request, _("The post was removed."))
    return redirect("home")


@require_POST
def pin(request: MemberRequest, pk: int) -> HttpResponse:
    target = visible_post(request, pk)
    try:
        if is_wanted(request):
            actions.pin(target, by=request.member, now=timezone.now())
        else:
            actions.unpin(target, by=request.member)
    except actions.Refused as refusal:
        raise Http404 from refusal
    return redirect(target)


@require_POST
def put_away(request: MemberRequest, pk: int) -> HttpResponse:
    """Hide the pinned announcement from the member's feed."""
    actions.put_away(visible_post(request, pk), by=request.member, now=timezone.now())
    return redirect("home")


@require_safe
def history(request: MemberRequest, pk: int) -> HttpResponse:
    """The former versions of a post."""
    target = unfolded_post(request, pk)
    name = plain_title(target.title) or str(target.traits.label)
    return show_history(request, target, name)
