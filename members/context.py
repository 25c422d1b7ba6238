"""What every page shows of the group and of the browser: name,
theme, addresses.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.functional import SimpleLazyObject

from config.cookies import cookie
from config.network import THIS_MACHINE, address_of
from config.reach import has_outbox
from lists.cache import TimedCache
from members.audience import EVERYBODY
from members.models import StudyGroup

THEMES = ("light", "dark")
GROUP = TimedCache[StudyGroup](seconds=30, most=1)


def site(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get(cookie("theme"), "")
    if theme not in THEMES:
        theme = ""
    return {
        "group": SimpleLazyObject(study_group),
        "theme": theme,
        "SITE_URL": settings.SITE_URL,
        "has_outbox": has_outbox(settings.EMAIL_BACKEND),
        "localhost_address": SimpleLazyObject(lambda: localhost_address(request)),
        "offers_passkeys": SimpleLazyObject(lambda: offers_passkeys(request)),
    }


def offers_passkeys(request: HttpRequest) -> bool:
    """Whether browsers let this address have passkeys: over https and with
    a name, or on this machine as localhost.
    """
    host = split_domain_port(request.get_host())[0]
    return host == THIS_MACHINE[0] or (address_of(host) is None and request.is_secure())


def localhost_address(request: HttpRequest) -> str:
    """This page at localhost, where browsers allow passkeys; empty unless
    the browser is on the site's own machine.
    """
    host, port = split_domain_port(request.get_host())
    is_loopback = host in THIS_MACHINE[1:]
    if is_loopback:
        return f"http://{THIS_MACHINE[0]}:{port or 80}{request.get_full_path()}"
    return ""


def study_group() -> StudyGroup | None:
    """The study group, kept in the process for half a minute; None before
    the first run is finished.
    """
    try:
        return GROUP.get(EVERYBODY, ask=StudyGroup.objects.get)
    except StudyGroup.DoesNotExist:  # an error is not kept
        return None
