"""A browser, as far as the bench needs one: cookies, kept connections,
compression.
"""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from zlib import MAX_WBITS, decompress

SECONDS = 120
FORM = "application/x-www-form-urlencoded"


class WrongAnswer(Exception):
    """A page or deed did not give what it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    sent: bytes  # as they came over the wire
    seconds: float

    @property
    def body(self) -> bytes:
        if self.headers.get("content-encoding") == "gzip":
            return decompress(self.sent, MAX_WBITS | 16)
        return self.sent


class Line:
    """One connection to a server on this machine, opened again
    when it was closed.
    """

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)

    def ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> Answer:
        try:
            return self._ask(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connection.close()
            return self._ask(method, path, body, headers)

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> Answer:
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        sent = response.read()
        took = time.perf_counter() - begun
        named = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.connection.close()
        cookies = response.headers.get_all("Set-Cookie") or []
        named["set-cookie"] = "\n".join(cookies)
        return Answer(response.status, named, sent, took)


@dataclass(slots=True)
class Browser:
    line: Line
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """As htmx sends a form."""
        more = {"Content-Type": FORM, "HX-Request": "true", "X-CSRFToken": self.csrf}
        return self._ask("POST", path, urlencode(fields), more)

    def _ask(
        self, method: str, path: str, body: str | None, more: dict[str, str]
    ) -> Answer:
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip", **more}
        if self.cookies:
            pairs = (f"{name}={value}" for name, value in self.cookies.items())
            headers["Cookie"] = "; ".join(pairs)
        answer = self.line.ask(method, path, body, headers)
        for text in answer.headers["set-cookie"].splitlines():
            for name, morsel in SimpleCookie(text).items():
                self.cookies[name] = morsel.value
        if answer.status not in (200, 204):
            raise WrongAnswer(f"{method} {path} gave {answer.status}.")
        return answer
