"""The pages of mail: what a member wants to get, and what the owner may look at."""

from collections.abc import Callable
from contextlib import suppress
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
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from mail import actions, ledger, outbox, runs, tasks, tokens
from mail.forms import PreferencesForm
from mail.letters import Letterer
from mail.models import Delivery, Preference
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


def owner_only(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """For anyone else the page does not exist."""

    @wraps(view)
    def wrapped(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.member.is_owner:
            raise Http404
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return wrapped


@require_safe
@owner_only
def outbox_list(request: MemberRequest) -> HttpResponse:
    lines = outbox.newest(Path(settings.OUTBOX_DIR), OUTBOX_SHOWS)
    context = {"lines": lines, "limit": OUTBOX_SHOWS, "has_outbox": _has_outbox()}
    return render(request, "mail/outbox.html", context)


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
@csp(MAIL_POLICY)  # type: ignore[arg-type]
@xframe_options_sameorigin
def outbox_html(request: MemberRequest, name: str) -> HttpResponse:
    message = outbox.read(Path(settings.OUTBOX_DIR), name)
    html = outbox.part(message, "html") if message else ""
    if not html:
        raise Http404
    return HttpResponse(html)


@require_safe
def digest_page(request: MemberRequest, pk: int) -> HttpResponse:
    """The digest of a mail as a page, for the member whom it was written for."""
    mine = Delivery.objects.filter(kind__in=[Delivery.Kind.DIGEST, Delivery.Kind.TEST], member=request.member)
    delivery = get_object_or_404(mine.select_related("member__mail_preference"), pk=pk)
    return render(request, "mail/digest.html", Letterer(timezone.now()).page(delivery))


# What was sent, for the owner


@require_safe
@owner_only
def runs_page(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    context = {"runs": runs.newest_runs(now), "troubles": runs.troubles(now), "has_outbox": _has_outbox()}
    return render(request, "mail/runs.html", context)


def _has_outbox() -> bool:
    return bool(settings.EMAIL_BACKEND == "mail.backends.OutboxBackend")


def _send_soon() -> None:
    """Without waiting for the next tick, if the broker is there; else the tick does it within two minutes."""
    with suppress(OperationalError):
        tasks.send_waiting.delay_on_commit()


@require_POST
@owner_only
def send_test(request: MemberRequest) -> HttpResponse:
    actions.write_test(request.member, now=timezone.now())
    _send_soon()
    messages.success(request, _("A test is on its way to %(email)s.") % {"email": request.member.email})
    return redirect("mail:runs")


@require_POST
@owner_only
def send_again(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("member"), pk=pk)
    if ledger.send_again(delivery, timezone.now()):
        _send_soon()
        messages.success(request, _("It goes to %(email)s again.") % {"email": delivery.member.email})
    return redirect("mail:runs")


@require_POST
@owner_only
def count_as_sent(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("member"), pk=pk)
    if ledger.count_as_sent(delivery, timezone.now()):
        messages.success(request, _("Counted as sent to %(email)s.") % {"email": delivery.member.email})
    return redirect("mail:runs")


@require_safe
@owner_only
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """Any mail as it is or would be sent. It is built anew, so a post that was removed since is not in it."""
    delivery = get_object_or_404(Delivery.objects.select_related("member__mail_preference"), pk=pk)
    built = Letterer(timezone.now()).build(delivery)
    return render(request, "mail/preview.html", {"delivery": delivery, "message": built, "text": built.body})


@require_safe
@owner_only
@csp(MAIL_POLICY)  # type: ignore[arg-type]
@xframe_options_sameorigin
def preview_html(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("member__mail_preference"), pk=pk)
    [html] = Letterer(timezone.now()).build(delivery).alternatives
    return HttpResponse(html[0])


# What a member wants


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
