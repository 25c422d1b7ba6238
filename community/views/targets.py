"""Objects that a URL names, if the member may see them."""

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bookmarks.saved import on_page
from community import actions, visible
from community.discussion import discussion
from community.folding import fold_below, fold_of
from community.forms import (
    SubjectForm,
)
from community.models import Comment, Post
from community.newer import known_to
from community.reading import ThreadNews
from community.subjects import Subject, subject_of
from config.values import number
from lists import keyset
from lists.keyset import Cursor, NumberCursor
from members.requests import MemberRequest, came_from
from progress.context import current_enrollment
from text import TextRefused

Target = TypeVar("Target")
REVISIONS = 10  # of a page: each may be as long as a text
REFUSALS = (TextRefused, actions.Refused)


def visible_post(request: MemberRequest, pk: int) -> Post:
    return or_404(visible.post(request.member, pk))


def visible_comment(request: MemberRequest, pk: int) -> Comment:
    return or_404(visible.comment(request.member, pk))


def unfolded_post(request: MemberRequest, pk: int) -> Post:
    """A post whose text is not folded for the member. Raises Http404."""
    shown = visible_post(request, pk)
    if fold_of(shown, request.member):
        raise Http404
    return shown


def unfolded_comment(request: MemberRequest, pk: int) -> Comment:
    """The same for a comment."""
    shown = visible_comment(request, pk)
    if fold_below(shown.post, shown.author_id, request.member):
        raise Http404
    return shown


def or_404(target: Target | None) -> Target:
    if target is None:
        raise Http404
    return target


def comments_below(request: MemberRequest, on: Post) -> QuerySet[Comment]:
    return (
        Comment.objects.visible_to(request.member)
        .filter(post=on)
        .select_related("author")
    )


def discussion_of(request: MemberRequest, shown: Post) -> dict[str, Any]:
    enrollment = current_enrollment(request)
    fold = fold_of(shown, request.member)
    read = discussion(
        request.member,
        shown,
        comment=number(request.GET.get("comment", "")),
        after=NumberCursor.parse(request.GET.get("after", "")),
    )
    return {
        "post": shown,
        "subject": subject_of(
            shown, enrollment.release.outline if enrollment else None
        ),
        "discussion": read,
        "news": ThreadNews(),  # of a page that is opened: see `opened`
        "newer": known_to(request.member, shown, read),
        "saved": on_page(request.member, posts=[shown.pk], comments=read.comments),
        "fold": fold,
        "details": None
        if fold
        else shown.traits.for_page(shown, request.member, request.GET),
        "mine": shown.author_id == request.member.pk,
        "may_remove": actions.may_remove(shown, request.member),
        "may_join": actions.may_join(shown, request.member),
        "canonical": joined_to(request, shown),
        "may_pin": request.member.is_moderator and shown.traits.can_be_pinned,
    }


def joined_to(request: MemberRequest, shown: Post) -> Post | None:
    """The question that `shown` is joined to. One query, for such a question alone."""
    if shown.joined_to_id is None:
        return None
    return visible.post(request.member, shown.joined_to_id)


def show_history(
    request: MemberRequest, target: Post | Comment, name: str
) -> HttpResponse:
    """A page of former texts. One query."""
    cursor = Cursor.parse(request.GET.get("after", ""))
    revisions = target.revisions.order_by("-written_at", "-pk")
    if cursor:
        revisions = keyset.before(revisions, "written_at", cursor.moment, cursor.pk)
    rows = list(revisions[: REVISIONS + 1])
    shown, older = rows[:REVISIONS], None
    if len(rows) > REVISIONS:
        older = Cursor(shown[-1].written_at, shown[-1].pk)
    context = {"target": target, "name": name, "revisions": shown, "older": older}
    return render(request, "community/history.html", context)


def subject_of_address(request: MemberRequest) -> Subject | None:
    """The subject in the URL's parameters, None for the feed. Raises Http404."""
    if request.GET.keys().isdisjoint(SubjectForm.base_fields):
        return None
    form = SubjectForm(request.GET)
    if not form.is_valid():
        raise Http404
    return form.subject()


def page_before(request: HttpRequest, address: str, anchor: str) -> str:
    """The URL of the page with the form, at `anchor`, if the browser sent a referrer;
    `address` if not.
    """
    back = came_from(request)
    if not back:
        return address
    return f"{back.partition('#')[0]}#{anchor}"


def is_wanted(request: HttpRequest) -> bool:
    return request.POST.get("wanted") == "on"
