"""Pages of runs for the owner: what was sent and what was not; start, stop, resend."""

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from config.reach import why_links_are_weak, why_mail_is_held
from mail import actions, ledger, runs, tasks
from mail.due.digests import due_digests
from mail.eligibility import is_held
from mail.models import Delivery
from members.access import owner_only
from members.requests import MemberRequest


@require_safe
@owner_only
def runs_page(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    where = (settings.SITE_URL, settings.EMAIL_BACKEND)
    context = {
        "runs": runs.newest_runs(now),
        "troubles": runs.troubles(now),
        "held": why_mail_is_held(*where),
        "weak": why_links_are_weak(*where),
    }
    return render(request, "mail/runs.html", context)


def send_soon() -> None:
    """Queue a run now. Without a broker the next tick sends, within two minutes."""
    with suppress(OperationalError):
        tasks.send_waiting.delay_on_commit()


@require_POST
@owner_only
def send_test(request: MemberRequest) -> HttpResponse:
    actions.write_test(request.member, now=timezone.now())
    send_soon()
    messages.success(
        request,
        _("A test is on its way to %(email)s.") % {"email": request.member.email},
    )
    return redirect("mail:runs")


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
    send_soon()
    messages.success(request, _("The run goes on."))
    return redirect("mail:runs")


@require_POST
@owner_only
def send_all_again(request: MemberRequest, kind: str, key: str) -> HttpResponse:
    _known_run(kind, key)
    count = ledger.send_all_again(kind, key, timezone.now())
    if count:
        send_soon()
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
