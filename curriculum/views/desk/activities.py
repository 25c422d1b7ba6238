from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum import actions
from curriculum.forms.drafts import ActivityDraftForm
from curriculum.models import Activity
from curriculum.views.desk.finding import address_of, curriculum_of
from curriculum.views.desk.forms import form_page
from members.access import curator_only
from members.requests import MemberRequest
from progress.left_behind import members_by_key


@curator_only
def activity(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    curriculum = curriculum_of(slug)
    rows = Activity.objects.select_related("step", "resource", "section")
    row = get_object_or_404(rows, pk=pk, step__curriculum=curriculum)
    before, members = row.key, members_by_key([row.key]).get(str(row.key), 0)
    form = ActivityDraftForm(_posted(request), instance=row, initial=_chosen(request))
    context = {
        "title": row.title,
        "back": address_of(row.step),
        "back_title": row.step.title,
        "members": members,
    }
    answer = form_page(request, curriculum, form, context)
    if answer.status_code == 302 and row.key != before and members:
        words = ngettext(
            "This is another exercise now. The work of %(n)s member stays with the former one.",
            "This is another exercise now. The work of %(n)s members stays with the former one.",
            members,
        )
        messages.warning(request, words % {"n": members})
    return answer


@curator_only
def new_activity(request: MemberRequest, slug: str, key: UUID) -> HttpResponse:
    curriculum = curriculum_of(slug)
    step = get_object_or_404(curriculum.steps, key=key)
    row = Activity(step=step)
    actions.append(row, step.activities.all())
    initial = {"route": request.GET.get("route"), **_chosen(request)}
    form = ActivityDraftForm(_posted(request), instance=row, initial=initial)
    context = {
        "title": _("New activity"),
        "back": address_of(step),
        "back_title": step.title,
    }
    return form_page(request, curriculum, form, context)


def _posted(request: MemberRequest) -> Any:
    """What is to be saved; a press on “Show its sections” only
    fills the form again.
    """
    if request.method == "POST" and "sections" not in request.POST:
        return request.POST
    return None


def _chosen(request: MemberRequest) -> dict[str, Any]:
    if "sections" not in request.POST:
        return {}
    return {
        name: request.POST[name]
        for name in ActivityDraftForm.base_fields
        if name in request.POST
    }
