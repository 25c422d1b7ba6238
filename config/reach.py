"""Whether others can open the address of this site, which every link in a
mail begins with. Pure.
"""

from urllib.parse import urlsplit

from config.network import address_of, is_this_machine

# as the last label (RFC 2606, RFC 6761)
NEVER_A_SITE = ("localdomain", "invalid", "test")
OUTBOX = "mail.backends.OutboxBackend"
STAYS_HERE = (
    OUTBOX,
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
    "django.core.mail.backends.filebased.EmailBackend",
    "django.core.mail.backends.locmem.EmailBackend",
)


def is_of_this_machine(url: str) -> bool:
    """Whether only this machine, or only its own network's short names,
    can open the address.

    Private addresses (192.168.0.0/16 and so on) do not count: a group may
    sit in one network.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:  # such as a bracket that is never closed
        return True
    if is_this_machine(host):
        return True
    address = address_of(host)
    if address is None:
        return "." not in host or host.rpartition(".")[2] in NEVER_A_SITE
    return address.is_link_local or address.packed[0] == 0


def has_outbox(email_backend: str) -> bool:
    """Whether no mail server is set up, so that mail is stored in the
    outbox and reaches nobody by itself.
    """
    return email_backend == OUTBOX


def why_mail_is_held(site_url: str, email_backend: str) -> str:
    """A sentence for the owner; empty when digests and reminders go out."""
    if email_backend in STAYS_HERE or not is_of_this_machine(site_url):
        return ""
    return (
        f"Digests and reminders are held: their links would begin with {site_url}, "
        "which members cannot open. "
        "Start the site with SITE_URL set to the address that they use."
    )


def why_links_are_weak(site_url: str, email_backend: str) -> str:
    """A sentence for the owner about mail that does go out; empty when its
    links are as they should be.
    """
    if (
        email_backend in STAYS_HERE
        or is_of_this_machine(site_url)
        or site_url.startswith("https://")
    ):
        return ""
    return (
        f"SITE_URL is {site_url}, without https: mail programs offer no button to "
        "unsubscribe (RFC 8058), "
        "and who listens on the way can read the links."
    )
