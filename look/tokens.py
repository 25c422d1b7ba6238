"""The token of forms, written in another way for each response.

It is Django's: the secret of the visitor's cookie under a random mask, so that
compression does not tell it (BREACH). Django draws each letter of the mask by itself,
and each draw asks the system, for which a thread gives way to others: 32 times for
a page. Here all letters come from one draw.
"""

import secrets

from django.http import HttpRequest
from django.middleware.csrf import (
    CSRF_ALLOWED_CHARS,
    CSRF_SECRET_LENGTH,
    get_token,
)
from django.utils.html import format_html
from django.utils.safestring import SafeString

LETTERS = CSRF_ALLOWED_CHARS
PLACES = {letter: place for place, letter in enumerate(LETTERS)}
FAIR = 256 - 256 % len(LETTERS)  # bytes from here on would favour the first letters
DRAWN = 2 * CSRF_SECRET_LENGTH


def token_of(request: HttpRequest) -> str:
    """As `django.middleware.csrf.get_token`: the cookie is sent with the response."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        return get_token(request)
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    return masked(secret)


def masked(secret: str) -> str:
    """A mask and the secret under it, as Django takes it apart."""
    mask = random_places(len(secret))
    under = (PLACES[letter] + place for letter, place in zip(secret, mask, strict=True))
    letters = [LETTERS[place] for place in mask]
    return "".join([*letters, *(LETTERS[place % len(LETTERS)] for place in under)])


def random_places(number: int) -> list[int]:
    """Places in LETTERS, each as likely as the others."""
    places: list[int] = []
    while len(places) < number:
        drawn = secrets.token_bytes(DRAWN)
        places += [byte % len(LETTERS) for byte in drawn if byte < FAIR]
    return places[:number]


def hidden_field(request: HttpRequest) -> SafeString:
    """The token as a field of a form, as `{% csrf_token %}` shows it."""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">',
        token_of(request),
    )
