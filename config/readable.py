"""What nobody can read is refused before anything works on it: a broken
address in a header, a strange encoding.

Browsers send none of it. The pages, Django and its libraries can then take
for granted that the addresses in headers have parts, and that every form
is in UTF-8, so that its text can be stored and sent again.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import parse_header_parameters

from config.origin import parts_of

ADDRESSES = ("Origin", "Referer")
# All of them write the signs of ASCII as UTF-8 does. Programs of mail
# providers send forms that say the last two.
ENCODINGS = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1")
UNREADABLE = "unreadable"


def read_as_utf8() -> None:
    """Let no request choose how it is read.

    Called once, when the site starts.

    Django reads the content type before any middleware can answer, and
    fails for charsets that decode no text.
    """
    HttpRequest._set_content_type_params = _content_type  # type: ignore[attr-defined]


def _content_type(request: HttpRequest, meta: dict[str, Any]) -> None:
    try:
        request.content_type, request.content_params = parse_header_parameters(
            meta.get("CONTENT_TYPE", "")
        )
    except ValueError:
        request.content_type, request.content_params = "", {"charset": UNREADABLE}


class ReadableMiddleware:
    """Answer a request that cannot be read with 400, whatever its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_readable_headers(request):
            return self.get_response(request)
        return render(request, "400.html", status=400)


def has_readable_headers(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "")
    sent = [request.headers.get(name) for name in ADDRESSES]
    addresses = [parts_of(address) for address in sent if address]
    return charset.lower() in ("", *ENCODINGS) and None not in addresses
