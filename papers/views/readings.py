"""The reading list, and what members keep and hide."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.values import number
from lists.keyset import Cursor
from members.requests import MemberRequest, came_from
from papers import actions, readings
from papers.headlines import HeadlineRow
from papers.models import Paper
from papers.rows import Headline
from text import plain_title


def beside(request: MemberRequest) -> dict[str, Any]:
    """The reading list as it stands beside a page."""
    titles = readings.reading_list(request.member)
    return {
        "readings": titles[: readings.BESIDE],
        "more_readings": len(titles) > readings.BESIDE,
    }


def reading_list(request: MemberRequest) -> HttpResponse:
    """Everything the member keeps."""
    found = readings.reading_page(
        request.member, before=Cursor.parse(request.GET.get("before", ""))
    )
    shown = found[: readings.PAGE]
    last = shown[-1] if len(found) > len(shown) else None
    older = str(Cursor(last.kept_at, last.pk)) if last else ""
    return render(
        request,
        "papers/list.html",
        {"readings": shown, "older": older},
    )


@require_POST
def keep(request: MemberRequest, arxiv_id: str) -> HttpResponse:
    """Put a paper on the reading list (keep=1) or take it off (keep=0)."""
    paper = get_object_or_404(Paper.objects.for_lists(), arxiv_id=arxiv_id)
    if kept := request.POST.get("keep") == "1":
        actions.keep_paper(paper, member=request.member, now=timezone.now())
    else:
        actions.unkeep_paper(paper, member=request.member)
    if not request.htmx:
        return _back(request, paper)
    if request.POST.get("here") == "paper":
        return render(
            request, "papers/_keep_here.html", {"paper": paper, "is_kept": kept}
        )
    return render(request, "papers/_kept.html", _in_place(request, paper, kept))


@require_POST
def hide(request: MemberRequest, arxiv_id: str) -> HttpResponse:
    """Leave a paper out of the headlines (hide=1) or show it again (hide=0)."""
    paper = get_object_or_404(Paper.objects.for_lists(), arxiv_id=arxiv_id)
    if hidden := request.POST.get("hide") == "1":
        actions.hide_paper(paper, member=request.member, now=timezone.now())
    else:
        actions.unhide_paper(paper, member=request.member)
    if not request.htmx:
        if hidden:
            messages.info(
                request,
                _("“%(title)s” is hidden from your headlines.")
                % {"title": plain_title(paper.title)},
            )
        return _back(request, paper)
    part = "papers/_hidden.html" if hidden else "papers/_row.html"
    return render(request, part, _in_place(request, paper, False))


def _in_place(request: MemberRequest, paper: Paper, is_kept: bool) -> dict[str, Any]:
    """What a row needs to be drawn again where it stands, and the reading list beside it."""
    shown_as = number(request.POST.get("number", ""), most=99_999)
    place = "you" if request.POST.get("place") == "you" else ""
    return {
        "row": HeadlineRow(Headline.of(paper), is_kept, place=place),
        "number": "" if shown_as is None else shown_as,
        "swap": True,
    } | beside(request)


def _back(request: MemberRequest, paper: Paper) -> HttpResponse:
    return redirect(came_from(request) or paper)
