"""Pages: the curricula, one as a path, its releases."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from curriculum.models import Curriculum, Release
from curriculum.newest import newest_release, newest_releases
from curriculum.views.files import release_file_response
from members import budget
from members.models import Member
from members.requests import MemberRequest
from progress import cards, tally
from progress.announcements import followed_releases, offer
from progress.counting import CurriculumTally
from progress.enrolled import enrollments_of
from progress.models import Enrollment
from progress.people import others
from progress.pieces import PEOPLE, STOPS


def _member(request: HttpRequest) -> Member | None:
    if isinstance(request.user, Member):
        return request.user
    return None


def _layout(member: Member | None) -> str:
    if member:
        return "app.html"
    return "public.html"


# Curricula


@login_not_required
def curricula(request: HttpRequest) -> HttpResponse:
    """The list of curricula: first the member's own, by the last visit, then the others
    by title.

    At most five queries for any number of curricula.
    """
    member = _member(request)
    newest = {release.curriculum_id: release for release in newest_releases()}
    if member:
        enrolled = _tallied(member)
    else:
        enrolled = {}
    mine = [cards.curriculum_card(found.outline, found) for found in enrolled.values()]
    others = [
        release.outline
        for key, release in newest.items()
        if key not in {e.curriculum_id for e in enrolled}
    ]
    context: dict[str, Any] = {
        "mine": mine,
        "others": [
            cards.curriculum_card(outline)
            for outline in sorted(others, key=lambda outline: outline.title)
        ],
        "layout": _layout(member),
    }
    if member:
        context["where"] = next((e for e in enrolled if e.is_current), None)
    return render(request, "curriculum/list.html", context)


def _tallied(member: Member) -> dict[Enrollment, CurriculumTally]:
    """Tallies of the member's enrolments that are not withdrawn, the last visited first."""
    enrollments = [each for each in enrollments_of(member) if not each.withdrawn_at]
    if not enrollments:
        return {}
    found = tally.tallies(enrollments)
    return {enrollment: found[enrollment.pk] for enrollment in enrollments}


@login_not_required
def curriculum(request: HttpRequest, slug: str) -> HttpResponse:
    """The path.

    One query for a visitor; for a member five, beside those of every page.
    """
    member = _member(request)
    enrollment = None
    if member:
        enrollment = _enrollment(member, slug)
    if enrollment:
        release = enrollment.release
    else:
        release = _newest(slug)
    tallied = None
    if enrollment and enrollment.withdrawn_at is None:
        tallied = tally.tally(enrollment)
    at = None
    if enrollment:
        at = enrollment.step_key
    counts = bool(
        enrollment and not enrollment.withdrawn_at and not enrollment.finished_at
    )
    if member:
        people = others(release.curriculum_id, member, at if counts else None)
    else:
        people = {}
    context = {
        "outline": release.outline,
        "release": release,
        "enrollment": enrollment,
        "tally": tallied,
        "cards": cards.step_cards(release.outline, tallied, at, people),
        "stop_card": STOPS,
        "people": {key: PEOPLE(each) for key, each in people.items()},
        "layout": _layout(member),
    }
    return render(request, "curriculum/curriculum.html", context)


def _enrollment(member: Member, slug: str) -> Enrollment | None:
    enrollments = enrollments_of(member)
    return next((each for each in enrollments if each.curriculum.slug == slug), None)


def _newest(slug: str) -> Release:
    release = newest_release(slug)
    if release is None:
        raise Http404
    return release


# Releases


@login_not_required
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    """All releases, newest first, with their changes, and for a member with what a move
    to the newest would bring.

    Two queries, and at most five more for a member who is enrolled.
    """
    member = _member(request)
    found = get_object_or_404(_readable(request), slug=slug)
    rows = (
        found.releases.defer("document", "rendered")
        .select_related("published_by")
        .order_by("-number")
    )
    context: dict[str, Any] = {
        "curriculum": found,
        "releases": list(rows),
        "layout": _layout(member),
    }
    enrollment = None
    if member:
        enrollment = _enrollment(member, slug)
    if enrollment and enrollment.is_current:
        context |= {
            "enrollment": enrollment,
            "followed": followed_releases(enrollment),
            "offer": offer(enrollment, context["releases"][0]),
        }
    return render(request, "curriculum/releases.html", context)


@login_not_required
def release(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A release as it was, to read. One query."""
    found = _release(request, slug, number)
    steps = cards.step_cards(found.outline, None, None)
    context = {
        "release": found,
        "outline": found.outline,
        "cards": steps,
        "layout": _layout(_member(request)),
    }
    return render(request, "curriculum/release.html", context)


def release_file(request: MemberRequest, slug: str, number: int) -> HttpResponse:
    """A release as a curriculum file. Raises TooMany."""
    budget.spend(request.member, budget.DOWNLOADS, now=timezone.now())
    release = _release(request, slug, number, among=Release.objects.light())
    return release_file_response(request, release, f"{slug}-{number}.yaml")


def _readable(request: HttpRequest) -> QuerySet[Curriculum]:
    """Published ones; members read on in those that are retired, since
    some are enrolled in them.
    """
    everything = Curriculum.objects.filter(
        Exists(Release.objects.filter(curriculum=OuterRef("pk")))
    )
    if _member(request):
        return everything
    return everything.filter(retired_at=None)


def _release(
    request: HttpRequest,
    slug: str,
    number: int,
    *,
    among: QuerySet[Release] | None = None,
) -> Release:
    """Raises Http404 where the reader may not see it."""
    releases = Release.objects.select_related("curriculum") if among is None else among
    rows = releases.filter(curriculum__in=_readable(request))
    return get_object_or_404(rows, curriculum__slug=slug, number=number)
