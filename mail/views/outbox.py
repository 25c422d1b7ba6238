"""Pages of the outbox, the folder that replaces a mail server."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mail import outbox
from mail.views.frames import shown_in_a_frame
from members.access import owner_only
from members.requests import MemberRequest

OUTBOX_SHOWS = 200


@require_safe
@owner_only
def outbox_list(request: MemberRequest) -> HttpResponse:
    lines = outbox.newest(Path(settings.OUTBOX_DIR), OUTBOX_SHOWS)
    context = {"lines": lines, "limit": OUTBOX_SHOWS}
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
@shown_in_a_frame
def outbox_html(request: MemberRequest, name: str) -> HttpResponse:
    message = outbox.read(Path(settings.OUTBOX_DIR), name)
    html = outbox.part(message, "html") if message else ""
    if not html:
        raise Http404
    return HttpResponse(html)
