"""The health page, and the error page."""

import sys
from collections.abc import Iterator
from ipaddress import ip_address

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.defaults import server_error as plain_server_error

from config.network import is_this_machine
from config.values import number
from members import unsent
from members.access import owner_only
from members.requests import MemberRequest
from operate import actions, health, storage
from operate.models import SetAsideMessage, Standstill
from operate.storage import best_effort

SHOWN = 50
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


@never_cache
@require_safe
@login_not_required
def health_page(request: HttpRequest) -> HttpResponse:
    """Answer with 200, or with 503 if something does not work.

    The owner and requests from this machine get the reasons, others only one word.
    """
    found = health.problems()
    is_red = any(problem.is_red for problem in found)
    with best_effort():
        actions.note_standstill(found, now=timezone.now())
    word, status = "ok", 200
    if is_red:
        word, status = "red", 503
    elif found:
        word = "degraded"
    owner = is_owner(request)
    if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
        try:
            return _page(request, word, found, owner, status)
        except DatabaseError:
            # The full page shows the group's name, which needs the database.
            pass
    answer: dict[str, object] = {"status": word}
    if owner or is_local(request):
        answer["problems"] = [
            {"kind": p.kind, "text": p.text, "red": p.is_red} for p in found
        ]
    return JsonResponse(answer, status=status)


def _page(
    request: HttpRequest,
    word: str,
    found: list[health.Problem],
    owner: bool,
    status: int,
) -> HttpResponse:
    context: dict[str, object] = {"word": word}
    template = "operate/health_word.html"
    if owner:
        template = "operate/health.html"
        context |= {
            "problems": found,
            "messages_set_aside": list(SetAsideMessage.objects.order_by("-pk")[:SHOWN]),
            "standstills_before": list(Standstill.objects.order_by("-pk")[:SHOWN]),
        }
    return render(request, template, context, status=status)


def is_owner(request: HttpRequest) -> bool:
    try:
        return bool(request.user.is_authenticated and request.user.is_owner)
    except DatabaseError:
        return False


def is_local(request: HttpRequest) -> bool:
    """Whether the request comes from this machine directly, and not through a proxy."""
    if any(name in request.META for name in FORWARDED):
        return False
    host = split_domain_port(request.get_host())[0]
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and is_this_machine(host)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@require_POST
@owner_only
def forget_messages(request: MemberRequest) -> HttpResponse:
    newest = number(request.POST.get("newest", ""))
    if newest is not None:
        actions.forget_messages(newest)
    return redirect("operate:health")


# Where nothing can be kept


LONG = 40  # characters; a longer text is shown for copying, a shorter one only resent


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to every unexpected error.

    If the disk is full or read-only, the page says so and shows what was typed.
    """
    trouble = storage.trouble(sys.exc_info()[1])
    if not trouble:
        return plain_server_error(request)
    fields = list(posted(request))
    context = {
        "is_full": trouble == storage.FULL,
        "is_reading": request.method in ("GET", "HEAD"),
        "address": request.get_full_path(),
        "token": get_token(request),
        "typed": [(name, text) for name, text in fields if is_typed(text)],
        "hidden": [(name, text) for name, text in fields if not is_typed(text)],
        "can_send_again": not request.FILES
        and not unsent.NEVER_KEPT - {"csrfmiddlewaretoken"} & request.POST.keys(),
    }
    # Rendered without the request, so that the page does not query the database.
    status = 503
    if trouble == storage.FULL:
        status = 507
    return render(None, "operate/nothing_kept.html", context, status=status)


def posted(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The fields of the form, without those that a page must not show again."""
    for name, texts in request.POST.lists():
        if name not in unsent.NEVER_KEPT:
            yield from ((name, str(text)) for text in texts)


def is_typed(text: str) -> bool:
    return len(text) > LONG or "\n" in text or " " in text.strip()
