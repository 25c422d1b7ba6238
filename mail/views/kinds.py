"""Pages of the kinds of mail that the site sends, with invented values."""

from django.core.mail import EmailMessage
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mail import samples
from mail.views.frames import shown_in_a_frame
from members.access import owner_only
from members.requests import MemberRequest


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
@shown_in_a_frame
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
