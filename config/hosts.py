"""By which names the site may be asked.

SITE_URL is its only origin: other names lead there, mails hold no other.

The names of this machine count for the health check, and for everything
where SITE_URL is one of them. So do its addresses in the network, where
the site listens there and SITE_URL names one of them.
"""

import logging
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

from config.network import THIS_MACHINE, is_this_machine, name_of
from config.origin import PORTS, parts_of
from config.plaintext import plain

HEALTH = "/health/"
WRITTEN_MAX = 100  # characters of a name that a stranger sent

logger = logging.getLogger(__name__)


def is_ours(host: str) -> bool:
    """Whether `host`, as a browser sends it (with the port, where it is
    not the usual one), is the site itself.
    """
    return _is_at(host, settings.SITE_URL, *settings.NETWORK_NAMES)


# Browsers send the same few names with each request, and strangers any
# others.
@lru_cache(maxsize=20)
def _is_at(host: str, site_url: str, *network_names: str) -> bool:
    ours = urlsplit(site_url)
    asked = parts_of(f"{ours.scheme}://{host}")
    return (
        asked is not None
        and _port(asked) == _port(ours)
        and name_of(asked) in site_names(name_of(ours), *network_names)
    )


def site_names(name: str, *network_names: str) -> tuple[str, ...]:
    """The names by which pages are shown: the one in SITE_URL, or all of
    this machine where that is one of them.
    """
    if name in network_names:
        return (*network_names, *THIS_MACHINE)
    if is_this_machine(name):
        return THIS_MACHINE
    return (name,)


def is_for_this_machine_only() -> bool:
    """Whether SITE_URL is an address that no other machine can open."""
    return is_this_machine(name_of(urlsplit(settings.SITE_URL)))


def _port(address: SplitResult) -> int | None:
    return address.port or PORTS.get(address.scheme)


class OneOriginMiddleware:
    """Lead whoever asks by another name or port to SITE_URL; refuse what
    cannot be led, such as a form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL):  # the look of the refusal
            return self.get_response(request)
        try:
            host = request.get_host()
        except DisallowedHost:
            return refuse(request)
        if request.path == HEALTH or is_ours(host):
            return self.get_response(request)
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(f"{settings.SITE_URL}{request.get_full_path()}")
        return refuse(request)


def refuse(request: HttpRequest) -> HttpResponse:
    """Say where the site is.

    The log gets one line: anybody can send any name.
    """
    asked = request.META.get("HTTP_HOST", "")[:WRITTEN_MAX]
    logger.warning(
        "Somebody asked by the name %r. The site is at %s.", asked, settings.SITE_URL
    )
    path = "/"
    if request.method in ("GET", "HEAD"):
        path = request.get_full_path()
    words = {"address": f"{settings.SITE_URL}{path}", "site": settings.SITE_URL}
    return HttpResponse(plain(render_to_string("wrong_host.html", words)), status=400)
