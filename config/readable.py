"""What nobody can read is refused before anything works on it: a broken
address in a header, a strange encoding, an address or a header with the
character NUL, which PostgreSQL can neither store nor look for.

Nobody types NUL, but a form that is pasted into may send it, and a cookie
of a neighbour on the same host may have it. Fields of forms and questions
are read without it, and such a cookie is not read at all.

Browsers send none of it. The pages, Django and its libraries can then take
for granted that the addresses in headers have parts, and that every form
is in UTF-8, so that its text can be stored and sent again.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import parse_header_parameters

from config.origin import parts_of

ADDRESSES = ("Origin", "Referer")
# All of them write the signs of ASCII as UTF-8 does. Programs of mail
# providers send forms that say the last two.
ENCODINGS = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1")
UNREADABLE = "unreadable"
NUL = "\0"
_append = QueryDict.appendlist


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


def read_without_nul() -> None:
    """Let every field of a form or a question come without NUL.

    Called once, when the site starts.
    """
    QueryDict.appendlist = _appendlist  # type: ignore[assignment, method-assign]


def _appendlist(fields: QueryDict, name: Any, value: Any) -> None:
    """Django fills a QueryDict with it, whether it reads an address, a form
    or a form in parts.
    """
    _append(fields, _without_nul(name), _without_nul(value))


def _without_nul(value: Any) -> Any:
    if isinstance(value, str) and NUL in value:
        return value.replace(NUL, "")
    return value


class ReadableMiddleware:
    """Answer a request that cannot be read with 400, whatever its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        drop_cookies_with_nul(request)
        if has_readable_headers(request) and not has_nul(request):
            return self.get_response(request)
        return render(request, "400.html", status=400)


def drop_cookies_with_nul(request: HttpRequest) -> None:
    """A refusal would keep the browser out for as long as it has the cookie."""
    unreadable = [name for name, value in request.COOKIES.items() if NUL in value]
    for name in unreadable:
        del request.COOKIES[name]


def has_nul(request: HttpRequest) -> bool:
    """Whether the path or a header has it. Cookies may write it in other words."""
    headers = (value for name, value in request.META.items() if name[:5] == "HTTP_")
    return NUL in request.path_info or any(NUL in value for value in headers)


def has_readable_headers(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "")
    sent = [request.headers.get(name) for name in ADDRESSES]
    addresses = [parts_of(address) for address in sent if address]
    return charset.lower() in ("", *ENCODINGS) and None not in addresses
