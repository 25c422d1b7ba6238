from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.reauthentication import resume_request
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import Count, Q
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from config.cookies import cookie
from config.hosts import is_for_this_machine_only
from config.origin import parts_of
from curriculum.models import Release
from curriculum.outline import Outline
from lists.kept import Kept
from members import actions, codes, kept, proof
from members.audience import EVERYBODY
from members.code_views import too_early
from members.context import study_group
from members.forms import FirstTimeForm, GoalForm, ProveForm, SettingsForm, SetUpForm
from members.models import Member, StudyGroup
from members.requests import MemberRequest
from members.setup import token_fits
from progress.actions import enroll, note_finished_steps
from progress.counting import core_of, mix_of
from progress.recommending import (
    MATHS,
    PRACTICE,
    PROJECTS,
    SHORT,
    Recommendation,
    recommend,
)
from text import render as as_html

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORMULA = r"$$\delta^l = \left((w^{l+1})^T \delta^{l+1}\right) \odot \sigma'(z^l)$$"
# in the session: where staff wanted to go when a second factor was missing
WANTED = "wanted_page"
SCREENS = ("goal", "time", "curriculum")
LANDING = Kept[dict[str, Any]](seconds=60, most=1)


def landing(request: HttpRequest) -> HttpResponse:
    """What a visitor sees at `/`; before the first run is finished it leads there."""
    if study_group() is None:
        return redirect("members:set_up")
    context = LANDING.get(EVERYBODY, ask=_landing)
    return render(request, "members/landing.html", context)


def _landing() -> dict[str, Any]:
    """What the landing page shows. Counts all members and all enrolments: not for each
    visitor.
    """
    outline = _most_followed()
    steps = outline.steps if outline else ()
    return {
        "outline": outline,
        "path": [(s, mix_of(core_of(s, s.default_route()).values())) for s in steps],
        "counts": Member.objects.active().aggregate(members=Count("pk")),
        "sample": {"run": 76, "hack": 48, "math": 62},
        "formula": as_html(FORMULA),
    }


def _most_followed() -> Outline | None:
    """The curriculum that most members follow; before anybody does, the longest."""
    followers = Count(
        "curriculum__enrollments", filter=Q(curriculum__enrollments__withdrawn_at=None)
    )
    releases = (
        Release.objects.newest()
        .light()
        .select_related("curriculum")
        .annotate(followers=followers)
    )
    return max(
        ((r.followers, r.outline.hours, r.outline) for r in releases),
        key=lambda found: found[:2],
        default=(0, 0, None),
    )[2]


@login_not_required
def set_up(request: HttpRequest) -> HttpResponse:
    """The first-run page: who holds the token names the group and becomes its owner.

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
        _sign_in(request, owner, "password")
        messages.success(request, _opened())
        return redirect("home")
    wrong = bool(given) and not form.is_bound and not token_fits(given)
    return render(request, "members/set_up.html", {"form": form, "wrong_token": wrong})


def _opened() -> str:
    """The group is open, and by which address others come."""
    if is_for_this_machine_only():
        return _(
            "Your study group is open. Only this machine can open it now; "
            "docs/install.md says how others reach it."
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
        chosen = next(
            (
                r
                for r in releases
                if r.curriculum.slug == request.POST.get("curriculum")
            ),
            None,
        )
        if "skip" in request.POST or (not chosen and not releases):
            return redirect("home")
        if chosen:
            enroll(request.member, chosen.curriculum, now=timezone.now())
            return redirect(chosen.curriculum)
    outlines = [release.outline for release in releases]
    recommended = recommend(
        outlines, request.member.goal, request.member.hours_per_week
    )
    if recommended:
        outlines.sort(key=lambda outline: outline is not recommended.outline)
    context = {
        "outlines": outlines,
        "recommended": recommended,
        "reason": _reason(recommended, request.member) if recommended else "",
        "number": 3,
        "missing": request.method == "POST",
    }
    return render(request, "members/onboarding_curriculum.html", context)


def _reason(recommended: Recommendation, member: Member) -> str:
    """Why a curriculum is recommended, out of what she said on the screens before."""
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
    return f"{said} {reason} {takes % {'hours': member.hours_per_week, 'n': recommended.weeks}}"


def settings_page(request: MemberRequest) -> HttpResponse:
    # Not for reading: SQLite begins each transaction as a write, and the page is read
    # on a full disk, too.
    with transaction.atomic() if request.method == "POST" else nullcontext():
        form = SettingsForm(
            request.POST or None, instance=Member.objects.get(pk=request.member.pk)
        )
        if form.is_valid():
            note_finished_steps(
                request.member, goal=form.cleaned_data["goal"], now=timezone.now()
            )
            form.save_only_these_fields()
            messages.success(request, _("Saved."))
            if form.merged:
                words = _("What you changed elsewhere stands: %(fields)s.")
                messages.info(request, words % {"fields": ", ".join(form.merged)})
            return redirect("members:settings")
    return render(request, "members/settings.html", {"form": form})


def second_factor(request: MemberRequest) -> HttpResponse:
    """Why staff needs one, and the two kinds; where she wanted to go is remembered
    until she has it.
    """
    wanted = request.GET.get("next") or request.session.pop(WANTED, "")
    if not url_has_allowed_host_and_scheme(wanted, None):
        wanted = reverse("home")
    if proof.has_second_factor(request.member):
        return (request.member.holds_role and proof.lead(request)) or redirect(wanted)
    request.session[WANTED] = wanted
    return render(request, "members/second_factor.html")


def prove(request: MemberRequest) -> HttpResponse:
    """Before what signs in is changed: a code to the address that we write to; not for
    who has a second factor.
    """
    if proof.has_second_factor(request.member):
        return redirect(f"{proof.page_for(request.member)}?{request.GET.urlencode()}")
    code = codes.ProofCode.resume(request)
    form = None
    if request.method == "POST" and "send" in request.POST:
        if code and code.resend_in:
            messages.warning(request, too_early(code.resend_in))
        elif code:
            code.send_another()
        else:
            codes.ProofCode.initiate(request)
        return redirect(request.get_full_path())
    if code:
        form = ProveForm(request.POST or None, process=code)
        if form.is_valid():
            code.abort()
            proof.show(request, request.member, "code")
            return resume_request(request) or redirect("members:settings")
    context = {"form": form, "process": code, "redirect_field": _next_field(request)}
    return render(request, "members/prove.html", context)


def _next_field(request: HttpRequest) -> str:
    return format_html(
        '<input type="hidden" name="next" value="{}">', request.GET.get("next", "")
    )


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie for a year; `auto` forgets it."""
    wanted, back = request.POST.get("theme", ""), request.headers.get("Referer", "")
    fits = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    )
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
    else:
        response = redirect(back if fits else "home")
    if wanted in ("light", "dark"):
        response.set_cookie(
            cookie("theme"),
            wanted,
            max_age=timedelta(days=365),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    else:
        response.delete_cookie(cookie("theme"))
    return response


@login_not_required
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A button, because programs that look at links must not use them up."""
    try:
        if request.method != "POST":
            actions.check_sign_in_link(token, now=timezone.now())
            return render(request, "members/sign_in_link.html")
        member = actions.use_sign_in_link(token, now=timezone.now())
    except actions.LinkRefused as refusal:
        return render(
            request, "members/sign_in_link.html", {"refusal": refusal}, status=404
        )
    _sign_in(request, member, "link")
    return redirect("home")


def _sign_in(request: HttpRequest, member: Member, method: str) -> None:
    """Not by one of allauth's pages; the session is listed among hers as any other."""
    login(request, member, backend=BACKEND)
    proof.show(request, member, method)
    UserSession.objects.create_from_request(request)


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose security token is too old: the words that were typed,
    to copy or send again.

    A form of another site is no form of ours: nothing of it is shown under our name.
    """
    if _is_from_here(request):
        fields = kept.words_of(request)
    else:
        fields = []
    typed = [
        (name.replace("_", " ").capitalize(), text)
        for name, text in fields
        if text.strip()
    ]
    return render(request, "members/form_expired.html", {"typed": typed}, status=403)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the form was on a page of ours.

    Every browser says where a form of another site came from.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if source is None:
        return True
    origin = parts_of(source)
    return (
        origin is not None
        and origin.scheme == request.scheme
        and origin.netloc == request.get_host()
    )


@login_not_required
def change_password(request: HttpRequest) -> HttpResponse:
    """The well-known address by which password managers find the form."""
    return redirect("account_change_password")


@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); there is none where the host names no address."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = timezone.now().replace(microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {until.isoformat()}",
    ]
    lines.append(f"Canonical: {settings.SITE_URL}/.well-known/security.txt")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")
