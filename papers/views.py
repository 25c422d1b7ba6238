"""Pages about papers: the headlines of a day, a paper, the reading list, and how the harvest goes."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from community.threads import thread_for
from config.context import where
from curriculum.models import Activity, Release
from curriculum.outline import Outline, Step
from members.requests import MemberRequest
from papers import actions, headlines, relevance, tasks
from papers.headlines import Chosen, Days
from papers.models import Batch, Feed, Paper
from papers.relevance import ForStep
from papers.timetable import EASTERN
from progress.models import Enrollment

FOR_YOU = 5


# Headlines


def today(request: MemberRequest) -> HttpResponse:
    """The newest announcement day, with what fits the member's step on top."""
    days = headlines.newest_days()
    if days is None:
        return render(request, "papers/none_yet.html")
    chosen = _chosen(request)
    if chosen != Chosen():
        return _headlines(request, days, chosen)
    enrollment = where(request)
    for_step = _for_step(enrollment, days)
    suggestions = for_step.suggestions if for_step else []
    return _headlines(
        request,
        days,
        chosen,
        beside=[suggestion.paper.pk for suggestion in suggestions],
        for_step=for_step,
        where=enrollment,
        quiet=timezone.now().astimezone(EASTERN).weekday() > 4,
    )


def day(request: MemberRequest, day: date) -> HttpResponse:
    days = headlines.days_around(day)
    if days is None:
        raise Http404
    return _headlines(request, days, _chosen(request))


def _headlines(
    request: MemberRequest, days: Days, chosen: Chosen, *, beside: list[int] | None = None, **context: Any
) -> HttpResponse:
    found = headlines.of_day(days.on, member=request.member, chosen=chosen, beside=beside or ())
    context |= {"days": days, "headlines": found}
    if request.htmx and chosen.after:
        return render(request, "papers/_headlines.html", context)
    for_step: ForStep | None = context.get("for_step")
    if for_step:
        current = [(one, found.others.get(one.paper.pk)) for one in for_step.suggestions]
        context["for_you"] = [(one, paper) for one, paper in current if paper and not paper.hidden][:FOR_YOU]
    return render(request, "papers/day.html", context | _reading_list(request))


def _chosen(request: MemberRequest) -> Chosen:
    return Chosen(*(request.GET.get(name, "") for name in ("category", "kind", "after")))


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
    return {"readings": readings[: headlines.READING_LIST], "more_readings": len(readings) > headlines.READING_LIST}


def reading_list(request: MemberRequest) -> HttpResponse:
    """Everything the member keeps."""
    found = headlines.reading_page(request.member, before=_moment(request.GET.get("before", "")))
    shown = found[: headlines.READING_PAGE]
    last = shown[-1].kept_at if len(found) > len(shown) else None
    return render(request, "papers/list.html", {"readings": shown, "older": last.isoformat() if last else ""})


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


# One paper


def paper(request: MemberRequest, arxiv_id: str) -> HttpResponse:
    shown = get_object_or_404(Paper.objects.with_reading_of(request.member), arxiv_id=arxiv_id)
    return render(
        request,
        "papers/paper.html",
        {
            "paper": shown,
            "versions": list(shown.versions.order_by("-number")),
            "steps": _steps_using(shown),
            "thread": thread_for(request.member, paper=shown),
        },
    )


def _steps_using(paper: Paper) -> list[tuple[Outline, Step]]:
    """The steps of the newest releases that read this paper. One query, and one more for each that is not in memory."""
    drafts = Activity.objects.filter(
        step__curriculum=OuterRef("curriculum"), resource__arxiv_id=paper.arxiv_id, retired_at=None
    )
    outlines = [release.outline for release in Release.objects.newest().light().filter(Exists(drafts))]
    return [
        (outline, step)
        for outline in outlines
        for step in outline.steps
        if any(each.source and each.source.arxiv_id == paper.arxiv_id for each in step.every_activity())
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
    part = "papers/_keep_here.html" if request.POST.get("here") == "paper" else "papers/_kept.html"
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
            messages.info(request, _("“%(title)s” is hidden from your headlines.") % {"title": shown.title})
        return _back(request, shown)
    shown.kept = False
    part = "papers/_hidden.html" if hidden else "papers/_row.html"
    return render(request, part, _in_place(request, shown))


def _in_place(request: MemberRequest, paper: Paper) -> dict[str, Any]:
    """What a row needs to be drawn again where it stands, and the reading list beside it."""
    number = request.POST.get("number", "")
    return {
        "paper": paper,
        "number": number if number.isascii() and number.isdigit() and len(number) < 6 else "",
        "place": "you" if request.POST.get("place") == "you" else "",
        "swap": True,
    } | _reading_list(request)


def _back(request: MemberRequest, paper: Paper) -> HttpResponse:
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return redirect(came_from)
    return redirect(paper)


# How the harvest goes


def feeds(request: MemberRequest) -> HttpResponse:
    """For curators: each feed, when it was last read, what went wrong, when it is tried again."""
    _curators_only(request)
    newest = Batch.objects.filter(category=OuterRef("category")).order_by("-announced_on")
    rows = {
        row.category: row
        for row in Feed.objects.annotate(
            batch_on=Subquery(newest.values("announced_on")[:1]), batch_partial=Subquery(newest.values("partial")[:1])
        )
    }
    followed = [rows.get(category) or Feed(category=category) for category in settings.ARXIV_CATEGORIES]
    dropped = sorted(rows.keys() - settings.ARXIV_CATEGORIES)
    return render(
        request, "papers/feeds.html", {"followed": followed, "dropped": dropped, "source": settings.ARXIV_RSS_URL}
    )


@require_POST
def try_now(request: MemberRequest, category: str) -> HttpResponse:
    _curators_only(request)
    if category not in settings.ARXIV_CATEGORIES:
        raise Http404
    try:
        tasks.harvest.delay_on_commit(category)
    except OperationalError:
        messages.error(request, _("The worker cannot be reached, so nothing was asked. Try again in a minute."))
    else:
        messages.info(
            request,
            _("arXiv is being asked for %(category)s. Load this page again in a moment.") % {"category": category},
        )
    return redirect("papers:feeds")


def _curators_only(request: MemberRequest) -> None:
    if not request.member.is_curator:
        raise Http404
