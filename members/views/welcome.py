"""The first run of the site, and the first minutes of a member."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from config.hosts import is_for_this_machine_only
from curriculum.models import Release
from members import actions
from members.forms import FirstTimeForm, GoalForm, SetUpForm
from members.models import Member, StudyGroup
from members.requests import MemberRequest
from members.setup import token_fits
from members.views.signing_in import sign_in
from progress.actions import enroll, note_finished_steps
from progress.recommending import (
    MATHS,
    PRACTICE,
    PROJECTS,
    SHORT,
    Recommendation,
    recommend,
)

SCREENS = ("goal", "time", "curriculum")


@login_not_required
def set_up(request: HttpRequest) -> HttpResponse:
    """The first-run page: who holds the token names the group and
    becomes its owner.

    Gone afterwards.
    """
    if StudyGroup.objects.exists():
        raise Http404
    given = request.GET.get("token", "")
    form = SetUpForm(request.POST or None, initial={"token": given})
    if form.is_valid():
        values = {
            name: value for name, value in form.cleaned_data.items() if name != "token"
        }
        owner = actions.set_up_group(now=timezone.now(), **values)
        sign_in(request, owner, "password")
        messages.success(request, _opened())
        return redirect("home")
    wrong = bool(given) and not form.is_bound and not token_fits(given)
    return render(request, "members/set_up.html", {"form": form, "wrong_token": wrong})


def _opened() -> str:
    """The group is open, and by which address others come."""
    if is_for_this_machine_only():
        return _(
            "Your study group is open. Only this machine can open it now. "
            "Start it with “make up HOST=0.0.0.0” to let others in your network join."
        )
    return _("Your study group is open. People can join at %(address)s") % {
        "address": settings.SITE_URL
    }


def onboarding(request: MemberRequest, screen: str) -> HttpResponse:
    """One of three short screens; each may be skipped."""
    if screen not in SCREENS:
        raise Http404
    if screen == "curriculum":
        return _choose_curriculum(request)
    form_class: type[ModelForm[Member]]
    if screen == "goal":
        form_class = GoalForm
    else:
        form_class = FirstTimeForm
    form = form_class(request.POST or None, instance=request.member)
    if request.method == "POST" and ("skip" in request.POST or form.is_valid()):
        if "skip" not in request.POST:
            if "goal" in form.cleaned_data:
                note_finished_steps(
                    request.member, goal=form.cleaned_data["goal"], now=timezone.now()
                )
            form.save()
        return redirect("members:onboarding", SCREENS[SCREENS.index(screen) + 1])
    number = SCREENS.index(screen) + 1
    return render(
        request,
        "members/onboarding.html",
        {"form": form, "screen": screen, "number": number},
    )


@require_POST
def end_welcome(request: MemberRequest) -> HttpResponse:
    """The member does not want to be asked again."""
    actions.finish_onboarding(request.member, now=timezone.now())
    return redirect("home")


def _choose_curriculum(request: MemberRequest) -> HttpResponse:
    releases = list(
        Release.objects.newest()
        .light()
        .select_related("curriculum")
        .order_by("curriculum_id")
    )
    if request.method == "POST":
        actions.finish_onboarding(request.member, now=timezone.now())
        by_slug = {release.curriculum.slug: release for release in releases}
        chosen = by_slug.get(request.POST.get("curriculum", ""))
        if "skip" in request.POST or (not chosen and not releases):
            return redirect("home")
        if chosen:
            enroll(request.member, chosen.curriculum, now=timezone.now())
            return redirect(chosen.curriculum)
    outlines = [release.outline for release in releases]
    recommended = recommend(
        outlines, request.member.goal, request.member.hours_per_week
    )
    reason = ""
    if recommended:
        outlines.sort(key=lambda outline: outline is not recommended.outline)
        reason = _reason(recommended, request.member)
    context = {
        "outlines": outlines,
        "recommended": recommended,
        "reason": reason,
        "number": 3,
        "missing": request.method == "POST",
    }
    return render(request, "members/onboarding_curriculum.html", context)


def _reason(recommended: Recommendation, member: Member) -> str:
    """Why a curriculum is recommended, from the answers on the screens before."""
    reasons = {
        PRACTICE: _("%(percent)s %% of its work is practice and projects."),
        PROJECTS: _("%(percent)s %% of its work is projects that you can show."),
        MATHS: _("%(percent)s %% of its work is mathematics."),
        SHORT: _("It is the shortest."),
    }
    said = _("You said “%(goal)s”.") % {"goal": member.get_goal_display()}
    reason = reasons[recommended.why] % {"percent": recommended.percent}
    if not recommended.weeks:
        return f"{said} {reason}"
    takes = ngettext(
        "With %(hours)s h a week it takes about %(n)s week.",
        "With %(hours)s h a week it takes about %(n)s weeks.",
        recommended.weeks,
    )
    amounts = {"hours": member.hours_per_week, "n": recommended.weeks}
    return f"{said} {reason} {takes % amounts}"
