"""The headlines of a day."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.values import number
from curriculum.outline import Step
from lists.cache import TimedCache
from look.cards import Cards
from members.audience import EVERYBODY
from members.requests import MemberRequest
from papers import headlines, relevance, sentinel
from papers.days import Days, days_around, newest_days
from papers.headlines import Chosen
from papers.relevance import ForStep
from papers.timetable import EASTERN
from papers.views.readings import beside
from progress.context import current_enrollment
from progress.models import Enrollment

FOR_YOU = 5
TOLD = TimedCache[list[tuple[sentinel.State, list[str]]]](seconds=60, most=1)
CARDS = Cards("papers/_headline.html", slots=("csrf_input", "number"), most=2_000)


def today(request: MemberRequest) -> HttpResponse:
    """The newest announcement day, with what fits the member's step on top."""
    days = newest_days()
    if days is None:
        return render(request, "papers/none_yet.html")
    chosen = _chosen(request)
    if chosen != Chosen():
        return _headlines(request, days, chosen)
    return _headlines(
        request,
        days,
        chosen,
        for_step=_for_step(current_enrollment(request), days),
        quiet=timezone.now().astimezone(EASTERN).weekday() > 4,
        told=_told(),
    )


def day(request: MemberRequest, day: date) -> HttpResponse:
    days = days_around(day)
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
    why = {one.paper.pk: one.words for one in for_step.suggestions} if for_step else {}
    found = headlines.of_day(
        days,
        member=request.member,
        chosen=chosen,
        apart=why,
        apart_max=FOR_YOU,
    )
    context = {
        "told": [],
        "quiet": False,
        **context,
        "days": days,
        "headlines": found,
        "for_step": for_step,
        "card": CARDS,
    }
    if request.htmx and chosen.after:
        return render(request, "papers/_headlines.html", context)
    return render(request, "papers/day.html", context | beside(request))


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

    return relevance.todays_papers(enrollment.release_id, key, find_step, days)
