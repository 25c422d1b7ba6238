"""What a visitor sees at `/`."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from curriculum.models import Release
from curriculum.outline import Outline, Step
from lists.cache import TimedCache
from members.audience import EVERYBODY
from members.context import study_group
from members.models import Member
from progress.core import core_of
from progress.weights import mix_of
from text import render as as_html

FORMULA = r"$$\delta^l = \left((w^{l+1})^T \delta^{l+1}\right) \odot \sigma'(z^l)$$"
LANDING = TimedCache[dict[str, Any]](seconds=60, most=1)


def landing(request: HttpRequest) -> HttpResponse:
    """What a visitor sees at `/`; before the first run is finished it
    leads there.
    """
    if study_group() is None:
        return redirect("members:set_up")
    context = LANDING.get(EVERYBODY, ask=_landing)
    return render(request, "members/landing.html", context)


def _landing() -> dict[str, Any]:
    """What the landing page shows.

    Counts all members and all enrolments: not for each visitor.
    """
    outline = _most_followed()
    path: list[tuple[Step, dict[str, int]]] = []
    if outline:
        path = [(step, _mix(step)) for step in outline.steps]
    return {
        "outline": outline,
        "path": path,
        "counts": Member.objects.active().aggregate(members=Count("pk")),
        "sample": {"run": 76, "hack": 48, "math": 62},
        "formula": as_html(FORMULA),
    }


def _mix(step: Step) -> dict[str, int]:
    return mix_of(core_of(step, step.default_route()).values())


def _most_followed() -> Outline | None:
    """The curriculum that most members follow; before anybody
    does, the longest.
    """
    followers = Count(
        "curriculum__enrollments", filter=Q(curriculum__enrollments__withdrawn_at=None)
    )
    releases = (
        Release.objects.newest()
        .light()
        .select_related("curriculum")
        .annotate(followers=followers)
    )
    return max(
        ((r.followers, r.outline.hours, r.outline) for r in releases),
        key=lambda found: found[:2],
        default=(0, 0, None),
    )[2]
