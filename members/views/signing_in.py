"""Signing in by a link, and what proves that it is the member."""

from allauth.account.internal.flows.reauthentication import resume_request
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from members import actions, codes, proof
from members.code_views import too_early
from members.forms import ProveForm
from members.models import Member
from members.requests import MemberRequest

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# in the session: where staff wanted to go when a second factor was missing
WANTED = "wanted_page"


def second_factor(request: MemberRequest) -> HttpResponse:
    """The page that says why staff needs a second factor and offers the two kinds. The
    page that was asked for is remembered until there is one.
    """
    wanted = request.GET.get("next") or request.session.pop(WANTED, "")
    if not url_has_allowed_host_and_scheme(wanted, None):
        wanted = reverse("home")
    if proof.has_second_factor(request.member):
        return (request.member.holds_role and proof.lead(request)) or redirect(wanted)
    request.session[WANTED] = wanted
    return render(request, "members/second_factor.html")


def prove(request: MemberRequest) -> HttpResponse:
    """Prove the identity by a code sent to the primary address, before a change of
    credentials. Not for members with a second factor.
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
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button, since programs that check links must not use them up."""
    try:
        if request.method != "POST":
            actions.check_sign_in_link(token, now=timezone.now())
            return render(request, "members/sign_in_link.html")
        member = actions.use_sign_in_link(token, now=timezone.now())
    except actions.LinkRefused as refusal:
        return render(
            request, "members/sign_in_link.html", {"refusal": refusal}, status=404
        )
    sign_in(request, member, "link")
    return redirect("home")


def sign_in(request: HttpRequest, member: Member, method: str) -> None:
    """Sign in without one of allauth's pages. The session is listed among the member's
    sessions like any other.
    """
    login(request, member, backend=BACKEND)
    proof.show(request, member, method)
    UserSession.objects.create_from_request(request)


@login_not_required
def change_password(request: HttpRequest) -> HttpResponse:
    """The well-known address by which password managers find the form."""
    return redirect("account_change_password")
