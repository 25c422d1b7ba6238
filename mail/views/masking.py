"""Addresses on pages that a link opens."""


def masked(email: str) -> str:
    """An address that its owner knows and nobody else learns: a…@e…org"""
    local, _at, domain = email.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    shown = f"{name[:1]}…{ending}" if dot else f"{domain[:1]}…"
    return f"{local[:1]}…@{shown}"
