"""The address that a request comes from: the only function that says it,
for limits, sessions, mails and logs.
"""

import logging
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# a word for “no address”, such as behind a socket; nothing binds to it
UNKNOWN = "0.0.0.0"  # noqa: S104
LINE_BITS = 64
SAME_ADDRESS_TIMES = 20

logger = logging.getLogger(__name__)


def client_address(request: HttpRequest) -> str:
    """The address of the browser, as far as TRUSTED_PROXIES proxies of
    ours can tell.

    Each proxy appends the address that it sees to X-Forwarded-For, so the
    one that counts stands TRUSTED_PROXIES places from the end; what stands
    before it was written by the client and may be anything.
    """
    count = settings.TRUSTED_PROXIES
    if count > 0:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= count and (address := _valid(forwarded[-count])):
            return address
    return _valid(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def client_network(request: HttpRequest) -> str:
    """The key of a visitor in limits: the IPv4 address, or the /64 network of an IPv6
    address, which belongs to one connection.
    """
    address = ip_address(client_address(request))
    if address.version == 4:
        return str(address)
    return str(ip_network((address, LINE_BITS), strict=False).network_address)


def _valid(text: str) -> str:
    """The address in `text`, without a port; empty where there is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


class ProxyWatch:
    """Tells the log once when a proxy seems to stand before the site and
    TRUSTED_PROXIES does not say so.
    """

    def __init__(self) -> None:
        self.address = ""
        self.times = 0

    def look(self, request: HttpRequest) -> None:
        if settings.TRUSTED_PROXIES or not settings.BEHIND_TLS or self.times < 0:
            return
        if "HTTP_X_FORWARDED_FOR" not in request.META:
            return
        address = client_address(request)
        if self.times and address != self.address:
            self.times = -1  # they come from several addresses: no proxy of ours
            return
        self.address = address
        self.times += 1
        if self.times == SAME_ADDRESS_TIMES:
            self.times = -1
            logger.warning(
                "All requests come from %s with X-Forwarded-For, so a proxy passes "
                "them on. Set TRUSTED_PROXIES=1 "
                "(the number of proxies), or all visitors share the limits of one address.",
                address,
            )
