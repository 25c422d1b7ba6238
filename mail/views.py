"""The pages of mail: what a member wants to get, and what the owner may look at."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mail import actions, outbox, tokens
from mail.forms import PreferencesForm
from mail.models import Preference
from members.models import Member
from members.requests import MemberRequest

OUTBOX_SHOWS = 200

# A mail is not a page of the site: it brings its own inline styles, and it may hold anything that a sender wrote.
# So it gets a policy of its own instead of a hole in the site's: no scripts, no forms, no links that navigate us
# (sandbox), nothing loaded from anywhere (images only from inside the message), shown in our own frame alone.
MAIL_POLICY = {
    "sandbox": True,
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}


def owner_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For anyone else the page does not exist."""

    @wraps(view)
    def wrapped(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.member.is_owner:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@require_safe
@owner_only
def outbox_list(request: MemberRequest) -> HttpResponse:
    lines = outbox.newest(Path(settings.OUTBOX_DIR), OUTBOX_SHOWS)
    return render(request, "mail/outbox.html", {"lines": lines, "limit": OUTBOX_SHOWS})


@require_safe
@owner_only
def outbox_message(request: MemberRequest, name: str) -> HttpResponse:
    message = outbox.read(Path(settings.OUTBOX_DIR), name)
    if message is None:
        raise Http404
    context = {
        "name": name,
        "subject": str(message["subject"] or ""),
        "headers": [(header, str(value)) for header, value in message.items()],
        "text": outbox.part(message, "plain"),
        "has_html": bool(outbox.part(message, "html")),
    }
    return render(request, "mail/outbox_message.html", context)


@require_safe
@owner_only
@csp(MAIL_POLICY)
@xframe_options_sameorigin
def outbox_html(request: MemberRequest, name: str) -> HttpResponse:
    message = outbox.read(Path(settings.OUTBOX_DIR), name)
    html = outbox.part(message, "html") if message else ""
    if not html:
        raise Http404
    return HttpResponse(html)


def preferences(request: MemberRequest) -> HttpResponse:
    return _preferences(request, request.member, reverse("mail:preferences"), "app.html")


@login_not_required
def preferences_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same page from a link in a mail: it knows whose mail it was and asks for no sign-in."""
    try:
        member = get_object_or_404(Member.objects.active(), pk=tokens.read_preferences_token(token))
    except tokens.BadLink:
        return render(request, "mail/bad_link.html", status=404)
    return _preferences(request, member, reverse("mail:preferences_by_link", args=[token]), "public.html")


def _preferences(request: HttpRequest, member: Member, address: str, frame: str) -> HttpResponse:
    now = timezone.now()
    preference = Preference.objects.filter(member=member).first() or Preference(member=member)
    form = PreferencesForm(
        request.POST or None, initial=PreferencesForm.initial_of(preference), today=member.local(now).date()
    )
    if form.is_valid():
        actions.set_preferences(member, now=now, **form.cleaned_data)
        messages.success(request, _("Kept. Your mail follows it from now on."))
        return redirect(address)
    context = {"form": form, "of": member, "clock": member.local(now), "frame": frame, "address": address}
    return render(request, "mail/preferences.html", context, status=422 if form.is_bound else 200)


@csrf_exempt  # RFC 8058: the mail provider posts it, without cookies and without a page of ours before it
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Following the link changes nothing (scanners follow links); the button, or the provider's post, stops it."""
    try:
        member_id, what = tokens.read_unsubscribe_token(token)
    except tokens.BadLink:
        return render(request, "mail/bad_link.html", status=404)
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        return render(request, "mail/bad_link.html", status=404)
    context = {"of": member, "what": what, "preferences": tokens.preferences_token(member.pk)}
    if request.method != "POST":
        return render(request, "mail/unsubscribe.html", context)
    if request.POST.get("start"):
        actions.start_mail(member, what)
        return render(request, "mail/started.html", context)
    actions.stop_mail(member, what, now=timezone.now())
    return render(request, "mail/unsubscribed.html", context)
