"""Where a row stands in the draft, and whether it does."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.values import number
from curriculum import actions
from curriculum.models import Activity, Curriculum, Route, Step
from curriculum.views.desk.finding import address_of, curriculum_of
from members.access import curator_only
from members.requests import MemberRequest


@require_POST
@curator_only
def move(request: MemberRequest, slug: str) -> HttpResponse:
    """One place up or down: the button has the name `up` or `down` and the
    row's id as its value.
    """
    curriculum = curriculum_of(slug)
    up = "up" in request.POST
    row = _row(
        curriculum,
        request.POST.get("kind", ""),
        request.POST.get("up" if up else "down", ""),
    )
    actions.move(row, _siblings(row), up=up)
    place = f"{'up' if up else 'down'}-{row._meta.model_name}-{row.pk}"
    # No fragment: with one, browsers would not give the focus to the
    # button.
    return redirect(f"{_page_of_siblings(row)}?moved={place}")


@require_POST
@curator_only
def retire(request: MemberRequest, slug: str) -> HttpResponse:
    """Take something out of the draft (`retire`), or put it back
    (`bring_back`).

    Nothing is deleted.
    """
    curriculum = curriculum_of(slug)
    if "retire" in request.POST:
        wanted = "retire"
    else:
        wanted = "bring_back"
    row = _row(curriculum, request.POST.get("kind", ""), request.POST.get(wanted, ""))
    rows = type(row)._default_manager.filter(pk=row.pk)
    if wanted == "retire":
        actions.retire(rows, now=timezone.now())
        messages.success(
            request,
            _("“%(title)s” is out of the draft. It can be brought back.")
            % {"title": row.title},
        )
    else:
        try:
            actions.bring_back(rows)
        except actions.AddressTaken as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("“%(title)s” is back in the draft.") % {"title": row.title}
            )
    return redirect(_page_of_siblings(row))


def _row(curriculum: Curriculum, kind: str, pk: str) -> Any:
    rows: dict[str, Any] = {
        "step": Step.objects.filter(curriculum=curriculum),
        "route": Route.objects.filter(step__curriculum=curriculum).select_related(
            "step"
        ),
        "activity": Activity.objects.filter(step__curriculum=curriculum).select_related(
            "step"
        ),
    }
    if kind not in rows:
        raise Http404
    return get_object_or_404(rows[kind], pk=number(pk))


def _siblings(row: Any) -> Any:
    if isinstance(row, Step):
        return Step.objects.filter(curriculum=row.curriculum_id)
    if isinstance(row, Route):
        return Route.objects.filter(step=row.step_id)
    return Activity.objects.filter(step=row.step_id, route=row.route_id)


def _page_of_siblings(row: Any) -> str:
    """The page that lists the row among its siblings."""
    return address_of(row.curriculum if isinstance(row, Step) else row.step)
