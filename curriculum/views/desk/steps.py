from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from curriculum import actions
from curriculum.forms.drafts import StepDraftForm
from curriculum.models import Activity, Route, Step
from curriculum.views.desk.finding import address_of, curriculum_of
from curriculum.views.desk.forms import conflict_rows, form_page, pay_for_text, saved
from curriculum.views.desk.frame import DraftBeside, frame_of
from fields.typed import CLEANED_MAX
from members.access import curator_only
from members.requests import MemberRequest
from text import TextRefused
from text.typed import clean_text


@dataclass(frozen=True, slots=True)
class Group:
    """What is done on one route of a step, or on every route where
    `route` is None.
    """

    number: int
    route: Route | None
    activities: Sequence[Activity]
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What members would see if the step were published with this text, or
    why it cannot be.
    """

    html: str = ""
    refused: str = ""


@curator_only
def step(request: MemberRequest, slug: str, key: UUID) -> HttpResponse:
    """A step: its words, its activities and routes, what has changed, and
    the button that publishes.
    """
    curriculum = curriculum_of(slug)
    row = get_object_or_404(curriculum.steps, key=key)
    form = StepDraftForm(request.POST or None, instance=row)
    pay_for_text(request, form)
    answer = None
    if "preview" not in request.POST:
        answer = saved(request, form, _("Saved."))
    if answer is not None:
        return answer
    preview = _previewed(str(form["intro"].value() or ""), row)
    if request.htmx:
        return render(request, "curriculum/desk/_preview.html", {"preview": preview})
    row = get_object_or_404(curriculum.steps, key=key)
    context = {
        **frame_of(request, curriculum),
        **_parts(row),
        "step": row,
        "form": form,
        "preview": preview,
    }
    context |= {
        "conflicts": conflict_rows(form),
        "saved_by": form.saved_by,
        "read_at": _read_at(context["draft"], row),
    }
    return render(request, "curriculum/desk/step.html", context)


def _parts(step: Step) -> dict[str, Any]:
    """The activities of a step by route, those of every route first; what
    is retired stands apart. Two queries.
    """
    rows = step.activities.select_related("resource", "section", "route").order_by(
        "position", "pk"
    )
    activities = list(rows)
    routes = list(step.routes.order_by("position", "pk"))

    def of(route: Route | None) -> list[Activity]:
        return [
            each
            for each in activities
            if each.route == route and each.retired_at is None
        ]

    active = [route for route in routes if route.retired_at is None]
    groups = [Group(0, None, of(None))]
    for nth, route in enumerate(active, 1):
        groups.append(
            Group(nth, route, of(route), is_first=nth == 1, is_last=nth == len(active))
        )
    return {
        "groups": groups,
        "has_routes": len(groups) > 1,
        "retired_activities": [each for each in activities if each.retired_at],
        "retired_routes": [route for route in routes if route.retired_at],
    }


@curator_only
def new_step(request: MemberRequest, slug: str) -> HttpResponse:
    curriculum = curriculum_of(slug)
    row = Step(curriculum=curriculum)
    actions.append(row, curriculum.steps.all())
    form = StepDraftForm(request.POST or None, instance=row)
    context = {
        "title": _("New step"),
        "back": address_of(curriculum),
        "back_title": curriculum.title,
    }
    return form_page(request, curriculum, form, context)


def _previewed(text: str, step: Step) -> Preview:
    try:
        if len(text) > CLEANED_MAX:
            cleaned = text
        else:
            cleaned = clean_text(text).strip()
        return Preview(html=actions.html_of(cleaned, str(step.key)))
    except TextRefused as error:
        return Preview(refused=str(error))


def _read_at(draft: DraftBeside, step: Step) -> str:
    """Where members read the step; the curriculum, where they do
    not have it yet.
    """
    if draft.newest:
        steps = draft.newest.document["curriculum"].get("steps", [])
    else:
        steps = []
    slug = next((each["slug"] for each in steps if each["key"] == str(step.key)), None)
    if slug is None:
        return draft.curriculum.get_absolute_url()
    return reverse("curriculum:step", args=[draft.curriculum.slug, slug])
