from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from curriculum import actions
from curriculum.forms.drafts import RouteDraftForm
from curriculum.models import Route
from curriculum.views.desk.finding import address_of, curriculum_of
from curriculum.views.desk.forms import form_page
from members.access import curator_only
from members.requests import MemberRequest


@curator_only
def route(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    curriculum = curriculum_of(slug)
    row = get_object_or_404(
        Route.objects.select_related("step"), pk=pk, step__curriculum=curriculum
    )
    form = RouteDraftForm(request.POST or None, instance=row)
    context = {
        "title": row.title,
        "back": address_of(row.step),
        "back_title": row.step.title,
    }
    return form_page(request, curriculum, form, context)


@curator_only
def new_route(request: MemberRequest, slug: str, key: UUID) -> HttpResponse:
    curriculum = curriculum_of(slug)
    step = get_object_or_404(curriculum.steps, key=key)
    row = Route(step=step)
    actions.append(row, step.routes.all())
    form = RouteDraftForm(request.POST or None, instance=row)
    context = {
        "title": _("New route"),
        "back": address_of(step),
        "back_title": step.title,
    }
    return form_page(request, curriculum, form, context)
