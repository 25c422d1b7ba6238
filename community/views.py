from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet, TextChoices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import actions
from community.cursors import Cursor
from community.discussion import discussion, said_by
from community.feed import Order, Show, feed, rows
from community.forms import CommentForm, EditForm, PlaceForm, PostForm, question_template
from community.models import Comment, Post, Reaction
from community.places import EVERYWHERE, Place, step_places
from community.rail import rail
from community.reactions import buttons
from config.context import where
from members import kept
from members.requests import MemberRequest
from members.views import landing
from richtext import TextRefused

REFUSALS = (TextRefused, actions.Refused)
Choice = TypeVar("Choice", bound=TextChoices)


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The group's feed for members, the landing page for visitors."""
    return feed_page(request) if request.user.is_authenticated else landing(request)  # type: ignore[arg-type]


def feed_page(request: MemberRequest) -> HttpResponse:
    show = _one_of(Show, request.GET.get("show", ""), Show.ALL)
    order = _one_of(Order, request.GET.get("order", ""), Order.ACTIVITY)
    cursor = Cursor.parse(request.GET.get("before", ""))
    place = _place(request)
    everything = show == Show.ALL and cursor is None and place == EVERYWHERE
    posts = feed(request.member, place=place, show=show, order=order, cursor=cursor, with_notice=everything)
    context = {
        "posts": posts,
        "place": place,
        "notice": posts.notice,
        "shows": [(choice, choice == show, _feed_address(choice, order)) for choice in Show],
        "orders": [(choice, choice == order, _feed_address(show, choice)) for choice in Order],
        "older": posts.older and _feed_address(show, order, posts.older, place),
        "all": everything,
        **rail(request.member, where(request), timezone.now()),
    }
    return render(request, "community/home.html", context)


@require_safe
def post(request: MemberRequest, pk: int) -> HttpResponse:
    """A post and its comments; `?comment=` starts a long discussion at that comment."""
    shown = _post(request, pk)
    typed = kept.take(request, reverse("community:comment", args=[pk]))
    parent = (
        _comments_of(request, shown).filter(pk=_number(typed["parent"]) or 0).first() if "parent" in typed else None
    )
    context = {**_discussion(request, shown), "form": CommentForm(initial=typed), "parent": parent}
    return render(request, "community/post.html", context)


def new_post(request: MemberRequest) -> HttpResponse:
    """The page for a longer post; takes the short forms of feed and threads as well, and shows them what is new."""
    place = _place(request)
    form = PostForm(request.POST or None, member=request.member, initial=_beginning(request))
    preview = ""
    if form.is_valid():
        try:
            if "preview" in request.POST:
                preview = actions.render(form.cleaned_data["body"]).body_html
            else:
                written = actions.write_post(request.member, now=timezone.now(), **form.words())
                return _shown_in_place(request, written) if request.htmx else redirect(written)
        except REFUSALS as refusal:
            form.add_error("body", str(refusal))
    context = {"form": form, "preview": preview, "place": form.place() if form.is_bound else place}
    template = "_composer.html" if request.htmx and "preview" not in request.POST else "new_post.html"
    return render(request, f"community/{template}", context)


def edit_post(request: MemberRequest, pk: int) -> HttpResponse:
    mine = get_object_or_404(Post.objects.visible_to(request.member).by(request.member), pk=pk)
    return _edit(request, mine)


def edit_comment(request: MemberRequest, pk: int) -> HttpResponse:
    mine = get_object_or_404(Comment.objects.visible_to(request.member).by(request.member), pk=pk)
    return _edit(request, mine)


def comment(request: MemberRequest, pk: int) -> HttpResponse:
    """Comment on a post, or with `parent` reply to a comment below it."""
    on = _post(request, pk)
    initial = {"parent": request.GET.get("parent", ""), **kept.take(request, request.path)}
    form = CommentForm(request.POST or None, initial=initial)
    parent = _parent(request, on, str(form["parent"].value() or ""))
    if form.is_valid():
        body, now = form.cleaned_data["body"], timezone.now()
        try:
            written = actions.write_comment(on, author=request.member, body=body, parent=parent, now=now)
        except REFUSALS as refusal:
            form.add_error("body", str(refusal))
        else:
            return _comment_in_place(request, written) if request.htmx else redirect(written)
    template = "_comment_form.html" if request.htmx else "comment.html"
    return render(request, f"community/{template}", {"form": form, "post": on, "parent": parent})


@require_POST
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """`wanted=on` accepts an answer, `wanted=off` takes that back."""
    answer = _comment(request, pk)
    try:
        if _wanted(request):
            actions.accept_answer(answer, by=request.member, now=timezone.now())
        else:
            actions.unaccept_answer(answer, by=request.member)
    except actions.Refused as refusal:
        raise Http404 from refusal
    if not request.htmx:
        return redirect(answer)
    context = _discussion(request, _post(request, answer.post_id))
    return render(request, "community/_discussion.html", context)


@require_POST
def react(request: MemberRequest, pk: int) -> HttpResponse:
    return _react(request, get_object_or_404(Post.objects.visible_to(request.member).defer("body", "body_html"), pk=pk))


@require_POST
def react_to_comment(request: MemberRequest, pk: int) -> HttpResponse:
    return _react(request, _comment(request, pk))


def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Asks first; then the post is gone from sight."""
    target = _post(request, pk)
    if not actions.may_remove(target, request.member):
        raise Http404
    if request.method != "POST":
        return render(request, "community/remove.html", {"target": target, "back": target.get_absolute_url()})
    actions.remove_post(target, by=request.member, now=timezone.now())
    messages.success(request, _("The post was removed."))
    return redirect("home")


def remove_comment(request: MemberRequest, pk: int) -> HttpResponse:
    target = _comment(request, pk)
    if not actions.may_remove(target, request.member):
        raise Http404
    if request.method != "POST":
        return render(request, "community/remove.html", {"target": target, "back": target.get_absolute_url()})
    actions.remove_comment(target, by=request.member, now=timezone.now())
    messages.success(request, _("The comment was removed."))
    return redirect("community:post", target.post_id)


@require_POST
def pin(request: MemberRequest, pk: int) -> HttpResponse:
    target = _post(request, pk)
    try:
        if _wanted(request):
            actions.pin(target, by=request.member, now=timezone.now())
        else:
            actions.unpin(target, by=request.member)
    except actions.Refused as refusal:
        raise Http404 from refusal
    return redirect(target)


@require_safe
def history(request: MemberRequest, pk: int) -> HttpResponse:
    """What a post said before its edits."""
    target = get_object_or_404(Post.objects.visible_to(request.member).select_related("author"), pk=pk)
    return _history(request, target)


@require_safe
def comment_history(request: MemberRequest, pk: int) -> HttpResponse:
    return _history(request, _comment(request, pk))


def _post(request: MemberRequest, pk: int) -> Post:
    posts = Post.objects.visible_to(request.member).select_related("author", "paper")
    return get_object_or_404(posts.defer("body", "paper__abstract", "paper__abstract_html"), pk=pk)


def _comment(request: MemberRequest, pk: int) -> Comment:
    comments = Comment.objects.visible_to(request.member).select_related("author", "post")
    return get_object_or_404(comments.defer("post__body", "post__body_html"), pk=pk)


def _parent(request: MemberRequest, on: Post, pk: str) -> Comment | None:
    """The comment that is replied to; 404 for one that is not below this post."""
    if not pk:
        return None
    return get_object_or_404(_comments_of(request, on), pk=_number(pk) or 0)


def _comments_of(request: MemberRequest, on: Post) -> QuerySet[Comment]:
    return Comment.objects.visible_to(request.member).filter(post=on).select_related("author")


def _discussion(request: MemberRequest, shown: Post) -> dict[str, Any]:
    return {
        "post": shown,
        "step": step_places().get(shown.step_key) if shown.step_key else None,
        "discussion": discussion(request.member, shown, start=_number(request.GET.get("comment", ""))),
        "mine": shown.author_id == request.member.pk,
        "may_remove": actions.may_remove(shown, request.member),
        "may_pin": request.member.is_moderator and shown.kind == Post.Kind.ANNOUNCEMENT,
    }


def _beginning(request: MemberRequest) -> dict[str, str]:
    """What a new post starts with: the words of an ended session, or what the address says."""
    typed = kept.take(request, reverse("community:new_post"))
    wanted = {name: request.GET.get(name, "") for name in ("kind", "title", "step", "paper")}
    if wanted["kind"] == Post.Kind.QUESTION:
        wanted["body"] = question_template()
    return {"kind": Post.Kind.DISCUSSION.value, **{name: value for name, value in wanted.items() if value}, **typed}


def _shown_in_place(request: MemberRequest, written: Post) -> HttpResponse:
    """A fresh form, and the new post on top of the list that the form stands above."""
    [row] = rows(request.member, Post.objects.visible_to(request.member).for_list().filter(pk=written.pk))
    place = Place(row.step, written.paper)
    form = PostForm(member=request.member, initial={"kind": Post.Kind.DISCUSSION.value, **place.fields})
    return render(request, "community/_posted.html", {"form": form, "place": place, "row": row})


def _comment_in_place(request: MemberRequest, written: Comment) -> HttpResponse:
    """The new comment at the end of its list, and the form empty again, or gone where it was for a reply."""
    written = _comment(request, written.pk)
    context = {
        "said": said_by(request.member, written),
        "post": written.post,
        "form": CommentForm(),
    }
    return render(request, "community/_commented.html", context)


def _edit(request: MemberRequest, mine: Post | Comment) -> HttpResponse:
    seen = mine.edited_at.isoformat() if mine.edited_at else ""
    title = mine.title if isinstance(mine, Post) else ""
    typed = kept.take(request, request.path)
    form = EditForm(
        request.POST or None,
        initial={"title": title, "body": mine.body, "seen_edited_at": seen, **typed},
        needs_title=isinstance(mine, Post) and mine.kind == Post.Kind.QUESTION,
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
    return render(request, "community/edit.html", {"form": form, "target": mine, "conflict": conflict})


def _edited(request: MemberRequest, mine: Post | Comment, form: EditForm) -> Post | Comment:
    words, now = form.cleaned_data, timezone.now()
    body, seen = words["body"], words["seen_edited_at"]
    if isinstance(mine, Post):
        return actions.edit_post(mine, by=request.member, title=words["title"], body=body, seen_edited_at=seen, now=now)
    return actions.edit_comment(mine, by=request.member, body=body, seen_edited_at=seen, now=now)


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
    pressed = buttons(request.member, [target])[target]
    return render(request, "community/_reactions.html", {"target": target, "buttons": pressed})


def _history(request: MemberRequest, target: Post | Comment) -> HttpResponse:
    revisions = target.revisions.order_by("-written_at", "-pk")
    return render(request, "community/history.html", {"target": target, "revisions": revisions})


def _page_before(request: HttpRequest, target: Post | Comment) -> str:
    """Where the button was pressed, as far as the browser tells, with the text in view."""
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return target.get_absolute_url()
    name = "post" if isinstance(target, Post) else "comment"
    return f"{back.partition('#')[0]}#{name}-{target.pk}"


def _place(request: MemberRequest) -> Place:
    """The thread that the address names; 404 for one that is not there."""
    form = PlaceForm(request.GET)
    if not form.is_valid():
        raise Http404
    return form.place()


def _feed_address(show: Show, order: Order, before: Cursor | None = None, place: Place = EVERYWHERE) -> str:
    wanted = {
        **place.fields,
        "show": show != Show.ALL and show.value,
        "order": order != Order.ACTIVITY and order.value,
        "before": before,
    }
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{reverse('home')}?{query}" if query else reverse("home")


def _one_of(choices: type[Choice], text: str, default: Choice) -> Choice:
    return choices(text) if text in choices.values else default


def _wanted(request: HttpRequest) -> bool:
    return request.POST.get("wanted") == "on"


def _number(text: str) -> int | None:
    """A number that could be an id; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
