"""Answers of the whole site: a form that has expired, and `security.txt`."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.origin import parts_of
from members import unsent


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose security token is too old: the words that
    were typed, to copy or send again.

    A form of another site is no form of ours: nothing of it is
    shown under our name.
    """
    if _is_from_here(request):
        fields = unsent.words_of(request)
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
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); there is none where the host
    names no address.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = timezone.now().replace(microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {until.isoformat()}",
    ]
    lines.append(f"Canonical: {settings.SITE_URL}/.well-known/security.txt")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")
