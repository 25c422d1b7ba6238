"""What the environment gives: a wrong value ends the start with a sentence
instead of a traceback. Knows no Django.
"""

from collections.abc import Iterable

LONGEST = 12  # digits


def whole_number(
    name: str, text: str, default: int, *, least: int = 0, most: int | None = None
) -> int:
    """The number in `text`, or the default where it is empty.

    Raises SystemExit.
    """
    if not text:
        return default
    if not text.isdecimal() or len(text) > LONGEST:
        raise SystemExit(f"{name} must be a whole number, not “{text}”.")
    number = int(text)
    if number < least or (most is not None and number > most):
        bounds = f"from {least} to {most}"
        if most is None:
            bounds = f"at least {least}"
        raise SystemExit(f"{name} must be {bounds}, not {number}.")
    return number


def with_scheme(name: str, text: str, schemes: Iterable[str]) -> str:
    """`text`, which is empty or an address that begins with one of the
    schemes. Raises SystemExit.

    The sentence does not repeat the address: it may hold a password.
    """
    known = list(schemes)
    scheme, colon, _rest = text.partition("://")
    if text and (not colon or scheme.lower() not in known):
        ways = ", ".join(f"{each}://" for each in known)
        raise SystemExit(
            f"{name} must begin with one of {ways}. docs/configure.md has examples."
        )
    return text
