"""Minutes, logged at a step or on the overview, and the overview."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.models import Member
from members.requests import MemberRequest
from progress import actions, overviews
from progress.blank import minutes_form
from progress.forms import MinutesForm
from progress.models import LoggedTime
from progress.step_context import StepContext
from progress.views.step_page import (
    enrolled,
    marks_and_minutes,
    posted_step,
    step_page,
    step_url,
    typed_minutes,
)


@require_POST
def log_minutes(request: MemberRequest) -> HttpResponse:
    """From a step (`in` and `step` say which) or from the overview, which keeps what is
    for a step that is gone.
    """
    place, form = None, MinutesForm(request.POST)
    if request.POST.get("step"):
        try:
            place = posted_step(request)
        except Http404:
            if request.htmx:
                raise  # nothing is swapped: what was typed stays on the page
            form.add_error(
                "minutes",
                _("This step no longer exists. Log the minutes again without it."),
            )
    if form.is_valid() and (logged := _log(request.member, form, place)):
        words = _("Logged %(minutes)s min.") % {"minutes": logged.minutes}
        messages.success(request, words)
        return _after_minutes(request, place)
    return _form_again(request, form, place)


def _log(
    member: Member, form: MinutesForm, place: StepContext | None
) -> LoggedTime | None:
    """None where the minutes are refused; the form says why."""
    try:
        return actions.log_minutes(
            member,
            aspect=form.cleaned_data["aspect"],
            minutes=form.cleaned_data["minutes"],
            studied_on=form.cleaned_data["studied_on"],
            press_id=form.cleaned_data["press_id"],
            now=timezone.now(),
            enrollment=enrolled(place) if place else None,
            step_key=place.step.key if place else None,
        )
    except actions.BadDay as refused:
        form.add_error("studied_on", str(refused))
    except actions.Refused as refused:
        form.add_error("minutes", str(refused))
    return None


def _form_again(
    request: MemberRequest, form: MinutesForm, place: StepContext | None
) -> HttpResponse:
    if place is None:
        context = _overview(request, form)
        return render(request, "progress/overview.html", context, status=422)
    if request.htmx:
        context = marks_and_minutes(place, form)
        return render(request, "progress/_logged.html", context)
    context = step_page(request, place, form)
    return render(request, "progress/step.html", context, status=422)


def _after_minutes(request: MemberRequest, place: StepContext | None) -> HttpResponse:
    if place is None:
        return redirect(reverse("progress:overview") + "#log")
    if request.htmx:
        return render(request, "progress/_logged.html", marks_and_minutes(place))
    return redirect(step_url(place, "log"))


@require_POST
def undo_minutes(request: MemberRequest, pk: int) -> HttpResponse:
    place = posted_step(request) if request.POST.get("step") else None
    logged = get_object_or_404(LoggedTime, pk=pk, member=request.member)
    actions.undo_minutes(logged, now=timezone.now())
    words = _("Taken back: %(minutes)s min.") % {"minutes": logged.minutes}
    messages.success(request, words)
    return _after_minutes(request, place)


def overview(request: MemberRequest) -> HttpResponse:
    return render(request, "progress/overview.html", _overview(request))


def _overview(
    request: MemberRequest, form: MinutesForm | None = None
) -> dict[str, Any]:
    now = timezone.now()
    shown = overviews.overview(request.member, now)
    today = request.member.local(now).date()
    usual = shown.week.next.activity.aspect if shown.week.next else "run"
    return {
        "overview": shown,
        "week": shown.week,
        "next": shown.week.next,
        "where": shown.week.enrollment,
        "today": today,
        "form": form or minutes_form(usual, typed_minutes(request), today=today),
    }
