"""Requests that leave the machine, never to a private address.

The name is resolved once, every address it has is checked, and the connection goes to
the checked address, so that a name cannot answer differently a moment later. No
redirects are followed and no proxy of the environment is used.
"""

import contextlib
import ipaddress
import socket
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST_V6 = ipaddress.ip_network("2000::/3")  # the one part of IPv6 that is given out
# Taken back, or kept for documents, routers and services of the network itself; Python
# calls some of them global.
_NOT_PUBLIC = [
    ipaddress.ip_network(net)
    for net in (
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "2001::/23",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]
# the third quarter of an address of RFC 5214; the last is an IPv4 address
_ISATAP = (0x00005EFE, 0x02005EFE)


class AddressRefused(requests.RequestException):
    """The address is not one that this site may call. The text says which and why."""


def session(
    *, private_hosts: Collection[str] = ()
) -> tuple[requests.Session, "Outbound"]:
    """A session that calls public addresses only, apart from the named hosts; and its
    adapter, which can cut it.
    """
    adapter = Outbound(private_hosts)
    made = requests.Session()
    made.trust_env = False  # a proxy would resolve names, unchecked
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made, adapter


class Outbound(HTTPAdapter):
    def __init__(self, private_hosts: Collection[str] = ()) -> None:
        self._private_hosts = {host.lower() for host in private_hosts}
        self._sockets: list[socket.socket] = []
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def cut(self) -> None:
        """End what is under way, from another thread: a timeout of its own never ends
        an answer that is sent slowly.
        """
        for opened in self._sockets:
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: Any,
        proxies: Any = None,
        cert: Any = None,
    ) -> Any:
        host, pool = self.build_connection_pool_key_attributes(request, verify, cert)
        name = host["host"]
        host["host"] = checked_address(
            str(request.url), private=name in self._private_hosts
        )
        # Over TLS the certificate has to be the name's, although the connection goes to
        # the address.
        tls = (
            {"server_hostname": name, "assert_hostname": name}
            if host["scheme"] == "https"
            else {}
        )
        made = self.poolmanager.connection_from_host(
            **host, pool_kwargs={**pool, **tls}
        )
        made.ConnectionCls = _remembering(made.ConnectionCls, self._sockets)
        return made

    def add_headers(self, request: requests.PreparedRequest, **_kwargs: Any) -> None:
        request.headers["Host"] = urlsplit(str(request.url)).netloc


def _remembering(connection: Any, sockets: list[socket.socket]) -> Any:
    class Remembering(connection):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)

    return Remembering


def checked_address(url: str, *, private: bool = False) -> str:
    """An address of the URL's host, after every one of them was found public (or
    `private` ones are allowed).

    Raises AddressRefused for another scheme, a sign-in in the URL, a name without an
    address, a private address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressRefused(f"{url[:80]} is not a web address")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(
            "a web address with a name or password in it is not called"
        )
    try:
        found = socket.getaddrinfo(
            parts.hostname, parts.port or 443, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError, ValueError) as error:
        raise AddressRefused(
            f"could not find {parts.hostname} (no network, or DNS?)"
        ) from error
    addresses = [str(address[4][0]) for address in found]
    if not private and not all(map(is_public, addresses)):
        raise AddressRefused(
            f"{parts.hostname} is a private address, which this site does not call"
        )
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet; addresses that carry another
    one inside are unpacked.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _address_inside(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _UNICAST_V6:
            return False
    if any(ip in network for network in _NOT_PUBLIC if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast


def _address_inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a mapped, 6to4, NAT64 or ISATAP address leads to; None for
    any other.
    """
    if ip in _NAT64 or (int(ip) >> 32 & 0xFFFFFFFF) in _ISATAP:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour
