"""HEAD, answered as GET without its body (RFC 9110, section 9.3.2).

The site itself never sees HEAD. So every page, the health page and every file answers it
with the headers of GET, and no view has to think of it.
"""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_head(application: Application) -> Application:
    """The same WSGI application, which also answers HEAD."""

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return application(environ, start)
        body = application({**environ, "REQUEST_METHOD": "GET"}, start)
        if close := getattr(body, "close", None):
            close()  # ends the request, and closes a file
        return []

    return answer
