"""Enrol in a curriculum, and what a member changes of an enrolment."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.values import number
from curriculum.models import Curriculum, Release
from members.requests import MemberRequest
from progress import actions, tally
from progress.forms import PauseForm
from progress.models import Enrollment


@require_POST
def enroll(request: MemberRequest, slug: str) -> HttpResponse:
    curriculum = get_object_or_404(Curriculum.objects.published(), slug=slug)
    enrollment = actions.enroll(request.member, curriculum, now=timezone.now())
    messages.success(
        request, _("You are enrolled in “%(title)s”.") % {"title": curriculum.title}
    )
    steps = enrollment.release.outline.steps
    at = next(
        (step for step in steps if step.key == enrollment.step_key),
        steps[0] if steps else None,
    )
    return redirect("curriculum:step", slug, at.slug) if at else redirect(curriculum)


@require_POST
def change_enrollment(request: MemberRequest, slug: str) -> HttpResponse:
    """`do`: "pause" until a day, "resume", "withdraw", "finish", "move" to a release,
    or "put_away" its announcement.

    Redirects to the curriculum after a move, to the page with the button (`from`) after
    putting away, else to the member's progress.
    """
    enrollment = get_object_or_404(
        Enrollment.objects.select_related("curriculum", "member"),
        member=request.member,
        curriculum__slug=slug,
    )
    press = CHANGES.get(request.POST.get("do", ""))
    if press is None:
        return HttpResponseBadRequest(_("This action is unknown."))
    try:
        messages.success(request, press(request, enrollment))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    if press is _move:
        return redirect(enrollment.curriculum)
    if press is _put_away and request.POST.get("from") == "home":
        return redirect("home")
    return redirect(reverse("progress:overview") + f"#{slug}")


def _pause(request: MemberRequest, enrollment: Enrollment) -> str:
    form = PauseForm(request.POST)
    if not form.is_valid():
        raise actions.PauseEnded(form.errors["until"][0])
    actions.pause(enrollment, until=form.cleaned_data["until"], now=timezone.now())
    return _("Paused. Reminders stop until you are back.")


def _resume(request: MemberRequest, enrollment: Enrollment) -> str:
    actions.resume(enrollment, now=timezone.now())
    member, coming = request.member, tally.next_activity(enrollment)
    words = [_("Welcome back. Everything is where you left it.")]
    if why := member.goal_words or member.get_goal_display():
        words.append(_("You came for this: %(why)s.") % {"why": why.rstrip(".")})
    if coming:
        place = {"n": coming.step.number, "title": coming.activity.title}
        words.append(_("Next is step %(n)s, “%(title)s”.") % place)
    return " ".join(words)


def _withdraw(request: MemberRequest, enrollment: Enrollment) -> str:
    actions.withdraw(enrollment, now=timezone.now())
    return _("You left this curriculum. Enrol again and go on where you are now.")


def _finish(request: MemberRequest, enrollment: Enrollment) -> str:
    actions.finish(enrollment, now=timezone.now())
    return _("Finished.")


def _move(request: MemberRequest, enrollment: Enrollment) -> str:
    """To the release that `number` names, the newest one without it."""
    release = _named_release(request, enrollment)
    actions.move_release(enrollment, release, now=timezone.now())
    words = _(
        "You are on release %(number)s now. Everything you did came along, "
        "and the page of releases leads back."
    )
    return words % {"number": release.number}


def _put_away(request: MemberRequest, enrollment: Enrollment) -> str:
    actions.put_away_release(enrollment, _named_release(request, enrollment))
    return _("Dismissed. You can find it on the page of releases.")


def _named_release(request: MemberRequest, enrollment: Enrollment) -> Release:
    releases = enrollment.curriculum.releases.light().order_by("-number")
    if wanted := request.POST.get("number", ""):
        # they are counted from 1
        releases = releases.filter(number=number(wanted) or 0)
    release = releases.first()
    if release is None:
        raise actions.NotPublished(_("There is no such release."))
    return release


CHANGES = {
    "pause": _pause,
    "resume": _resume,
    "withdraw": _withdraw,
    "finish": _finish,
    "move": _move,
    "put_away": _put_away,
}
