"""Pages: the curricula, one as a path, its releases."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from curriculum.models import Curriculum, Release
from curriculum.views import cards
from curriculum.views.cards import People
from curriculum.views.files import file_response
from members.models import Member
from members.requests import MemberRequest
from progress import tally
from progress.counting import CurriculumTally
from progress.models import Enrollment

FACES = 4  # avatars beside a step
PEOPLE_KEPT_FOR = 60  # seconds


def _member(request: HttpRequest) -> Member | None:
    return request.user if isinstance(request.user, Member) else None


def _layout(member: Member | None) -> str:
    return "app.html" if member else "public.html"


# Curricula


@login_not_required
def curricula(request: HttpRequest) -> HttpResponse:
    """Hers first, by her last visit, then the others by title. Seven queries at most, whatever the number."""
    member = _member(request)
    releases = Release.objects.newest().light().select_related("curriculum")
    newest = {release.curriculum_id: release for release in releases}
    enrolled = _tallied(member, newest) if member else {}
    mine = [cards.curriculum_card(found.outline, found) for found in enrolled.values()]
    others = [release.outline for key, release in newest.items() if key not in {e.curriculum_id for e in enrolled}]
    context: dict[str, Any] = {
        "mine": mine,
        "others": [cards.curriculum_card(outline) for outline in sorted(others, key=lambda outline: outline.title)],
        "layout": _layout(member),
    }
    if member:
        context["where"] = next((e for e in enrolled if e.is_current), None)
    return render(request, "curriculum/list.html", context)


def _tallied(member: Member, newest: dict[int, Release]) -> dict[Enrollment, CurriculumTally]:
    """Her enrolments that she has not withdrawn, the last visited first."""
    rows = member.enrollments.filter(withdrawn_at=None).select_related("curriculum").newest_visit_first()
    enrollments = list(rows)
    for enrollment in enrollments:
        enrollment.member = member
        release = newest.get(enrollment.curriculum_id)
        if release and release.pk == enrollment.release_id:
            enrollment.release = release  # already read: a release is a large row
    found = tally.tallies(enrollments) if enrollments else {}
    return {enrollment: found[enrollment.pk] for enrollment in enrollments}


@login_not_required
def curriculum(request: HttpRequest, slug: str) -> HttpResponse:
    """The path. One query for a visitor; for a member five, beside those of every page."""
    member = _member(request)
    enrollment = _enrollment(member, slug) if member else None
    release = enrollment.release if enrollment else _newest(slug)
    tallied = tally.tally(enrollment) if enrollment and enrollment.withdrawn_at is None else None
    at = enrollment.step_key if enrollment else None
    counts = bool(enrollment and not enrollment.withdrawn_at and not enrollment.finished_at)
    people = _others(release, member, at if counts else None) if member else {}
    context = {
        "outline": release.outline,
        "release": release,
        "enrollment": enrollment,
        "tally": tallied,
        "cards": cards.step_cards(release.outline, tallied, at, people),
        "layout": _layout(member),
    }
    return render(request, "curriculum/curriculum.html", context)


def _enrollment(member: Member, slug: str) -> Enrollment | None:
    """With number and date of the newest release, to tell when hers is not."""
    newest = Release.objects.filter(curriculum=OuterRef("curriculum")).order_by("-number")
    found = (
        member.enrollments.filter(curriculum__slug=slug)
        .with_release()
        .annotate(newest_number=Subquery(newest.values("number")[:1]))
        .annotate(newest_at=Subquery(newest.values("published_at")[:1]))
        .first()
    )
    if found:
        found.member = member
        found.release.curriculum = found.curriculum
    return found


def _newest(slug: str) -> Release:
    return get_object_or_404(Release.objects.newest().light().select_related("curriculum"), curriculum__slug=slug)


def _others(release: Release, member: Member, at: UUID | None) -> dict[UUID, People]:
    """Step key to the other members who are there; `at` is the step where she counts herself."""
    found = {}
    for key, (some, total) in _people(release.curriculum_id).items():
        others = [person for person in some if person.pk != member.pk]
        if others:
            found[key] = People(others[:FACES], total - (key == at))
    return found


def _people(curriculum_id: int) -> dict[UUID, tuple[list[Member], int]]:
    """Step key to the newest visitors and how many there are, in this curriculum.

    One query that walks every enrolment, so the process keeps its answer for a minute.
    """
    where = f"people:{curriculum_id}"
    found: dict[UUID, tuple[list[Member], int]] | None = caches["local"].get(where)
    if found is None:
        found = _ask_for_people(curriculum_id)
        caches["local"].set(where, found, PEOPLE_KEPT_FOR)
    return found


def _ask_for_people(curriculum_id: int) -> dict[UUID, tuple[list[Member], int]]:
    newest_first = [F("visited_at").desc(), F("pk").desc()]
    rows = (
        Enrollment.objects.current()
        .filter(curriculum=curriculum_id, step_key__isnull=False, member__is_active=True)
        .annotate(total=Window(Count("*"), partition_by=F("step_key")))
        .annotate(rank=Window(RowNumber(), partition_by=F("step_key"), order_by=newest_first))
        .filter(rank__lte=FACES + 1)  # one may be the reader
        .select_related("member")
        .only("step_key", "member__name", "member__email")
        .order_by("rank")
    )
    found: dict[UUID, tuple[list[Member], int]] = {}
    for row in rows:
        if row.step_key:
            found.setdefault(row.step_key, ([], row.total))[0].append(row.member)
    return found


# Releases


@login_not_required
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, newest first, with what each changed. Two queries."""
    found = get_object_or_404(_readable(request), slug=slug)
    rows = found.releases.defer("document", "rendered").select_related("published_by").order_by("-number")
    context = {"curriculum": found, "releases": rows, "layout": _layout(_member(request))}
    return render(request, "curriculum/releases.html", context)


@login_not_required
def release(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A release as it was, to read. One query."""
    found = _release(request, slug, number)
    steps = cards.step_cards(found.outline, None, None, {})
    context = {"release": found, "outline": found.outline, "cards": steps, "layout": _layout(_member(request))}
    return render(request, "curriculum/release.html", context)


def release_file(request: MemberRequest, slug: str, number: int) -> HttpResponse:
    """A release as a curriculum file."""
    return file_response(_release(request, slug, number).document, f"{slug}-{number}.yaml")


def _readable(request: HttpRequest) -> QuerySet[Curriculum]:
    """Published ones; members read on in those that are retired, since some are enrolled in them."""
    everything = Curriculum.objects.filter(Exists(Release.objects.filter(curriculum=OuterRef("pk"))))
    return everything if _member(request) else everything.filter(retired_at=None)


def _release(request: HttpRequest, slug: str, number: int) -> Release:
    rows = Release.objects.select_related("curriculum").filter(curriculum__in=_readable(request))
    return get_object_or_404(rows, curriculum__slug=slug, number=number)
