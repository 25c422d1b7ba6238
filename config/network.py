"""By which names the site is reached, and which of them are this machine.

Asks nothing in the network.

It is read with the settings, also by the supervisor, which does
without Django.
"""

import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from fcntl import ioctl
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

# the names by which the site answers here
THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (compared, not bound)
# Addresses of documentation: a route to them is looked up, and nothing is
# sent.
SOMEWHERE = {
    socket.AF_INET: ("192.0.2.1", 9),
    socket.AF_INET6: ("2001:db8::1", 9),
}
SIOCGIFADDR = 0x8915  # Linux: the first address of an interface


def listening_at(text: str) -> str:
    """Where to listen, from HOST as it is typed: every spelling of
    “everywhere” is one of EVERYWHERE.
    """
    host = text.strip().strip("[]") or THIS_MACHINE[1]
    address = address_of(host)
    if host == "*" or (isinstance(address, IPv4Address) and address.is_unspecified):
        return EVERYWHERE[0]
    if address is not None and address.is_unspecified:
        return EVERYWHERE[1]
    return host


def allowed_hosts(site_url: str, named: Iterable[str]) -> list[str]:
    """The names that are answered at all, for ALLOWED_HOSTS: those of the
    site, those that lead to it, this machine.
    """
    name = name_of(urlsplit(site_url))
    return list(dict.fromkeys([name, *named, *THIS_MACHINE]))


def name_of(address: SplitResult) -> str:
    """The host of an address as a browser sends it: an IPv6 address stands
    in brackets.
    """
    return in_address(address.hostname or THIS_MACHINE[0])


def in_address(host: str) -> str:
    if ":" in host and not host.startswith("["):
        return f"[{host}]"
    return host


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine in any spelling: localhost,
    app.localhost, 127.1, ::ffff:127.0.0.1, 0.0.0.0.
    """
    name = host.rstrip(".").lower()
    if name == THIS_MACHINE[0] or name.endswith(f".{THIS_MACHINE[0]}"):
        return True
    address = address_of(name)
    return address is not None and (address.is_loopback or address.is_unspecified)


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is, as browsers read it; None for a name."""
    try:
        address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return _as_browsers_read(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _as_browsers_read(host: str) -> IPv4Address | None:
    """127.1, 0x7f.0.0.1 and 2130706433 are addresses too."""
    if not host or not host.rpartition(".")[2][:1].isdigit():
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def names_here(host: str) -> list[str]:
    """The names for a site that listens at `host` everywhere, the
    likeliest first; else none.

    They are written as a browser sends them: an IPv6 address
    stands in brackets.
    """
    if host not in EVERYWHERE:
        return []
    addresses = [_towards(socket.AF_INET), *_of_interfaces()]
    if host == "::":
        addresses.append(_towards(socket.AF_INET6))
    found = [in_address(each) for each in addresses if _is_of_use(each)]
    name = socket.gethostname().lower()
    if found and name and not is_this_machine(name):
        found.append(name)
    return list(dict.fromkeys(found))


def _towards(family: socket.AddressFamily) -> str:
    """The address that this machine would send from, or an empty text."""
    try:
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
            probe.connect(SOMEWHERE[family])
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def _of_interfaces() -> list[str]:
    """The IPv4 address of each interface. Only Linux is asked this way."""
    found = []
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        for _, name in socket.if_nameindex():
            question = struct.pack("256s", name.encode()[:15])
            try:
                answer = ioctl(probe.fileno(), SIOCGIFADDR, question)
            except OSError:
                continue  # it has none, or this is no Linux
            found.append(socket.inet_ntoa(answer[20:24]))
    return found


def _is_of_use(address: str) -> bool:
    """Whether another machine can type it: not of this machine only, not
    of one cable only.
    """
    if not address:
        return False
    ip = ip_address(address.partition("%")[0])
    return not (
        ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast
    )
