"""The pages of mail: what a member wants to get, and what the owner may look at."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.mail import EmailMessage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from kombu.exceptions import OperationalError

from config.reach import has_outbox, why_links_are_weak, why_mail_is_held
from mail import (
    actions,
    coming,
    ledger,
    outbox,
    previews,
    runs,
    samples,
    tasks,
    tokens,
)
from mail.due.digests import due_digests
from mail.eligibility import is_held
from mail.forms import PreferencesForm
from mail.messages import MessageBuilder
from mail.models import Delivery, Preference, What
from members.models import Member
from members.proof import for_role
from members.requests import MemberRequest

OUTBOX_SHOWS = 200

# A mail is not a page of the site: it brings its own inline styles, and it may hold
# anything that a sender wrote. So it gets a policy of its own instead of a hole in the
# site's: no scripts, no forms, no links that navigate us (sandbox), nothing loaded from
# anywhere (images only from inside the message), shown in our own frame alone.
MAIL_POLICY = {
    "sandbox": True,
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}


def owner_only(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """For anyone else the page does not exist."""

    @for_role("owner")
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
    mine = Delivery.objects.filter(
        kind__in=[Delivery.Kind.DIGEST, Delivery.Kind.TEST], member=request.member
    )
    delivery = get_object_or_404(mine.select_related("member__mail_preference"), pk=pk)
    return render(
        request, "mail/digest.html", MessageBuilder(timezone.now()).page(delivery)
    )


# What was sent, for the owner


@require_safe
@owner_only
def runs_page(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    where = (settings.SITE_URL, settings.EMAIL_BACKEND)
    context = {
        "runs": runs.newest_runs(now),
        "troubles": runs.troubles(now),
        "has_outbox": _has_outbox(),
        "held": why_mail_is_held(*where),
        "weak": why_links_are_weak(*where),
    }
    return render(request, "mail/runs.html", context)


def _has_outbox() -> bool:
    return has_outbox(settings.EMAIL_BACKEND)


def _send_soon() -> None:
    """Without waiting for the next tick, if the broker is there; else the tick does it
    within two minutes.
    """
    with suppress(OperationalError):
        tasks.send_waiting.delay_on_commit()


@require_POST
@owner_only
def send_test(request: MemberRequest) -> HttpResponse:
    actions.write_test(request.member, now=timezone.now())
    _send_soon()
    messages.success(
        request,
        _("A test is on its way to %(email)s.") % {"email": request.member.email},
    )
    return redirect("mail:runs")


@require_POST
@owner_only
def send_again(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("member"), pk=pk)
    if ledger.send_again(delivery, timezone.now()):
        _send_soon()
        messages.success(
            request,
            _("Sending it to %(email)s again.") % {"email": delivery.member.email},
        )
    return redirect("mail:runs")


@require_POST
@owner_only
def count_as_sent(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("member"), pk=pk)
    if ledger.count_as_sent(delivery, timezone.now()):
        messages.success(
            request,
            _("Counted as sent to %(email)s.") % {"email": delivery.member.email},
        )
    return redirect("mail:runs")


@require_safe
@owner_only
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """Any mail as it is or would be sent.

    It is built again, so a post that was removed since is not in it.
    """
    delivery = get_object_or_404(
        Delivery.objects.select_related("member__mail_preference"), pk=pk
    )
    shown = previews.for_reader(delivery, request.member)
    built = MessageBuilder(timezone.now()).build(shown)
    context = {
        "delivery": delivery,
        "message": built,
        "text": built.body,
        "stands_in": shown is not delivery,
    }
    return render(request, "mail/preview.html", context)


@require_safe
@owner_only
@csp(MAIL_POLICY)  # type: ignore[arg-type]
@xframe_options_sameorigin
def preview_html(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(
        Delivery.objects.select_related("member__mail_preference"), pk=pk
    )
    shown = previews.for_reader(delivery, request.member)
    alternatives = MessageBuilder(timezone.now()).build(shown).alternatives
    if not alternatives:
        raise Http404
    return HttpResponse(alternatives[0][0])


# What the site can send, with invented values


@require_safe
@owner_only
def kinds(request: MemberRequest) -> HttpResponse:
    all_kinds = samples.KINDS.values()
    groups = [
        (
            _("About studying and the site"),
            [kind for kind in all_kinds if not kind.is_of_account],
        ),
        (
            _("About signing in and accounts"),
            [kind for kind in all_kinds if kind.is_of_account],
        ),
    ]
    return render(request, "mail/kinds.html", {"groups": groups})


@require_safe
@owner_only
def kind(request: MemberRequest, name: str) -> HttpResponse:
    found = _known_kind(name)
    message = samples.build(found, request, timezone.now())
    context = {
        "kind": found,
        "message": message,
        "text": message.body,
        "has_html": bool(_html_of(message)),
    }
    return render(request, "mail/kind.html", context)


@require_safe
@owner_only
@csp(MAIL_POLICY)  # type: ignore[arg-type]
@xframe_options_sameorigin
def kind_html(request: MemberRequest, name: str) -> HttpResponse:
    html = _html_of(samples.build(_known_kind(name), request, timezone.now()))
    if not html:
        raise Http404
    return HttpResponse(html)


def _known_kind(name: str) -> samples.Kind:
    if name not in samples.KINDS:
        raise Http404
    return samples.KINDS[name]


def _html_of(message: EmailMessage) -> str:
    alternatives = getattr(message, "alternatives", [])
    return str(alternatives[0][0]) if alternatives else ""


# Runs that the owner starts, stops and repeats


@require_POST
@owner_only
def start_run(request: MemberRequest) -> HttpResponse:
    """Write and send the digests that are due now, without waiting for the next tick."""
    count = sum(len(members) for _week, members in due_digests(timezone.now()))
    with suppress(OperationalError):
        tasks.send_due_digests.delay_on_commit()
    if count and is_held():
        words = ngettext(
            "%(n)s digest is due, and held.", "%(n)s digests are due, and held.", count
        )
        messages.success(request, words % {"n": count})
    elif count:
        words = ngettext(
            "%(n)s digest is due and will be sent.",
            "%(n)s digests are due and will be sent.",
            count,
        )
        messages.success(request, words % {"n": count})
    else:
        messages.success(
            request, _("No digest is due. Mails that wait are tried again.")
        )
    return redirect("mail:runs")


@require_POST
@owner_only
def stop_run(request: MemberRequest, kind: str, key: str) -> HttpResponse:
    _known_run(kind, key)
    ledger.stop(kind, key, timezone.now())
    messages.success(
        request,
        _("Stopped. No further mail of this run is sent until you press “Go on”."),
    )
    return redirect("mail:runs")


@require_POST
@owner_only
def go_on(request: MemberRequest, kind: str, key: str) -> HttpResponse:
    ledger.go_on(kind, key)
    _send_soon()
    messages.success(request, _("The run goes on."))
    return redirect("mail:runs")


@require_POST
@owner_only
def send_all_again(request: MemberRequest, kind: str, key: str) -> HttpResponse:
    _known_run(kind, key)
    count = ledger.send_all_again(kind, key, timezone.now())
    if count:
        _send_soon()
        words = ngettext(
            "%(n)s mail will be sent again.", "%(n)s mails will be sent again.", count
        )
        messages.success(request, words % {"n": count})
    else:
        messages.success(request, _("Nothing of this run is unconfirmed now."))
    return redirect("mail:runs")


def _known_run(kind: str, key: str) -> None:
    if not Delivery.objects.filter(kind=kind, key=key).exists():
        raise Http404


# What a member wants


def preferences(request: MemberRequest) -> HttpResponse:
    return _preferences(
        request, request.member, reverse("mail:preferences"), by_link=False
    )


@login_not_required
def preferences_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same page from a link in a mail: it knows whose mail it was and asks for no sign-in."""
    try:
        member = tokens.read_preferences_token(token)
    except tokens.BadLink:
        return render(request, "mail/bad_link.html", status=404)
    if not member.is_active:
        return render(request, "mail/bad_link.html", status=404)
    return _preferences(
        request, member, reverse("mail:preferences_by_link", args=[token]), by_link=True
    )


def _preferences(
    request: HttpRequest, member: Member, address: str, *, by_link: bool
) -> HttpResponse:
    now = timezone.now()
    stored = Preference.objects.filter(member=member).first() or Preference(
        member=member
    )
    form = PreferencesForm(
        request.POST or None,
        initial=PreferencesForm.initial_of(stored),
        today=member.local(now).date(),
    )
    differences: list[tuple[str, str, str]] = []
    status = 422 if form.is_bound else 200
    if form.is_valid() and by_link and _starts_again(form.cleaned_data, stored):
        form.add_error(
            None, _("Mail that was stopped is started again only after signing in.")
        )
    elif form.is_valid():
        values = form.cleaned_data | {
            "version": _seen_version(form.cleaned_data["version"])
        }
        try:
            actions.set_preferences(member, now=now, **values)
        except actions.ChangedMeanwhile:
            stored = Preference.objects.get(member=member)
            differences = form.differences(stored)
            if not differences:  # both want the same
                return redirect(address)
            # what she typed, with the version that she sees now
            form.data = request.POST.copy()
            form.data["version"] = str(stored.version)
            status = 409
        else:
            messages.success(request, _("Saved."))
            return redirect(address)
    context = {
        "form": form,
        "differences": differences,
        "by_link": by_link,
        "to": masked(member.email) if by_link else member.email,
        "zone": "" if by_link else member.time_zone,
        "clock": member.local(now),
        "coming": coming.next_digest(member, stored, now),
        "is_held": is_held(),
        "frame": "public.html" if by_link else "app.html",
        "address": address,
    }
    return render(request, "mail/preferences.html", context, status=status)


def _seen_version(version: int | None) -> int:
    """A form without its number is taken for one that is out of date."""
    return -1 if version is None else version


def _starts_again(values: Mapping[str, Any], stored: Preference) -> bool:
    restarts_digest = values["digest"] and stored.digest_stopped_at
    restarts_reminders = values["reminders"] and stored.reminders_stopped_at
    return bool(restarts_digest or restarts_reminders)


@require_POST
def end_links(request: MemberRequest) -> HttpResponse:
    actions.end_links(request.member)
    messages.success(
        request, _("Done. The links in mails that you got so far no longer work.")
    )
    return redirect("mail:preferences")


@require_POST
def start(request: MemberRequest, what: str) -> HttpResponse:
    """Start a kind of mail again; signed in, from our own page."""
    if what not in What.values:
        raise Http404
    actions.start_mail(request.member, what, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("mail:preferences")


# RFC 8058: the mail provider posts it, without cookies and without a page of ours
# before it
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Following the link changes nothing (scanners follow links); the button, or the
    provider's post, stops it.

    The page shows no name and mints no other link: a mail may have been forwarded.
    """
    try:
        member, what = tokens.read_unsubscribe_token(token)
    except tokens.BadLink:
        return render(request, "mail/bad_link.html", status=404)
    context = {
        "to": masked(member.email),
        "what": what,
        "is_hers": request.user.pk == member.pk,
    }
    if request.method != "POST":
        if actions.has_stopped(member, what):
            return render(
                request, "mail/unsubscribed.html", {**context, "was_before": True}
            )
        return render(request, "mail/unsubscribe.html", context)
    actions.stop_mail(member, what, now=timezone.now())
    return render(request, "mail/unsubscribed.html", context)


def masked(email: str) -> str:
    """An address that its owner knows and nobody else learns: a…@e…org"""
    local, _at, domain = email.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    shown = f"{name[:1]}…{ending}" if dot else f"{domain[:1]}…"
    return f"{local[:1]}…@{shown}"
