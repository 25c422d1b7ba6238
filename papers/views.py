"""Pages about papers: the headlines of a day, a paper, the reading list, and how the
harvest goes.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from community.composer import composer
from community.subjects import PaperRef
from community.threads import thread_page
from config.values import number
from curriculum.models import Activity, Release
from curriculum.outline import Outline, Step
from lists.kept import Kept
from lists.keyset import Cursor
from members.audience import EVERYBODY
from members.proof import for_role
from members.requests import MemberRequest
from papers import actions, headlines, relevance, sentinel, tasks
from papers.headlines import Chosen, Days
from papers.models import Feed, Paper
from papers.relevance import ForStep
from papers.timetable import EASTERN
from progress.context import current_enrollment
from progress.models import Enrollment
from text import plain_title

FOR_YOU = 5
TOLD = Kept[list[tuple[sentinel.State, list[str]]]](seconds=60, most=1)
LOOKS = 6  # how often the page of feeds looks for an answer by itself


# Headlines


def today(request: MemberRequest) -> HttpResponse:
    """The newest announcement day, with what fits the member's step on top."""
    days = headlines.newest_days()
    if days is None:
        return render(request, "papers/none_yet.html")
    chosen = _chosen(request)
    if chosen != Chosen():
        return _headlines(request, days, chosen)
    enrollment = current_enrollment(request)
    return _headlines(
        request,
        days,
        chosen,
        for_step=_for_step(enrollment, days),
        where=enrollment,
        quiet=timezone.now().astimezone(EASTERN).weekday() > 4,
        told=_told(),
    )


def day(request: MemberRequest, day: date) -> HttpResponse:
    days = headlines.days_around(day)
    if days is None:
        raise Http404
    return _headlines(request, days, _chosen(request))


def _headlines(
    request: MemberRequest,
    days: Days,
    chosen: Chosen,
    *,
    for_step: ForStep | None = None,
    **context: Any,
) -> HttpResponse:
    """A day's page. What stands under “For you” does not stand in the list below it as well."""
    why = {one.paper.pk: one for one in for_step.suggestions} if for_step else {}
    found = headlines.of_day(
        days,
        member=request.member,
        chosen=chosen,
        apart=list(why),
        apart_max=FOR_YOU,
    )
    for_you = [(why[paper.pk], paper) for paper in found.apart]
    context = {
        "told": [],
        "quiet": False,
        **context,
        "days": days,
        "headlines": found,
        "for_you": for_you,
        "for_step": for_step,
    }
    if request.htmx and chosen.after:
        return render(request, "papers/_headlines.html", context)
    return render(request, "papers/day.html", context | _reading_list(request))


def _told() -> list[tuple[sentinel.State, list[str]]]:
    """What keeps papers of today away; worked out once a minute."""
    return TOLD.get(
        EVERYBODY,
        ask=lambda: sentinel.told(
            sentinel.watched(settings.ARXIV_CATEGORIES, now=timezone.now())
        ),
    )


def _chosen(request: MemberRequest) -> Chosen:
    named = map(number, request.GET.get("without", "").split(",")[:FOR_YOU])
    without = frozenset(pk for pk in named if pk is not None)
    category, kind, after = (
        request.GET.get(name, "") for name in ("category", "kind", "after")
    )
    return Chosen(category, kind, after, without)


def _for_step(enrollment: Enrollment | None, days: Days) -> ForStep | None:
    """The day's papers for the step that the member was at last."""
    if enrollment is None or enrollment.step_key is None:
        return None
    key = enrollment.step_key

    def find_step() -> Step | None:
        return enrollment.release.outline.step_by_key(key)

    return relevance.todays_papers(key, find_step, days)


def _reading_list(request: MemberRequest) -> dict[str, Any]:
    readings = headlines.reading_list(request.member)
    return {
        "readings": readings[: headlines.READING_LIST],
        "more_readings": len(readings) > headlines.READING_LIST,
    }


def reading_list(request: MemberRequest) -> HttpResponse:
    """Everything the member keeps."""
    found = headlines.reading_page(
        request.member, before=Cursor.parse(request.GET.get("before", ""))
    )
    shown = found[: headlines.READING_PAGE]
    last = shown[-1] if len(found) > len(shown) else None
    older = str(Cursor(last.kept_at, last.pk)) if last and last.kept_at else ""
    return render(
        request,
        "papers/list.html",
        {"readings": shown, "older": older},
    )


# One paper


def paper(request: MemberRequest, arxiv_id: str) -> HttpResponse:
    shown = get_object_or_404(
        Paper.objects.with_reading_of(request.member), arxiv_id=arxiv_id
    )
    subject = PaperRef(shown.arxiv_id, shown.title_html)
    context = {
        "paper": shown,
        "versions": _versions(shown),
        "steps": _steps_using(shown),
        "thread": thread_page(request.member, subject),
        "composer": composer(request, subject),
    }
    return render(request, "papers/paper.html", context)


def _versions(paper: Paper) -> list[tuple[int, date | None]]:
    """Every version up to the newest one, newest first, with the day on which it was
    announced to us. One query.
    """
    days = dict(paper.versions.values_list("number", "announced_on"))
    newest = max([paper.version, *days])
    return [(number, days.get(number)) for number in range(newest, 0, -1)]


def _steps_using(paper: Paper) -> list[tuple[Outline, Step]]:
    """The steps of the newest releases that read this paper.

    One query, and one more for each that is not in memory.
    """
    drafts = Activity.objects.filter(
        step__curriculum=OuterRef("curriculum"),
        resource__arxiv_id=paper.arxiv_id,
        retired_at=None,
    )
    outlines = [
        release.outline
        for release in Release.objects.newest().light().filter(Exists(drafts))
    ]
    return [
        (outline, step)
        for outline in outlines
        for step in outline.steps
        if any(
            each.source and each.source.arxiv_id == paper.arxiv_id
            for each in step.every_activity()
        )
    ]


@require_POST
def keep(request: MemberRequest, arxiv_id: str) -> HttpResponse:
    """Put a paper on the reading list (keep=1) or take it off (keep=0)."""
    shown = get_object_or_404(Paper.objects.for_lists(), arxiv_id=arxiv_id)
    if kept := request.POST.get("keep") == "1":
        actions.keep_paper(shown, member=request.member, now=timezone.now())
    else:
        actions.unkeep_paper(shown, member=request.member)
    if not request.htmx:
        return _back(request, shown)
    shown.kept = kept
    part = (
        "papers/_keep_here.html"
        if request.POST.get("here") == "paper"
        else "papers/_kept.html"
    )
    return render(request, part, _in_place(request, shown))


@require_POST
def hide(request: MemberRequest, arxiv_id: str) -> HttpResponse:
    """Leave a paper out of the headlines (hide=1) or show it again (hide=0)."""
    shown = get_object_or_404(Paper.objects.for_lists(), arxiv_id=arxiv_id)
    if hidden := request.POST.get("hide") == "1":
        actions.hide_paper(shown, member=request.member, now=timezone.now())
    else:
        actions.unhide_paper(shown, member=request.member)
    if not request.htmx:
        if hidden:
            messages.info(
                request,
                _("“%(title)s” is hidden from your headlines.")
                % {"title": plain_title(shown.title)},
            )
        return _back(request, shown)
    shown.kept = False
    part = "papers/_hidden.html" if hidden else "papers/_row.html"
    return render(request, part, _in_place(request, shown))


def _in_place(request: MemberRequest, paper: Paper) -> dict[str, Any]:
    """What a row needs to be drawn again where it stands, and the reading list beside it."""
    shown_as = number(request.POST.get("number", ""), most=99_999)
    return {
        "paper": paper,
        "number": "" if shown_as is None else shown_as,
        "place": "you" if request.POST.get("place") == "you" else "",
        "swap": True,
    } | _reading_list(request)


def _back(request: MemberRequest, paper: Paper) -> HttpResponse:
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(came_from)
    return redirect(paper)


# How the harvest goes


@for_role("curator")
def feeds(request: MemberRequest) -> HttpResponse:
    """For curators: each feed, when it was last read, what went wrong, when it is tried again."""
    _curators_only(request)
    followed = sentinel.watched(settings.ARXIV_CATEGORIES, now=timezone.now())
    dropped = Feed.objects.exclude(category__in=settings.ARXIV_CATEGORIES).order_by(
        "category"
    )
    context = {
        "followed": followed,
        "dropped": list(dropped.values_list("category", flat=True)),
        "source": settings.ARXIV_RSS_URL,
        "looks": _looks(request),
    }
    return render(request, "papers/feeds.html", context)


def _looks(request: MemberRequest) -> int | None:
    """How often the page will still look for the answer by itself; None where nothing
    was asked.
    """
    looks = number(request.GET.get("look", ""), most=99)
    return None if looks is None else min(looks, LOOKS)


@require_POST
@for_role("curator")
def try_now(request: MemberRequest, category: str) -> HttpResponse:
    _curators_only(request)
    if category not in settings.ARXIV_CATEGORIES:
        raise Http404
    try:
        tasks.harvest.delay_on_commit(category)
    except OperationalError:
        messages.error(
            request,
            _(
                "The worker cannot be reached, so nothing was asked. Try again in a minute."
            ),
        )
    else:
        messages.info(
            request,
            _(
                "arXiv is being asked for %(category)s. The line below shows the answer in a moment."
            )
            % {"category": category},
        )
    return redirect(f"{reverse('papers:feeds')}?look={LOOKS}")


def _curators_only(request: MemberRequest) -> None:
    if not request.member.is_curator:
        raise Http404
