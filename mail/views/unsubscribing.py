"""The page of a link that stops mail."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mail import actions, tokens
from mail.views.masking import masked


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a kind of mail by the link in a mail.

    A GET changes nothing, since scanners follow links. The button on the page or the
    mail provider's POST stops it. The page shows no name and no other link, since the
    mail may have been forwarded.
    """
    try:
        member, what = tokens.read_unsubscribe_token(token)
    except tokens.BadLink:
        return render(request, "mail/bad_link.html", status=404)
    context = {
        "to": masked(member.email),
        "what": what,
        "is_own": request.user.pk == member.pk,
        "was_before": False,
    }
    if request.method != "POST":
        if actions.has_stopped(member, what):
            stopped = context | {"was_before": True}
            return render(request, "mail/unsubscribed.html", stopped)
        return render(request, "mail/unsubscribe.html", context)
    actions.stop_mail(member, what, now=timezone.now())
    return render(request, "mail/unsubscribed.html", context)
