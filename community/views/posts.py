from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import actions, kinds
from community.composer import EmptyCommentForm, empty_composer
from community.feed import listed_post
from community.forms import (
    CommentForm,
    PostForm,
)
from community.models import Post
from community.views.targets import (
    REFUSALS,
    comments_below,
    discussion_of,
    is_wanted,
    show_history,
    subject_of_address,
    visible_post,
)
from config.values import number
from members import unsent
from members.requests import MemberRequest
from text import plain_title


@require_safe
def post(request: MemberRequest, pk: int) -> HttpResponse:
    """A post and a page of its comments: the page with the comment `?comment=`, or the
    page after the cursor `?after=`.
    """
    shown = visible_post(request, pk)
    typed = unsent.take(request, reverse("community:comment", args=[pk]))
    parent = (
        comments_below(request, shown).filter(pk=number(typed["parent"]) or 0).first()
        if "parent" in typed
        else None
    )
    form: EmptyCommentForm | CommentForm = EmptyCommentForm.of(shown, request.member)
    if typed:
        form = CommentForm(initial=typed)
    context = {**discussion_of(request, shown), "form": form, "parent": parent}
    return render(request, "community/post.html", context)


def new_post(request: MemberRequest) -> HttpResponse:
    """The page for a longer post. The short forms of feed and threads are sent here too,
    and get the new post to show.
    """
    subject = subject_of_address(request)
    form = PostForm(
        request.POST or None, member=request.member, initial=_beginning(request)
    )
    preview: dict[str, str] = {}
    if form.is_valid():
        try:
            if "preview" in request.POST:
                title, body = form.cleaned_data["title"], form.cleaned_data["body"]
                text = actions.render_for(request.member, body, now=timezone.now())
                preview = {"title": title, "body_html": text.body_html}
            else:
                written = actions.write_post(
                    request.member, now=timezone.now(), **form.words()
                )
                return (
                    _posted_above(request, written)
                    if request.htmx
                    else redirect(written)
                )
        except REFUSALS as refusal:
            form.add_error("body", str(refusal))
    context = {
        "form": form,
        "composer": form,
        "preview": preview,
        "subject": form.subject() if form.is_bound else subject,
    }
    template = "_composer.html" if request.htmx else "new_post.html"
    return render(request, f"community/{template}", context)


def _beginning(request: MemberRequest) -> dict[str, str]:
    """The initial values of a new post: the text of an ended session, or the parameters
    of the URL.
    """
    typed = unsent.take(request, reverse("community:new_post"))
    wanted = {
        name: request.GET.get(name, "") for name in ("kind", "title", "step", "paper")
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
            {"target": target, "is_comment": False},
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
    target = get_object_or_404(
        Post.objects.visible_to(request.member).select_related("author"), pk=pk
    )
    name = plain_title(target.title) or str(target.traits.label)
    return show_history(request, target, name)
