"""Pages: the library of resources."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from curriculum.forms import LibraryForm
from curriculum.models import Release, Resource
from curriculum.outline import Outline
from members.requests import MemberRequest

PAGE = 50  # resources on a page


def resources(request: MemberRequest) -> HttpResponse:
    """The library, by title. Two queries: the page of it, and how many there are."""
    form = LibraryForm(request.GET)
    found = form.matching(Resource.objects.all())
    page = list(form.page(found).select_related("successor")[: PAGE + 1])
    context = {
        "form": form,
        "resources": page[:PAGE],
        "total": found.count(),
        "next": form.address_after(page[PAGE - 1]) if len(page) > PAGE else "",
    }
    return render(request, "curriculum/resources.html", context)


def resource(request: MemberRequest, slug: str) -> HttpResponse:
    """One resource with its sections, and the steps that use it. Four queries."""
    found = get_object_or_404(Resource.objects.select_related("successor"), slug=slug)
    outlines = [release.outline for release in Release.objects.newest().light().select_related("curriculum")]
    context = {
        "resource": found,
        "sections": found.sections.order_by("position", "pk"),
        "predecessors": found.predecessors.order_by("title"),
        "uses": list(_uses(outlines, slug)),
    }
    return render(request, "curriculum/resource.html", context)


def _uses(outlines: Iterable[Outline], slug: str) -> Iterable[dict[str, Any]]:
    """Each step with an activity on the resource, and those activities."""
    for outline in sorted(outlines, key=lambda outline: outline.title):
        for step in outline.steps:
            activities = {a.key: a for a in step.every_activity() if a.source and a.source.slug == slug}
            if activities:
                yield {"outline": outline, "step": step, "activities": list(activities.values())}
