"""One polite request to arXiv: one at a time and one in three seconds across all
processes, with limits on everything.

arXiv's terms (info.arxiv.org/help/api/tou.html) ask for at most one request every three
seconds over one connection, over all its interfaces together.
"""

import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import sleep, time
from urllib.parse import quote, urljoin, urlsplit

import requests
from django.conf import settings
from django.core.cache import cache

from papers import outbound

PAUSE = 3.1  # seconds between two requests
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 20.0, 60.0
MAX_BYTES = 10 * 1024 * 1024  # as sent and as unpacked
CHUNK = 8 * 1024  # small: one packed chunk can unfold a thousandfold
MAX_REDIRECTS = 3
# seconds that a Retry-After may ask for and be waited for on the spot, once
PATIENCE = 30
TURN_SECONDS, TURN_WAIT_SECONDS = 240, 120

_TURN, _LAST = "arxiv-turn", "arxiv-last-request"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What arXiv answered.

    `body` is empty when nothing has changed since the marks that were sent.
    """

    body: bytes
    changed: bool
    etag: str = ""
    last_modified: str = ""


class FetchFailed(Exception):
    """No usable answer.

    The text says why, `asked` how long the server asks us to wait, `body` what it
    sent.
    """

    def __init__(
        self, reason: str, *, asked: timedelta | None = None, body: bytes = b""
    ) -> None:
        super().__init__(reason)
        self.asked, self.body = asked, body


def feed_url(category: str) -> str:
    return f"{settings.ARXIV_RSS_URL.rstrip('/')}/{quote(category, safe='+')}"


def user_agent() -> str:
    return f"Minibatch (+{settings.SITE_URL}; mailto:{settings.CONTACT_EMAIL})"


def fetch(url: str, *, etag: str = "", last_modified: str = "") -> Answer:
    """The document at `url`, unless it has not changed since `etag` or `last_modified`.

    Waits for its turn, and once for as long as the server asks if that is no more than
    PATIENCE seconds. Raises FetchFailed.
    """
    with _turn():
        try:
            return _request(url, etag=etag, last_modified=last_modified)
        except FetchFailed as failed:
            if failed.asked is None or failed.asked.total_seconds() > PATIENCE:
                raise
            sleep(max(failed.asked.total_seconds(), PAUSE))
            return _request(url, etag=etag, last_modified=last_modified)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until no other process asks arXiv, and PAUSE seconds more."""
    token = secrets.token_hex(8)
    try:
        waited = 0.0
        while not cache.add(_TURN, token, timeout=TURN_SECONDS):
            if waited >= TURN_WAIT_SECONDS:
                raise FetchFailed("another request to arXiv is still under way")
            sleep(1)
            waited += 1
        _keep_distance()
    except FetchFailed:
        raise
    except Exception as error:  # whatever the cache raises when it is away
        raise FetchFailed(
            "the cache is away, so nobody knows whether it is our turn to ask arXiv"
        ) from error
    try:
        yield
    finally:
        try:
            cache.set(_LAST, time(), timeout=60)
            if cache.get(_TURN) == token:
                cache.delete(_TURN)
        except Exception as error:  # the turn then ends by itself after TURN_SECONDS
            log.warning("The turn to ask arXiv was not given back: %s", error)


def _keep_distance() -> None:
    since = time() - (cache.get(_LAST) or 0.0)
    if 0 <= since < PAUSE:
        sleep(PAUSE - since)


def _request(url: str, *, etag: str, last_modified: str) -> Answer:
    marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {
        "User-Agent": user_agent(),
        "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1",
        "Accept-Encoding": "gzip",
        **{name: value for name, value in marks.items() if value},
    }
    session, adapter = outbound.session(private_hosts=settings.OUTBOUND_PRIVATE_HOSTS)
    late = threading.Event()

    def give_up() -> None:
        late.set()
        adapter.cut()

    timer = threading.Timer(WHOLE_SECONDS, give_up)
    timer.daemon = True
    timer.start()
    try:
        with session:
            answer = _followed(session, url, headers)
        if late.is_set():  # an answer without a length just seems to end when it is cut
            raise FetchFailed(_too_slow())
        return answer
    except requests.RequestException as error:
        raise FetchFailed(_too_slow() if late.is_set() else _reason(error)) from error
    finally:
        timer.cancel()


def _followed(session: requests.Session, url: str, headers: dict[str, str]) -> Answer:
    for _ in range(MAX_REDIRECTS + 1):
        with session.get(
            url,
            headers=headers,
            stream=True,
            allow_redirects=False,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
        ) as response:
            if response.is_redirect:
                url = _same_host(url, response.headers["Location"])
                continue
            return _answer(response)
    raise FetchFailed(f"it redirects more than {MAX_REDIRECTS} times")


def _same_host(url: str, location: str) -> str:
    target = urljoin(url, location)
    here, there = urlsplit(url), urlsplit(target)
    upgraded = (
        (here.scheme, there.scheme) == ("http", "https")
        and here.port is None
        and there.port is None
    )
    if here.hostname != there.hostname or not (
        upgraded or (here.scheme, here.port) == (there.scheme, there.port)
    ):
        raise FetchFailed(
            f"it redirects to another place ({there.scheme}://{there.netloc})"[:200]
        )
    return target


def _answer(response: requests.Response) -> Answer:
    if response.status_code == 304:
        return Answer(b"", changed=False)
    body = _body(response)
    if response.status_code != 200:
        asked = _retry_after(response.headers.get("Retry-After", ""))
        raise FetchFailed(
            f"arXiv answered {response.status_code} {response.reason or ''}".strip(),
            asked=asked,
            body=body,
        )
    return Answer(
        body,
        changed=True,
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
    )


def _body(response: requests.Response) -> bytes:
    if response.headers.get("Content-Encoding", "").strip().lower() not in (
        "",
        "identity",
        "gzip",
    ):
        raise FetchFailed("it is packed in a way that was not asked for")
    if _number(response.headers.get("Content-Length", "")) > MAX_BYTES:
        raise FetchFailed(_too_long())
    parts, size = [], 0
    for part in response.iter_content(CHUNK):
        size += len(part)
        if size > MAX_BYTES:
            raise FetchFailed(_too_long())
        parts.append(part)
    return b"".join(parts)


def _retry_after(text: str) -> timedelta | None:
    """Seconds or a date; None when it says neither, or says a time that is over."""
    if seconds := min(_number(text), 10**7):
        return timedelta(seconds=seconds)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    wait = (
        moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    ) - datetime.fromtimestamp(time(), UTC)
    return wait if wait > timedelta(0) else None


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _too_long() -> str:
    return f"it is longer than {MAX_BYTES // 1024 // 1024} MB"


def _too_slow() -> str:
    return f"it took longer than {WHOLE_SECONDS:.0f} seconds"


def _reason(error: requests.RequestException) -> str:
    reasons = {
        outbound.AddressRefused: str(error),
        requests.ConnectTimeout: f"arXiv did not answer within {CONNECT_SECONDS:.0f} seconds",
        requests.ReadTimeout: f"arXiv sent nothing for {READ_SECONDS:.0f} seconds",
        requests.exceptions.SSLError: "the certificate is not valid",
        requests.exceptions.ContentDecodingError: "it cannot be unpacked",
        requests.exceptions.ChunkedEncodingError: "the answer broke off",
        requests.ConnectionError: "there is no connection",
    }
    return next(
        (reason for kind, reason in reasons.items() if isinstance(error, kind)),
        type(error).__name__,
    )
