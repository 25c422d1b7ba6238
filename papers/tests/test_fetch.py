"""Polite requests, against a real server on this machine."""

import gzip
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from papers import fetch as fetching
from papers.fetch import Answer, FetchFailed, feed_url, fetch


@pytest.fixture(autouse=True)
def _a_server_here(settings: Settings, httpserver: HTTPServer) -> Iterator[None]:
    settings.OUTBOUND_PRIVATE_HOSTS = ["localhost", "127.0.0.1"]
    settings.ARXIV_RSS_URL = httpserver.url_for("/rss/")
    settings.CONTACT_EMAIL = "owner@example.org"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been slept, in seconds."""
    slept: list[float] = []
    monkeypatch.setattr(fetching, "sleep", slept.append)
    return slept


def raw_server(answer: bytes, *, then_wait: threading.Event | None = None) -> str:
    """The URL of a server that sends these bytes once, and then nothing."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, listening:
            connection.recv(65536)
            connection.sendall(answer)
            if then_wait:
                then_wait.wait(10)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/"


def failure(url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        fetch(url)
    return failed.value


def test_a_document_comes_with_its_marks_and_the_request_says_who_asks(
    httpserver: HTTPServer,
) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        b"<rss/>",
        headers={"ETag": '"v1"', "Last-Modified": "Wed, 11 Jun 2025 04:00:11 GMT"},
    )

    answer = fetch(feed_url("cs.LG"))

    assert answer == Answer(
        b"<rss/>",
        changed=True,
        etag='"v1"',
        last_modified="Wed, 11 Jun 2025 04:00:11 GMT",
    )
    (request, _) = httpserver.log[0]
    assert (
        request.headers["User-Agent"]
        == "Minibatch (+http://testserver; mailto:owner@example.org)"
    )
    assert request.headers["Accept-Encoding"] == "gzip"
    assert "If-None-Match" not in request.headers


def test_what_has_not_changed_is_not_sent_again(httpserver: HTTPServer) -> None:
    def only_news(request: Request) -> Response:
        same = (
            request.headers.get("If-None-Match") == '"v1"'
            and request.headers.get("If-Modified-Since") == "Wed"
        )
        return Response(status=304) if same else Response(b"<rss/>")

    httpserver.expect_request("/rss/cs.LG").respond_with_handler(only_news)

    assert fetch(feed_url("cs.LG"), etag='"v1"', last_modified="Wed") == Answer(
        b"", changed=False
    )


def test_two_requests_are_three_seconds_apart(
    httpserver: HTTPServer, naps: list[float]
) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(b"<rss/>")

    fetch(feed_url("cs.LG"))
    assert naps == []
    fetch(feed_url("cs.LG"))

    assert len(naps) == 1
    assert 2.5 < naps[0] <= fetching.PAUSE


def test_a_request_waits_for_its_turn_and_gives_up_in_the_end(
    httpserver: HTTPServer, naps: list[float]
) -> None:
    cache.add("arxiv-turn", "somebody", timeout=60)

    assert (
        str(failure(feed_url("cs.LG"))) == "another request to arXiv is still under way"
    )
    assert sum(naps) == fetching.TURN_WAIT_SECONDS
    assert cache.get("arxiv-turn") == "somebody"
    assert httpserver.log == []


def test_the_turn_is_given_back_after_a_failure(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(b"", status=500)

    failure(feed_url("cs.LG"))

    assert cache.get("arxiv-turn") is None
    assert cache.get("arxiv-last-request") is not None


def test_a_turn_that_somebody_else_has_taken_meanwhile_is_left_to_them(
    httpserver: HTTPServer,
) -> None:
    def late(_request: Request) -> Response:
        cache.set("arxiv-turn", "somebody", timeout=60)
        return Response(b"<rss/>")

    httpserver.expect_request("/rss/cs.LG").respond_with_handler(late)

    fetch(feed_url("cs.LG"))

    assert cache.get("arxiv-turn") == "somebody"


def test_without_a_cache_nobody_asks(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError("refused")

    monkeypatch.setattr(fetching.cache, "add", away)

    assert "the cache is away" in str(failure(feed_url("cs.LG")))
    assert httpserver.log == []


def test_a_cache_that_goes_away_meanwhile_does_not_lose_the_answer(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError("refused")

    httpserver.expect_request("/rss/cs.LG").respond_with_data(b"<rss/>")
    monkeypatch.setattr(fetching.cache, "set", away)

    assert fetch(feed_url("cs.LG")).body == b"<rss/>"


@pytest.mark.parametrize(
    ("status", "said"),
    [(400, "BAD REQUEST"), (404, "NOT FOUND"), (500, "INTERNAL SERVER ERROR")],
)
def test_an_error_is_told_with_its_body(
    httpserver: HTTPServer, status: int, said: str
) -> None:
    httpserver.expect_request("/rss/cs.XX").respond_with_data(
        b"<rss>why</rss>", status=status
    )

    failed = failure(feed_url("cs.XX"))

    assert str(failed) == f"arXiv answered {status} {said}"
    assert (failed.body, failed.asked) == (b"<rss>why</rss>", None)


def test_a_short_wait_that_the_server_asks_for_is_waited_for_once(
    httpserver: HTTPServer, naps: list[float]
) -> None:
    httpserver.expect_ordered_request("/rss/cs.LG").respond_with_data(
        b"", status=503, headers={"Retry-After": "7"}
    )
    httpserver.expect_ordered_request("/rss/cs.LG").respond_with_data(b"<rss/>")

    assert fetch(feed_url("cs.LG")).body == b"<rss/>"
    assert naps == [7.0]


def test_a_server_that_still_says_no_is_left_alone(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        b"", status=429, headers={"Retry-After": "1"}
    )

    assert str(failure(feed_url("cs.LG"))) == "arXiv answered 429 TOO MANY REQUESTS"
    assert len(httpserver.log) == 2


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("3600", timedelta(hours=1)),
        ("999999999999", timedelta(seconds=10**7)),
        ("Fri, 31 Dec 2100 23:59:59 GMT", "a date"),
        ("Fri, 31 Dec 2100 23:59:59 -0000", "a date"),
        ("Wed, 11 Jun 2025 04:00:11 GMT", None),
        ("0", None),
        ("-5", None),
        ("soon", None),
    ],
)
def test_a_long_wait_is_handed_on(
    httpserver: HTTPServer,
    naps: list[float],
    asked: str,
    expected: timedelta | str | None,
) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        b"", status=429, headers={"Retry-After": asked}
    )

    failed = failure(feed_url("cs.LG"))

    if expected == "a date":
        assert failed.asked is not None
        assert abs(
            failed.asked
            - (datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC) - datetime.now(UTC))
        ) < timedelta(minutes=1)
    else:
        assert failed.asked == expected
    assert naps == []
    assert len(httpserver.log) == 1


def test_a_redirect_on_the_same_host_is_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        b"", status=301, headers={"Location": "/new/cs.LG"}
    )
    httpserver.expect_request("/new/cs.LG").respond_with_data(b"<rss/>")

    assert fetch(feed_url("cs.LG")).body == b"<rss/>"


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/",
        "https://localhost/x",
        "http://localhost:1/",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(
    httpserver: HTTPServer, location: str
) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        b"", status=302, headers={"Location": location}
    )

    assert str(failure(feed_url("cs.LG"))).startswith("it redirects to another place")


def test_a_step_up_to_tls_on_the_same_host_is_no_other_place() -> None:
    assert fetching._same_host(
        "http://rss.arxiv.org/rss/cs.LG", "https://rss.arxiv.org/rss/cs.LG"
    ).startswith("https:")


def test_endless_redirects_end(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        b"", status=302, headers={"Location": "/rss/cs.LG"}
    )

    assert str(failure(feed_url("cs.LG"))) == "it redirects more than 3 times"
    assert len(httpserver.log) == 4


def test_a_packed_answer_is_unpacked(httpserver: HTTPServer) -> None:
    packed = gzip.compress(b"<rss/>" * 10_000)
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        packed, headers={"Content-Encoding": "gzip"}
    )

    assert fetch(feed_url("cs.LG")).body == b"<rss/>" * 10_000


def test_a_packed_bomb_is_refused(httpserver: HTTPServer) -> None:
    bomb = gzip.compress(bytes(200_000_000), compresslevel=1)
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        bomb, headers={"Content-Encoding": "gzip"}
    )

    assert str(failure(feed_url("cs.LG"))) == "it is longer than 10 MB"


@pytest.mark.parametrize("packed", ["gzip, gzip", "br", "zstd", "deflate"])
def test_other_ways_of_packing_are_refused(httpserver: HTTPServer, packed: str) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        b"x", headers={"Content-Encoding": packed}
    )

    assert (
        str(failure(feed_url("cs.LG")))
        == "it is packed in a way that was not asked for"
    )


def test_a_broken_packing_is_a_failure(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss/cs.LG").respond_with_data(
        b"not packed", headers={"Content-Encoding": "gzip"}
    )

    assert str(failure(feed_url("cs.LG"))) == "it cannot be unpacked"


def test_a_document_that_is_too_long_is_refused_by_its_length_or_while_it_comes() -> (
    None
):
    announced = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 10485761\r\n\r\n")
    assert str(failure(announced)) == "it is longer than 10 MB"

    unannounced = raw_server(
        b"HTTP/1.1 200 OK\r\n\r\n" + bytes(fetching.MAX_BYTES + 10)
    )
    assert str(failure(unannounced)) == "it is longer than 10 MB"


def test_an_answer_that_breaks_off_is_a_failure() -> None:
    assert (
        str(failure(raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")))
        == "the answer broke off"
    )


def test_a_server_that_hangs_up_or_is_away_is_a_failure() -> None:
    assert str(failure(raw_server(b""))) == "there is no connection"
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    assert str(failure(f"http://127.0.0.1:{port}/")) == "there is no connection"


def test_a_server_that_sends_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "READ_SECONDS", 0.1)
    done = threading.Event()

    failed = failure(raw_server(b"", then_wait=done))
    done.set()

    assert str(failed) == "arXiv sent nothing for 0 seconds"


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\n\r\nx",
    ],
)
def test_an_answer_that_drips_is_cut_when_the_time_is_up(
    monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", 0.2)
    done = threading.Event()

    failed = failure(raw_server(sent, then_wait=done))
    done.set()

    assert str(failed) == "it took longer than 0 seconds"


def test_a_private_address_is_not_asked(
    httpserver: HTTPServer, settings: Settings
) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = []

    assert str(failure(feed_url("cs.LG"))).endswith(
        "is a private address, which this site does not call"
    )
    assert httpserver.log == []


def test_the_address_of_a_feed_is_the_base_and_the_category(settings: Settings) -> None:
    settings.ARXIV_RSS_URL = "https://rss.arxiv.org/rss"

    assert feed_url("cs.LG") == "https://rss.arxiv.org/rss/cs.LG"
    assert feed_url("cs.LG+stat.ML") == "https://rss.arxiv.org/rss/cs.LG+stat.ML"
    assert feed_url("../x?y") == "https://rss.arxiv.org/rss/..%2Fx%3Fy"
