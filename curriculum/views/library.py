"""Pages: the library of resources."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from markupsafe import Markup

from bookmarks.actions import note_opened
from bookmarks.keys import Kind, ThingKey
from bookmarks.saved import on_page, saved_one
from community.composer import composer
from community.subjects import ResourceRef
from community.threads import thread_page
from curriculum.forms import ACTIVITY, LibraryForm
from curriculum.library import shelf, with_matches
from curriculum.models import Resource
from curriculum.newest import newest_releases
from curriculum.outline import Outline
from curriculum.shown import predecessors_of, sections_of, shown_resource
from look.cards import Cards
from members.requests import MemberRequest
from operate.storage import best_effort
from progress.enrolled import releases_read_by

PAGE = 50  # resources or activities on a page
FIRST_ACTIVITIES = 5  # above the resources that a search found
SHELF = Cards("curriculum/_shelf_row.html", most=1_000)
FILTERS = Cards("curriculum/_filters.html", most=100)


def resources(request: MemberRequest) -> HttpResponse:
    """The library, by title; a search finds activities too.

    Two queries: the page of it, and how many there are.

    A search has five more: two for the version of the library's words, one for the
    sections of the results, two for the releases that the member reads. One more reads
    the words if the process has not cached them.
    """
    form = LibraryForm(request.GET)
    words = form.chosen.get("q", "")
    if form.chosen.get("kind") == ACTIVITY:
        return _activities(request, form)
    found = form.matching(Resource.objects.all())
    page = shelf(form.page(found)[: PAGE + 1])
    following = ""
    if len(page) > PAGE:
        following = form.address_after(page[PAGE - 1])
    shown = page[:PAGE]
    if words:
        shown = with_matches(shown, words)
    if words and form.is_first_page:
        spots = form.activities(releases_read_by(request.member))
    else:
        spots = []
    context = {
        "form": form,
        "filters": filters_card(form),
        "resources": shown,
        "resource_card": SHELF,
        "total": found.count(),
        "next": following,
        "activities": spots[:FIRST_ACTIVITIES],
        "activity_count": len(spots),
        "all_activities": form.address_of_activities()
        if len(spots) > FIRST_ACTIVITIES
        else "",
    }
    return render(request, "curriculum/resources.html", context)


def _activities(request: MemberRequest, form: LibraryForm) -> HttpResponse:
    """Only activities. Two queries, for the releases that the member reads."""
    spots = form.activities(releases_read_by(request.member))
    page, following = form.page_of_activities(spots, PAGE)
    context = {
        "form": form,
        "filters": filters_card(form),
        "activities": page,
        "activity_count": len(spots),
        "next": following,
    }
    return render(request, "curriculum/resources.html", context)


def filters_card(form: LibraryForm) -> Markup:
    """The form with what is chosen. What somebody typed is not kept."""
    row = form.filters
    if row.q:
        return FILTERS.fresh(row)
    return FILTERS(row)


def resource(request: MemberRequest, slug: str) -> HttpResponse:
    """One resource with its sections, the steps that use it, and its thread.

    Six queries, and one more if somebody wrote there.
    """
    found = shown_resource(slug)
    if found is None:
        raise Http404
    outlines = [release.outline for release in newest_releases()]
    key = ThingKey(Kind.RESOURCE, str(found.pk))
    saved = saved_one(request.member, key)
    with best_effort():
        note_opened(request.member, saved, [key], now=timezone.now())
    subject = ResourceRef(found.pk, found.title, found.slug)
    thread = thread_page(request.member, subject)
    context = {
        "thread": thread,
        "saved": on_page(request.member, posts=thread.posts),
        "composer": composer(request, subject),
        "resource": found,
        "sections": sections_of(resource=found),
        "predecessors": predecessors_of(resource=found),
        "uses": list(_uses(outlines, slug)),
        "is_saved": key in saved.keys,
    }
    return render(request, "curriculum/resource.html", context)


def _uses(outlines: Iterable[Outline], slug: str) -> Iterable[dict[str, Any]]:
    """Each step with an activity on the resource, and those activities."""
    for outline in sorted(outlines, key=lambda outline: outline.title):
        for step in outline.steps:
            activities = {
                a.key: a
                for a in step.every_activity()
                if a.source and a.source.slug == slug
            }
            if activities:
                yield {
                    "outline": outline,
                    "step": step,
                    "activities": list(activities.values()),
                }
