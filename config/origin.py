"""Reading addresses: SITE_URL as it is typed, and those that strangers
send. Knows no Django.
"""

from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

import idna

PORTS = {"http": 80, "https": 443}


def origin_of(text: str) -> str:
    """The address as browsers write it: scheme and host in small letters
    and ASCII, without the usual port.

    Raises SystemExit with a sentence when it is not the whole address of a
    site: links would lead nowhere.
    """
    typed = text.strip()
    address = parts_of(typed)
    if address is None:
        raise _refusal(text, "is no address")
    port, scheme, host = (
        address.port,
        address.scheme.lower(),
        (address.hostname or "").lower(),
    )
    if scheme not in PORTS or "://" not in typed:
        raise _refusal(text, "must begin with http:// or https://")
    if not host or any(sign.isspace() for sign in host):
        raise _refusal(text, "names no host")
    if address.username is not None:
        raise _refusal(text, "must not hold a name or password")
    if address.path.strip("/") or address.query or address.fragment:
        raise _refusal(
            text,
            "must end after the host and its port: the site cannot live below a path",
        )
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            raise _refusal(text, "names a host that cannot exist") from None
    if ":" in host:
        host = f"[{host}]"
    if port in (None, PORTS[scheme]):
        return f"{scheme}://{host}"
    return f"{scheme}://{host}:{port}"


def parts_of(text: str) -> SplitResult | None:
    """The parts of an address, its port among them; None for what
    is no address.

    Reading the parts raises ValueError where a bracket is never closed,
    and reading the port if it is not a number or too large.
    """
    try:
        address = urlsplit(text)
        _port = address.port
    except ValueError:
        return None
    return address


def _refusal(text: str, why: str) -> SystemExit:
    typed = f" It says “{text}”."
    if "@" in text:  # what may be a password is not repeated
        typed = ""
    return SystemExit(f"SITE_URL {why}, such as https://study.example.org.{typed}")


@lru_cache(maxsize=50)
def cookie_name(name: str, site_url: str) -> str:
    """The name of a cookie of the site at this address; the reason is in
    config/cookies.py.
    """
    address = urlsplit(site_url)
    if address.scheme == "https":
        return f"__Host-{name}"
    if address.port:
        return f"{name}-{address.port}"
    return name
