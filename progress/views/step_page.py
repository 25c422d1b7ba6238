"""What the step page shows, and what a press on it can change."""

from typing import Any, cast

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from bookmarks.saved import on_page
from community.composer import composer
from community.subjects import StepRef
from community.threads import thread_page
from members import unsent
from members.models import Member
from members.requests import MemberRequest
from progress import actions, checklist, facts, overviews, people, step_context
from progress.blank import minutes_form
from progress.context import read_enrollment
from progress.forms import MinutesForm
from progress.models import Enrollment
from progress.pieces import PEOPLE, ROWS, LoggedEntry
from progress.rail import Neighbours, StepEnd, StepRings
from progress.step_context import NotHere, StepContext


def find_step(request: HttpRequest, slug: str, step_slug: str) -> StepContext:
    """The step, for a member or for a visitor."""
    member = request.user if isinstance(request.user, Member) else None
    current = read_enrollment(request)
    try:
        return step_context.step_context(member, slug, step_slug, current)
    except NotHere:
        raise Http404 from None


def posted_step(request: MemberRequest) -> StepContext:
    """The step that a form on its page names."""
    slug = request.POST.get("in", "")
    return find_step(request, slug, request.POST.get("step", ""))


def enrolled(place: StepContext) -> Enrollment:
    """The member's enrolment; pressing a button on a step enrols."""
    if place.enrollment and place.is_enrolled:
        return place.enrollment
    assert place.member
    return actions.enroll(place.member, place.curriculum, now=timezone.now())


def step_url(place: StepContext, anchor: str) -> str:
    page = reverse("curriculum:step", args=[place.curriculum.slug, place.step.slug])
    return f"{page}#{anchor}"


def step_page(
    request: HttpRequest,
    place: StepContext,
    form: MinutesForm | None = None,
    typed: dict[str, Any] | None = None,
) -> dict[str, Any]:
    context = marks_and_minutes(place, form, typed)
    context["layout"] = "app.html" if place.member else "public.html"
    context["step_slug"] = place.step.slug
    context["neighbours"] = Neighbours.of(place)
    if place.member:
        subject = _thread_of(place)
        context["thread"] = thread_page(place.member, subject)
        context["saved"] = on_page(place.member, posts=context["thread"].posts)
        context["composer"] = composer(cast(MemberRequest, request), subject)
        context["people"] = _people_at(place, place.member)
        context["people_card"] = PEOPLE
    if place.is_enrolled:
        # The visit made it the newest: every page shows it.
        context["where"] = place.enrollment
    return context


def marks(place: StepContext) -> dict[str, Any]:
    """What a mark can change. Two queries for a member, none for a visitor."""
    records = step_context.records_at(place)
    standing = step_context.standing_at(place, records)
    tallied = standing.tally_step(place.step)
    page = place.page
    return {
        "place": place,
        "page": page,
        "step": place.step,
        "tally": tallied,
        "rings_card": StepRings.of(tallied),
        "end": StepEnd.of(place, tallied),
        "folds": checklist.folds(tallied, records, page),
        "row_card": ROWS,
        "revisit": sum(record.is_to_revisit for record in records.values()),
    }


def marks_and_minutes(
    place: StepContext,
    form: MinutesForm | None = None,
    typed: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """And what logging minutes can change. Three queries for a member."""
    context = marks(place)
    if place.member:
        usual = _usual_aspect(context["folds"])
        context["form"] = form or minutes_form(usual, typed or {}, page=place.page)
        context |= _minutes(place, place.member)
    return context


def typed_minutes(request: HttpRequest) -> dict[str, Any]:
    """Minutes that were typed when the session had ended."""
    return unsent.take(request, reverse("progress:log_minutes"))


def _minutes(place: StepContext, member: Member) -> dict[str, Any]:
    today = member.local(timezone.now()).date()
    logged = facts.logged_at(member=member, step_key=place.step.key)
    enrollment = place.enrollment
    return {
        "is_paused": enrollment is not None and enrollment.is_paused_on(today),
        "minutes": overviews.by_aspect(logged),
        "total_minutes": sum(entry.minutes for entry in logged),
        "logged": [
            LoggedEntry(entry, page=place.page)
            for entry in step_context.newest_days(logged, today)
        ],
    }


def _thread_of(place: StepContext) -> StepRef:
    step = place.step
    return StepRef(step.key, step.number, step.title, place.curriculum.slug, step.slug)


def _people_at(place: StepContext, member: Member) -> people.People | None:
    enrollment = place.enrollment
    own_step = None
    if enrollment and enrollment.is_current:
        own_step = enrollment.step_key
    key = place.step.key
    return people.others(place.curriculum.pk, member, own_step, key).get(key)


def _usual_aspect(folds: list[checklist.Fold]) -> str:
    """That of the next activity: what the member will most likely log."""
    open_folds = (fold for fold in folds if fold.is_open)
    for fold in open_folds:
        for row in fold.rows:
            if row.mark in ("", "started"):
                return row.activity.aspect
    return "run"
