"""Addresses that people stored, and what a page may do with them."""

from urllib.parse import urlsplit


def web_address(address: str) -> str:
    """The stored address if a browser may follow it: http or https, and a host. Else
    nothing.

    Forms, imports and the harvest refuse other addresses; this is a second check, for
    what stands in the database.
    """
    if any(character.isspace() or not character.isprintable() for character in address):
        # browsers take line ends and tabs out of an address before they read its scheme
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return address


def host_of(address: str) -> str:
    """The host of the stored address: “d2l.ai”. Nothing for what is no web address."""
    host = urlsplit(web_address(address)).hostname or ""
    return host.removeprefix("www.")
