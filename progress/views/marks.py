"""What a member presses on an activity, and the list of what to see again."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import retarget

from bookmarks.keys import Kind
from bookmarks.saved import is_saved, on_page
from community.composer import composer
from community.subjects import activities_of
from community.threads import thread_page
from config.values import number
from curriculum.outline import Activity
from members.requests import MemberRequest
from progress import actions
from progress.checklist import ChecklistRow, every_row
from progress.forms import MinutesForm, TypedMenu
from progress.models import Record
from progress.revisit import to_revisit
from progress.step_context import NotHere, StepContext
from progress.views.step_page import (
    enrolled,
    find_step,
    marks,
    marks_and_minutes,
    posted_step,
    step_url,
)


@require_POST
def mark(request: MemberRequest, activity_key: UUID) -> HttpResponse:
    """Started, done, skipped, to revisit, or one of these taken back: the button's name
    says what it wants.
    """
    place = posted_step(request)
    activity = activity_at(place, activity_key)
    press = next((name for name in PRESSES if name in request.POST), None)
    if press is None:
        return HttpResponseBadRequest(_("This action is unknown."))
    if not place.is_enrolled:
        enrolled(place)
    try:
        PRESSES[press](request, place, activity)
    except actions.Refused as refused:
        return _menu_again(request, place, activity_key, str(refused))
    if not request.htmx:
        return redirect(step_url(place, f"activity-{activity_key}"))
    return _changed(request, place, activity_key)


def activity_at(place: StepContext, key: UUID) -> Activity:
    try:
        return place.activity(key)
    except NotHere:
        raise Http404 from None


def _changed(
    request: MemberRequest, place: StepContext, activity_key: UUID
) -> HttpResponse:
    """The rows of the activity, the pressed one first, and what else changed."""
    context = marks_and_minutes(place) if request.POST.get("minutes") else marks(place)
    rows = [
        row for row in every_row(context["folds"]) if row.activity.key == activity_key
    ]
    rows.sort(key=lambda row: row.id != request.htmx.target)
    # A tick keeps its focus by its id; a press in the menu goes back to the menu.
    is_menu_pressed = not (request.htmx.trigger or "").startswith("tick-")
    context["pressed"] = [
        replace(rows[0], is_focused=is_menu_pressed),
        *(replace(row, is_swapped=True) for row in rows[1:]),
    ]
    return render(request, "progress/_marked.html", context)


def row_menu(
    request: MemberRequest, slug: str, step_slug: str, activity_key: UUID
) -> HttpResponse:
    """The menu of an activity: a part of its row, or a page with its thread."""
    place = find_step(request, slug, step_slug)
    row = _row_at(place, activity_key, request.GET.get("row", ""))
    return _menu(request, place, row, TypedMenu())


def _menu_again(
    request: MemberRequest, place: StepContext, activity_key: UUID, error: str
) -> HttpResponse:
    """The menu with what was typed and what is wrong with it."""
    row = _row_at(place, activity_key, request.htmx.target or "")
    typed = TypedMenu(
        minutes=request.POST.get("minutes", ""),
        confidence=request.POST.get("confidence", ""),
        error=error,
    )
    if not request.htmx:
        return _menu(request, place, row, typed, status=422)
    response = _menu(request, place, row, typed)
    return retarget(response, f"#{row.id} .row-menu")


def _menu(
    request: MemberRequest,
    place: StepContext,
    row: ChecklistRow,
    typed: TypedMenu,
    status: int = 200,
) -> HttpResponse:
    context = {
        "place": place,
        "row": row,
        "typed": typed,
        "confidences": Record.Confidence.choices,
        "most_minutes": actions.MOST_MINUTES,
        "is_saved": is_saved(request.member, Kind.ACTIVITY, row.activity.key),
    }
    if request.htmx:
        return render(request, "progress/_row_menu.html", context, status=status)
    context |= _thread(request, place, row.activity.key)
    return render(request, "progress/row_menu.html", context, status=status)


def _thread(
    request: MemberRequest, place: StepContext, activity_key: UUID
) -> dict[str, Any]:
    """What members wrote about the activity, with the form that adds to it."""
    activities = activities_of(place.step, place.curriculum.slug)
    subject = next(each for each in activities if each.key == activity_key)
    thread = thread_page(request.member, subject)
    return {
        "thread": thread,
        "saved": on_page(request.member, posts=thread.posts),
        "composer": composer(request, subject),
    }


def _row_at(place: StepContext, activity_key: UUID, row_id: str) -> ChecklistRow:
    """The row that has the id, of those of the activity; else the first of them."""
    rows = [
        row
        for row in every_row(marks(place)["folds"])
        if row.activity.key == activity_key
    ]
    if not rows:
        raise Http404
    return next((row for row in rows if row.id == row_id), rows[0])


def _press_done(request: MemberRequest, place: StepContext, activity: Activity) -> None:
    minutes = None
    if request.POST.get("minutes"):
        minutes = _time_spent(request, place, activity)
    actions.mark_done(
        request.member,
        activity.key,
        now=timezone.now(),
        confidence=_confidence(request.POST.get("confidence", "")),
        curriculum=place.curriculum,
        minutes=minutes,
    )


def _confidence(chosen: str) -> int | None:
    """None where the member did not say; 0, which is refused in words, for no number."""
    if not chosen:
        return None
    return number(chosen, most=max(Record.Confidence)) or 0


def _time_spent(
    request: MemberRequest, place: StepContext, activity: Activity
) -> actions.TimeSpent:
    """The minutes that the activity took. Raises BadMinutes."""
    form = MinutesForm({**request.POST.dict(), "aspect": activity.aspect})
    if not form.is_valid():
        raise actions.BadMinutes(next(iter(form.errors.values()))[0])
    return actions.TimeSpent(
        minutes=form.cleaned_data["minutes"],
        aspect=activity.aspect,
        enrollment=enrolled(place),
        step_key=place.step.key,
        press_id=form.cleaned_data["press_id"],
    )


def _press_skipped(
    request: MemberRequest, place: StepContext, activity: Activity
) -> None:
    actions.mark_skipped(
        request.member,
        activity.key,
        now=timezone.now(),
        reason=request.POST.get("reason", ""),
        curriculum=place.curriculum,
    )


def _press_revisit(
    request: MemberRequest, place: StepContext, activity: Activity
) -> None:
    actions.mark_revisit(
        request.member,
        activity.key,
        now=timezone.now(),
        flag=request.POST["revisit"] != "0",
        curriculum=place.curriculum,
    )


def _press_undo(request: MemberRequest, place: StepContext, activity: Activity) -> None:
    actions.undo(
        request.member,
        activity.key,
        now=timezone.now(),
        was=request.POST["undo"],
        curriculum=place.curriculum,
    )


def _press_started(
    request: MemberRequest, place: StepContext, activity: Activity
) -> None:
    actions.mark_started(
        request.member, activity.key, now=timezone.now(), curriculum=place.curriculum
    )


PRESSES = {
    "undo": _press_undo,
    "revisit": _press_revisit,
    "skipped": _press_skipped,
    "started": _press_started,
    "done": _press_done,
}


def revisit(request: MemberRequest) -> HttpResponse:
    context = {"items": to_revisit(request.member)}
    return render(request, "progress/revisit.html", context)


@require_POST
def clear_revisit(request: MemberRequest, activity_key: UUID) -> HttpResponse:
    if actions.clear_revisit(request.member, activity_key, now=timezone.now()):
        messages.success(request, _("Off the list."))
    return redirect("progress:revisit")
