"""Email addresses on pages that a link in a mail opens."""


def masked(email: str) -> str:
    """A short form that only the owner of the address recognises, as in a…@e…org."""
    local, _at, domain = email.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    shown = f"{name[:1]}…{ending}" if dot else f"{domain[:1]}…"
    return f"{local[:1]}…@{shown}"
