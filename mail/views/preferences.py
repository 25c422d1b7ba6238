"""Pages of mail preferences."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.values import number
from mail import actions, coming, tokens
from mail.chosen import chosen
from mail.eligibility import is_held
from mail.forms import NEVER, Difference, PreferencesForm
from mail.models import Preference, What
from mail.views.masking import masked
from members.models import Member
from members.requests import MemberRequest
from notifications.reaching import NO_CHOICE, Ways, ways_of


def preferences(request: MemberRequest) -> HttpResponse:
    address = reverse("mail:preferences")
    return _preferences(request, request.member, address, by_link=False)


@login_not_required
def preferences_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail preferences from a link in a mail, which identifies the member without
    signing in.
    """
    try:
        member = tokens.read_preferences_token(token)
    except tokens.BadLink:
        return render(request, "mail/bad_link.html", status=404)
    if not member.is_active:
        return render(request, "mail/bad_link.html", status=404)
    address = reverse("mail:preferences_by_link", args=[token])
    # A visitor has no time zone, so the page shows hours in the member's.
    with timezone.override(member.zone):
        return _preferences(request, member, address, by_link=True)


def _preferences(
    request: HttpRequest, member: Member, address: str, *, by_link: bool
) -> HttpResponse:
    stored, ways = chosen(member), _ways(member)
    today = member.local(timezone.now()).date()
    initial = PreferencesForm.initial_of(stored, ways, today)
    if request.method == "GET" and (until := _proposed_pause(request, today)):
        initial["paused_until"] = until
    form = PreferencesForm(request.POST or None, initial=initial, today=today)
    page = partial(_page, request, member, form, address, by_link=by_link)
    if not form.is_bound:
        return page(stored)
    if form.is_valid() and by_link and _starts_again(form.cleaned_data, stored):
        words = _("Mail that was stopped is started again only after signing in.")
        form.add_error(None, words)
    if not form.is_valid():
        return page(stored, status=422)
    try:
        _save(member, form, stored)
    except actions.ChangedMeanwhile:
        stored = chosen(member)
        if differences := form.differences(stored, _ways(member)):
            # what was typed, with the version that the page shows now
            form.data = request.POST.copy()
            form.data["version"] = str(stored.version)
            return page(stored, differences=differences, status=409)
    else:
        messages.success(request, _("Saved."))
    return redirect(address)


def _ways(member: Member) -> Ways:
    return ways_of([member]).get(member.pk, NO_CHOICE)


def _proposed_pause(request: HttpRequest, today: date) -> date | None:
    """The end of the pause that a link in a mail proposes. Nothing is saved by it."""
    weeks = number(request.GET.get("weeks", ""), most=52)
    return today + timedelta(weeks=weeks) if weeks else None


def _save(member: Member, form: PreferencesForm, stored: Preference) -> None:
    """Save the form. Raises ChangedMeanwhile, also if the form holds no version."""
    version = form.cleaned_data["version"]
    seen = -1 if version is None else version
    choices = form.choices(stored)
    actions.set_preferences(member, choices, version=seen, now=timezone.now())


def _starts_again(values: Mapping[str, Any], stored: Preference) -> bool:
    """Whether a kind of mail that was stopped is started again."""
    restarts = (
        values["digest"] and stored.digest_stopped_at,
        values["reminders"] and stored.reminders_stopped_at,
        values["daily"] != NEVER and stored.bundle_stopped_at,
    )
    return any(restarts)


def _page(
    request: HttpRequest,
    member: Member,
    form: PreferencesForm,
    address: str,
    stored: Preference,
    *,
    by_link: bool,
    differences: Sequence[Difference] = (),
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    context = {
        "form": form,
        "differences": differences,
        "by_link": by_link,
        "to": masked(member.email) if by_link else member.email,
        "zone": "" if by_link else member.time_zone,
        "clock": now,
        "coming": coming.next_digest(member, stored, now),
        "is_held": is_held(),
        "frame": "public.html" if by_link else "app.html",
        "address": address,
    }
    return render(request, "mail/preferences.html", context, status=status)


@require_POST
def end_links(request: MemberRequest) -> HttpResponse:
    actions.end_links(request.member)
    messages.success(
        request, _("Done. The links in mails that you got so far no longer work.")
    )
    return redirect("mail:preferences")


@require_POST
def start(request: MemberRequest, what: str) -> HttpResponse:
    """Start a kind of mail again. Only for the member who is signed in."""
    if what not in What.values:
        raise Http404
    actions.start_mail(request.member, what, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("mail:preferences")
