from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import richtext
from curriculum.models import Release
from curriculum.outline import Outline
from members import actions, kept
from members.forms import GoalForm, SettingsForm, SetUpForm, TimeForm
from members.models import Member, StudyGroup
from members.requests import MemberRequest
from members.setup import token_fits
from progress.actions import enroll
from progress.counting import core_of, mix_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORMULA = r"$$\delta^l = \left((w^{l+1})^T \delta^{l+1}\right) \odot \sigma'(z^l)$$"
SCREENS = ("goal", "time", "curriculum")


def landing(request: HttpRequest) -> HttpResponse:
    """What a visitor sees at `/`; before the first run is finished it leads there."""
    if not StudyGroup.objects.exists():
        return redirect("members:set_up")
    outline = _most_followed()
    return render(
        request,
        "members/landing.html",
        {
            "outline": outline,
            "path": [(s, mix_of(core_of(s, s.default_route()).values())) for s in outline.steps] if outline else [],
            "counts": Member.objects.active().aggregate(members=Count("pk")),
            "sample": {"run": 76, "hack": 48, "math": 62},
            "formula": richtext.render(FORMULA),
            "faces": Member.objects.active().filter(~Q(name="")).order_by("pk")[:7],
        },
    )


def _most_followed() -> Outline | None:
    """The curriculum that most members follow; before anybody does, the longest."""
    followers = Count("curriculum__enrollments", filter=Q(curriculum__enrollments__withdrawn_at=None))
    releases = Release.objects.newest().light().select_related("curriculum").annotate(followers=followers)
    return max(
        ((r.followers, r.outline.hours, r.outline) for r in releases), key=lambda found: found[:2], default=(0, 0, None)
    )[2]


@login_not_required
def set_up(request: HttpRequest) -> HttpResponse:
    """The first-run page: who holds the token names the group and becomes its owner. Gone afterwards."""
    if StudyGroup.objects.exists():
        raise Http404
    given = request.GET.get("token", "")
    form = SetUpForm(request.POST or None, initial={"token": given})
    if form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "token"}
        owner = actions.set_up_group(now=timezone.now(), **values)
        _sign_in(request, owner)
        messages.success(request, _("Your study group is open. Share the address, people can join."))
        return redirect("home")
    wrong = bool(given) and not form.is_bound and not token_fits(given)
    return render(request, "members/set_up.html", {"form": form, "wrong_token": wrong})


def onboarding(request: MemberRequest, screen: str) -> HttpResponse:
    """One of three short screens; each may be skipped."""
    if screen not in SCREENS:
        raise Http404
    if screen == "curriculum":
        return _choose_curriculum(request)
    form_class = GoalForm if screen == "goal" else TimeForm
    form = form_class(request.POST or None, instance=request.member)
    if request.method == "POST" and ("skip" in request.POST or form.is_valid()):
        if "skip" not in request.POST:
            form.save()
        return redirect("members:onboarding", SCREENS[SCREENS.index(screen) + 1])
    number = SCREENS.index(screen) + 1
    return render(request, "members/onboarding.html", {"form": form, "screen": screen, "number": number})


def _choose_curriculum(request: MemberRequest) -> HttpResponse:
    releases = list(Release.objects.newest().light().select_related("curriculum").order_by("curriculum_id"))
    if request.method == "POST":
        actions.finish_onboarding(request.member, now=timezone.now())
        chosen = next((r for r in releases if r.curriculum.slug == request.POST.get("curriculum")), None)
        if "skip" in request.POST or (not chosen and not releases):
            return redirect("home")
        if chosen:
            enroll(request.member, chosen.curriculum, now=timezone.now())
            return redirect(chosen.curriculum)
    context = {"outlines": [r.outline for r in releases], "number": 3, "missing": request.method == "POST"}
    return render(request, "members/onboarding_curriculum.html", context)


def settings_page(request: MemberRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=Member.objects.get(pk=request.member.pk))
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("members:settings")
    return render(request, "members/settings.html", {"form": form})


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie for a year; `auto` forgets it."""
    wanted, back = request.POST.get("theme", ""), request.headers.get("Referer", "")
    fits = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(back if fits else "home")
    if wanted in ("light", "dark"):
        response.set_cookie("theme", wanted, max_age=timedelta(days=365), samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme")
    return response


@login_not_required
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A button, because programs that look at links must not use them up."""
    if request.method != "POST":
        return render(request, "members/sign_in_link.html")
    try:
        member = actions.use_sign_in_link(token, now=timezone.now())
    except actions.LinkRefused as refusal:
        return render(request, "members/sign_in_link.html", {"refusal": refusal}, status=404)
    _sign_in(request, member)
    return redirect("home")


def _sign_in(request: HttpRequest, member: Member) -> None:
    """Without a code or a password; the session is listed among hers as any other."""
    login(request, member, backend=BACKEND)
    UserSession.objects.create_from_request(request)


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose security token is too old: the words that were typed, to copy or send again."""
    typed = [
        (name.replace("_", " ").capitalize(), str(text))
        for name, text in request.POST.items()
        if name not in kept.NEVER_KEPT and str(text).strip()
    ]
    return render(request, "members/form_expired.html", {"typed": typed}, status=403)
