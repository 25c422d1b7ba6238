"""Pages: a step, what a member presses on it, and how far she is."""

from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.threads import thread_for
from curriculum.models import Curriculum
from curriculum.outline import Activity
from members import kept
from members.models import Member
from members.requests import MemberRequest
from progress import actions, checklist, overviews, places, tally
from progress.forms import MinutesForm, PauseForm
from progress.models import Enrollment, LoggedTime
from progress.places import Place

# A step


@login_not_required
def step(request: HttpRequest, slug: str, step_slug: str) -> HttpResponse:
    member = request.user if isinstance(request.user, Member) else None  # visitors read along
    place = places.find(member, slug, step_slug)
    if place.enrollment and place.is_enrolled:
        actions.visit(
            place.enrollment,
            place.step,
            now=timezone.now(),
            is_newest=place.enrollment.is_newest,  # type: ignore[attr-defined]  # an annotation
        )
    return render(request, "curriculum/step.html", _step_page(place, typed=_typed(request)))


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Minutes that were typed when the session had ended."""
    return kept.take(request, reverse("progress:log_minutes"))


def _step_page(place: Place, form: MinutesForm | None = None, typed: dict[str, Any] | None = None) -> dict[str, Any]:
    context = _rail(place, form, typed)
    if place.member:
        context["thread"] = thread_for(place.member, step_key=place.step.key)
    if place.is_enrolled:
        context["where"] = place.enrollment  # the visit above made it the newest
    return {**context, "layout": "app.html" if place.member else "public.html", "step_slug": place.step.slug}


def _marks(place: Place) -> dict[str, Any]:
    """What a mark can change on the page. Two queries for a member, none for a visitor."""
    records = places.records_at(place) if place.member else {}
    standing = places.standing_at(place, records)
    tallied = standing.tally_step(place.step)
    return {"place": place, "step": place.step, "tally": tallied, "folds": checklist.folds(tallied, records)}


def _rail(place: Place, form: MinutesForm | None = None, typed: dict[str, Any] | None = None) -> dict[str, Any]:
    """And what logging minutes can change. Three queries for a member."""
    context = _marks(place)
    if place.member:
        logged, today = places.logged_at(place), place.member.local(timezone.now()).date()
        context["is_paused"] = place.enrollment is not None and place.enrollment.is_paused_on(today)
        context["minutes"] = overviews.by_aspect(logged)
        context["total_minutes"] = sum(entry.minutes for entry in logged)
        context["logged"] = places.days(logged, today)
        context["form"] = form or MinutesForm(initial={"aspect": _usual_aspect(context["folds"])} | (typed or {}))
    return context


def _usual_aspect(folds: list[checklist.Fold]) -> str:
    """That of the next activity: what she will most likely log."""
    rows = [row for fold in folds if fold.is_open for row in fold.rows]
    return next((row.activity.aspect for row in rows if row.mark in ("", "started")), "run")


def _posted_place(request: MemberRequest) -> Place:
    return places.find(request.member, request.POST.get("in", ""), request.POST.get("step", ""))


def _enrolled(place: Place) -> Enrollment:
    """The member's enrolment here; pressing a button on a step enrols."""
    if place.enrollment and place.is_enrolled:
        return place.enrollment
    assert place.member
    return actions.enroll(place.member, place.curriculum, now=timezone.now())


def _step_url(place: Place, anchor: str) -> str:
    return reverse("curriculum:step", args=[place.curriculum.slug, place.step.slug]) + f"#{anchor}"


@require_POST
def mark(request: MemberRequest, activity_key: UUID) -> HttpResponse:
    """Started, done, skipped, to revisit, or one of these taken back: the button's name says what it wants."""
    place = _posted_place(request)
    activity = place.activity(activity_key)
    press = next((name for name in PRESSES if name in request.POST), None)
    if press is None:
        return HttpResponseBadRequest(_("This button is unknown."))
    if not place.is_enrolled:
        _enrolled(place)
    try:
        PRESSES[press](request, place, activity)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    if not request.htmx:
        return redirect(_step_url(place, f"activity-{activity_key}"))
    context = _rail(place) if request.POST.get("minutes") else _marks(place)
    rows = [row for fold in context["folds"] for row in fold.rows if row.activity.key == activity_key]
    rows.sort(key=lambda row: row.id != request.htmx.target)
    return render(request, "progress/_marked.html", {**context, "rows": rows})


def _press_done(request: MemberRequest, place: Place, activity: Activity) -> None:
    chosen = request.POST.get("confidence", "")
    confidence = (int(chosen) if chosen.isdecimal() and chosen.isascii() else 0) if chosen else None
    mark_done = partial(
        actions.mark_done,
        request.member,
        activity.key,
        now=timezone.now(),
        confidence=confidence,
        curriculum=place.curriculum,
    )
    if not request.POST.get("minutes"):
        mark_done()
        return
    with transaction.atomic():
        mark_done()
        _log_with_done(request, place, activity)


def _log_with_done(request: MemberRequest, place: Place, activity: Activity) -> None:
    """The minutes that the activity took. Raises Refused; the form's deed makes a double click one entry."""
    form = MinutesForm({**request.POST.dict(), "aspect": activity.aspect})
    if not form.is_valid():
        raise actions.BadMinutes(next(iter(form.errors.values()))[0])
    deed = form.cleaned_data["deed"]
    actions.log_minutes(
        request.member,
        aspect=activity.aspect,
        minutes=form.cleaned_data["minutes"],
        now=timezone.now(),
        enrollment=_enrolled(place),
        step_key=place.step.key,
        activity_key=activity.key,
        deed=uuid5(deed, str(activity.key)) if deed else None,
    )


def _press_skipped(request: MemberRequest, place: Place, activity: Activity) -> None:
    reason, where = request.POST.get("reason", ""), place.curriculum
    actions.mark_skipped(request.member, activity.key, now=timezone.now(), reason=reason, curriculum=where)


def _press_revisit(request: MemberRequest, place: Place, activity: Activity) -> None:
    flag, where = request.POST["revisit"] != "0", place.curriculum
    actions.mark_revisit(request.member, activity.key, now=timezone.now(), flag=flag, curriculum=where)


def _press_undo(request: MemberRequest, place: Place, activity: Activity) -> None:
    was, where = request.POST["undo"], place.curriculum
    actions.undo(request.member, activity.key, now=timezone.now(), was=was, curriculum=where)


def _press_started(request: MemberRequest, place: Place, activity: Activity) -> None:
    actions.mark_started(request.member, activity.key, now=timezone.now(), curriculum=place.curriculum)


PRESSES = {
    "undo": _press_undo,
    "revisit": _press_revisit,
    "skipped": _press_skipped,
    "started": _press_started,
    "done": _press_done,
}


@require_POST
def choose_route(request: MemberRequest, slug: str, step_slug: str, route_slug: str) -> HttpResponse:
    """`do`: "switch" to the route, use it "besides" the others, or "leave" it."""
    place = places.find(request.member, slug, step_slug)
    route = next((route for route in place.step.routes if route.slug == route_slug), None)
    if route is None:
        raise Http404
    enrollment, where, now = _enrolled(place), (place.step.key, route.key), timezone.now()
    if request.POST.get("do") == "leave":
        actions.leave_route(enrollment, *where, now=now)
        messages.success(request, _("You left “%(route)s”. What you did on it still counts.") % {"route": route.title})
    else:
        actions.choose_route(enrollment, *where, now=now, besides=request.POST.get("do") == "besides")
        messages.success(request, _("You are on “%(route)s” now.") % {"route": route.title})
    return redirect(_step_url(place, "resources"))


@require_POST
def mark_step(request: MemberRequest, slug: str, step_slug: str) -> HttpResponse:
    """`do`: mark the step "done", "skip" it, or "undo" what closed it."""
    place = places.find(request.member, slug, step_slug)
    enrollment, now, press = _enrolled(place), timezone.now(), request.POST.get("do")
    if press == "done":
        actions.mark_step_done(enrollment, place.step, now=now)
        messages.success(request, _("Step %(n)s is done.") % {"n": place.step.number})
    elif press == "skip":
        actions.skip_step(enrollment, place.step, now=now, reason=request.POST.get("reason", ""))
        messages.success(request, _("Skipped for now. It waits for you here."))
    elif press == "undo":
        if actions.undo_step(enrollment, place.step, now=now):
            messages.success(request, _("Taken back."))
        else:
            messages.info(request, _("You marked these one by one. Take them back in the list, one by one."))
    else:
        return HttpResponseBadRequest(_("This button is unknown."))
    return redirect(_step_url(place, "finish"))


# Minutes


@require_POST
def log_minutes(request: MemberRequest) -> HttpResponse:
    """From a step (`in` and `step` say which) or from the overview."""
    place = _posted_place(request) if request.POST.get("step") else None
    form = MinutesForm(request.POST)
    if form.is_valid():
        try:
            logged = _log(request.member, form, place)
        except actions.Refused as refused:
            form.add_error("studied_on" if isinstance(refused, actions.BadDay) else "minutes", str(refused))
        else:
            messages.success(request, _("Logged %(minutes)s min.") % {"minutes": logged.minutes})
            return _after_minutes(request, place)
    if place and request.htmx:
        return render(request, "progress/_logged.html", _rail(place, form))
    if place:
        return render(request, "curriculum/step.html", _step_page(place, form), status=422)
    return render(request, "progress/overview.html", _overview(request, form), status=422)


def _log(member: Member, form: MinutesForm, place: Place | None) -> LoggedTime:
    return actions.log_minutes(
        member,
        aspect=form.cleaned_data["aspect"],
        minutes=form.cleaned_data["minutes"],
        studied_on=form.cleaned_data["studied_on"],
        deed=form.cleaned_data["deed"],
        now=timezone.now(),
        enrollment=_enrolled(place) if place else None,
        step_key=place.step.key if place else None,
    )


def _after_minutes(request: MemberRequest, place: Place | None) -> HttpResponse:
    if place and request.htmx:
        return render(request, "progress/_logged.html", _rail(place))
    return redirect(_step_url(place, "log") if place else reverse("progress:overview") + "#log")


@require_POST
def undo_minutes(request: MemberRequest, pk: int) -> HttpResponse:
    place = _posted_place(request) if request.POST.get("step") else None
    logged = get_object_or_404(LoggedTime, pk=pk, member=request.member)
    actions.undo_minutes(logged, now=timezone.now())
    messages.success(request, _("Taken back: %(minutes)s min.") % {"minutes": logged.minutes})
    return _after_minutes(request, place)


# Enrolments


@require_POST
def enroll(request: MemberRequest, slug: str) -> HttpResponse:
    curriculum = get_object_or_404(Curriculum.objects.published(), slug=slug)
    enrollment = actions.enroll(request.member, curriculum, now=timezone.now())
    messages.success(request, _("You are enrolled in “%(title)s”.") % {"title": curriculum.title})
    steps = enrollment.release.outline.steps
    at = next((step for step in steps if step.key == enrollment.step_key), steps[0] if steps else None)
    return redirect("curriculum:step", slug, at.slug) if at else redirect(curriculum)


@require_POST
def change_enrollment(request: MemberRequest, slug: str) -> HttpResponse:
    """`do`: "pause" until a day, "resume", "withdraw", "finish", or "move" to the newest release."""
    enrollment = get_object_or_404(
        Enrollment.objects.select_related("curriculum", "member"), member=request.member, curriculum__slug=slug
    )
    press = CHANGES.get(request.POST.get("do", ""))
    if press is None:
        return HttpResponseBadRequest(_("This button is unknown."))
    try:
        messages.success(request, press(request, enrollment))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect(reverse("progress:overview") + f"#{slug}")


def _pause(request: MemberRequest, enrollment: Enrollment) -> str:
    form = PauseForm(request.POST)
    if not form.is_valid():
        raise actions.PauseEnded(form.errors["until"][0])
    actions.pause(enrollment, until=form.cleaned_data["until"], now=timezone.now())
    return _("Paused. Reminders stop until you are back.")


def _resume(request: MemberRequest, enrollment: Enrollment) -> str:
    actions.resume(enrollment, now=timezone.now())
    member, coming = request.member, tally.next_activity(enrollment)
    words = [_("Welcome back. Everything is where you left it.")]
    if why := member.goal_words or member.get_goal_display():
        words.append(_("You came for this: %(why)s.") % {"why": why.rstrip(".")})
    if coming:
        place = {"n": coming.step.number, "title": coming.activity.title}
        words.append(_("Next is step %(n)s, “%(title)s”.") % place)
    return " ".join(words)


def _withdraw(request: MemberRequest, enrollment: Enrollment) -> str:
    actions.withdraw(enrollment, now=timezone.now())
    return _("You left this curriculum. Enrol again and go on where you are now.")


def _finish(request: MemberRequest, enrollment: Enrollment) -> str:
    actions.finish(enrollment, now=timezone.now())
    return _("Finished.")


def _move(request: MemberRequest, enrollment: Enrollment) -> str:
    newest = enrollment.curriculum.releases.order_by("-number").first()
    assert newest
    actions.move_release(enrollment, newest, now=timezone.now())
    return _("You are on release %(number)s. Everything you did came along.") % {"number": newest.number}


CHANGES = {"pause": _pause, "resume": _resume, "withdraw": _withdraw, "finish": _finish, "move": _move}


# Overview


def overview(request: MemberRequest) -> HttpResponse:
    return render(request, "progress/overview.html", _overview(request))


def _overview(request: MemberRequest, form: MinutesForm | None = None) -> dict[str, Any]:
    found = overviews.overview(request.member, timezone.now())
    today = request.member.local(timezone.now()).date()
    coming = found.week.next.activity.aspect if found.week.next else "run"
    return {
        "overview": found,
        "week": found.week,
        "next": found.week.next,
        "where": found.week.enrollment,
        "today": today,
        "form": form or MinutesForm(initial={"aspect": coming, "studied_on": today} | _typed(request)),
    }
