"""The security log: one line for each thing that somebody may want
to look into later.

Each line is an event and its facts as JSON. It names members by number and
addresses of this site by the name of the view, so that no token, no mail
address and no text of anybody is in it.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from allauth.account.signals import (
    email_added,
    email_changed,
    email_removed,
    password_changed,
    password_reset,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.http import HttpRequest, HttpResponse

from members.address import client_address

log = logging.getLogger("minibatch.security")
MAIL_VIEWS = (
    "runs",
    "preview",
    "send_",
    "count_as_sent",
    "outbox",
    "kind",
    "start_run",
    "stop_run",
    "go_on",
)
STAFF_VIEWS = ("admin:", "papers:feeds", *(f"mail:{name}" for name in MAIL_VIEWS))
READS = {
    "mail:outbox",
    "mail:outbox_message",
    "mail:outbox_html",
    "mail:preview",
    "mail:preview_html",
}
ADDED = "second factor added"
CREDENTIALS = {
    password_changed: "password changed",
    password_reset: "password reset",
    email_added: "address added",
    email_changed: "address changed",
    email_removed: "address removed",
    authenticator_added: ADDED,
    authenticator_removed: "second factor removed",
    authenticator_reset: "new recovery codes made",
}


def note(event: str, **facts: Any) -> None:
    """Write one line.

    JSON escapes line ends and quotes, so that nothing in a fact can look
    like a line of its own.
    """
    log.info("%s %s", event, json.dumps(facts, default=str))


def listen() -> None:
    """Note sign-ins, failures to sign in, and every change to what
    signs in.
    """
    user_logged_in.connect(_signed_in, dispatch_uid="securitylog.in")
    user_logged_out.connect(_signed_out, dispatch_uid="securitylog.out")
    user_login_failed.connect(_failed, dispatch_uid="securitylog.failed")
    for signal, event in CREDENTIALS.items():
        signal.connect(_changed(event), weak=False, dispatch_uid=f"securitylog.{event}")


def _signed_in(request: HttpRequest | None, user: Any, **_rest: Any) -> None:
    note("signed in", member=user.pk, **_origin(request))


def _signed_out(request: HttpRequest | None, user: Any, **_rest: Any) -> None:
    if user is not None:
        note("signed out", member=user.pk)


def _failed(request: HttpRequest | None = None, **_rest: Any) -> None:
    note("sign-in failed", **_origin(request))


def _changed(event: str) -> Callable[..., None]:
    def noted(
        user: Any, authenticator: Authenticator | None = None, **_rest: Any
    ) -> None:
        """Recovery codes come with the first factor and are none
        of their own.
        """
        made_codes = (
            authenticator is not None
            and authenticator.type == Authenticator.Type.RECOVERY_CODES
        )
        if made_codes and event == ADDED:
            said = "recovery codes made"
        else:
            said = event
        note(said, member=user.pk)

    return noted


def _origin(request: HttpRequest | None) -> dict[str, str]:
    if request is not None:
        return {"address": client_address(request)}
    return {}


class SecurityLogMiddleware:
    """Note refusals on pages of operators, refusals by a limit, and each
    reading of somebody's mail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        view = ""
        if request.resolver_match:
            view = request.resolver_match.view_name
        if response.status_code == 429:
            note("limited", view=view, member=_member(request), **_origin(request))
        elif response.status_code in (403, 404) and view.startswith(STAFF_VIEWS):
            note(
                "refused",
                view=view,
                status=response.status_code,
                member=_member(request),
                **_origin(request),
            )
        elif response.status_code == 200 and view in READS:
            note("mail read", view=view, member=_member(request), **_which(request))
        return response


def _member(request: HttpRequest) -> int | None:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return user.pk
    return None


def _which(request: HttpRequest) -> dict[str, Any]:
    """The mail that was read, by its number in the ledger; a file of the
    outbox is only counted.
    """
    pk = None
    if request.resolver_match:
        pk = request.resolver_match.kwargs.get("pk")
    if pk is not None:
        return {"delivery": pk}
    return {}
