"""A step, and its routes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.requests import MemberRequest
from operate.storage import best_effort
from progress import actions, tally
from progress.models import Enrollment
from progress.step_context import StepContext
from progress.views.step_page import (
    enrolled,
    find_step,
    step_page,
    step_url,
    typed_minutes,
)


@login_not_required
def step(request: HttpRequest, slug: str, step_slug: str) -> HttpResponse:
    # visitors read along
    place = find_step(request, slug, step_slug)
    if place.enrollment and place.is_enrolled:
        with best_effort():  # the page is shown where nothing can be written
            actions.visit(
                place.enrollment,
                place.step,
                now=timezone.now(),
                is_newest=place.is_newest,
            )
    context = step_page(request, place, typed=typed_minutes(request))
    return render(request, "progress/step.html", context)


@require_POST
def choose_route(
    request: MemberRequest, slug: str, step_slug: str, route_slug: str
) -> HttpResponse:
    """`do`: "switch" to the route, use it "alongside" the others, or "leave" it."""
    place = find_step(request, slug, step_slug)
    routes = (route for route in place.step.routes if route.slug == route_slug)
    route = next(routes, None)
    if route is None:
        raise Http404
    enrollment, now = enrolled(place), timezone.now()
    do = request.POST.get("do")
    if do == "leave":
        actions.leave_route(enrollment, place.step.key, route.key, now=now)
        words = _("You left “%(route)s”. What you did on it still counts.")
    else:
        actions.choose_route(
            enrollment,
            place.step.key,
            route.key,
            now=now,
            alongside=do == "alongside",
        )
        words = _("You are on “%(route)s” now.")
    messages.success(request, words % {"route": route.title})
    return redirect(step_url(place, "resources"))


@require_POST
def mark_step(request: MemberRequest, slug: str, step_slug: str) -> HttpResponse:
    """`do`: mark the step "done", "skip" it, or "undo" what closed it."""
    place = find_step(request, slug, step_slug)
    enrollment = enrolled(place)
    do = request.POST.get("do")
    if do == "done":
        return _finish_step(request, place, enrollment)
    if do == "skip":
        reason = request.POST.get("reason", "")
        actions.skip_step(enrollment, place.step, now=timezone.now(), reason=reason)
        messages.success(request, _("Skipped for now. You can come back to it here."))
    elif do == "undo":
        _undo_step(request, place, enrollment)
    else:
        return HttpResponseBadRequest(_("This action is unknown."))
    return redirect(step_url(place, "finish"))


def _finish_step(
    request: MemberRequest, place: StepContext, enrollment: Enrollment
) -> HttpResponse:
    """Mark the step done. A page asks for confirmation (`sure`) if that marks several
    activities.
    """
    open_core = tally.standings([enrollment])[enrollment.pk].open_core(place.step)
    if len(open_core) > 1 and "sure" not in request.POST:
        context = {"place": place, "step": place.step, "activities": open_core}
        return render(request, "progress/finish_step.html", context)
    actions.mark_step_done(enrollment, place.step, now=timezone.now())
    return redirect(step_url(place, "finish"))


def _undo_step(
    request: MemberRequest, place: StepContext, enrollment: Enrollment
) -> None:
    if actions.undo_step(enrollment, place.step, now=timezone.now()):
        messages.success(request, _("Taken back."))
        return
    words = _("You marked these one by one. Take them back in the list, one by one.")
    messages.info(request, words)
