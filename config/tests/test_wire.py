import gzip
from typing import Any

import pytest
from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from config.tests.world import make_world
from config.wire import WireMiddleware, accepts_gzip, gzipped
from mail import tokens
from members.tests.make import make_group, make_member
from progress.tests.make import make_curriculum

GZIP = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd"}


@pytest.fixture
def member(db: None, client: Client) -> Client:
    make_group()
    client.force_login(make_member())
    return client


@pytest.fixture
def visitor(db: None) -> Client:
    make_group()
    return Client()


@given(st.binary(max_size=10_000))
def test_what_is_compressed_is_read_by_gzip(body: bytes) -> None:
    assert gzip.decompress(gzipped(body)) == body


def test_the_length_of_a_compressed_page_varies() -> None:
    assert len({len(gzipped(b"the same")) for _ in range(50)}) > 5


@pytest.mark.parametrize(
    ("header", "accepts"),
    [
        ("gzip, deflate, br", True),
        ("br, GZIP;q=0.5", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("xgzip", False),
    ],
)
def test_a_browser_says_whether_it_reads_gzip(header: str, *, accepts: bool) -> None:
    assert accepts_gzip(header) == accepts


def test_a_page_of_a_member_is_compressed(member: Client) -> None:
    answer = member.get("/progress/", **GZIP)

    assert answer["Content-Encoding"] == "gzip"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert "Accept-Encoding" in answer["Vary"]
    assert b"</html>" in gzip.decompress(answer.content)
    assert "ETag" not in answer
    assert "no-store" in answer["Cache-Control"]


def test_a_page_is_sent_as_it_is_to_a_browser_without_gzip(member: Client) -> None:
    answer = member.get("/progress/")

    assert "Content-Encoding" not in answer
    assert "Accept-Encoding" in answer["Vary"]
    assert b"</html>" in answer.content


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/2fa/"])
def test_a_page_with_secrets_is_not_compressed(member: Client, path: str) -> None:
    assert "Content-Encoding" not in member.get(path, follow=True, **GZIP)


@pytest.mark.django_db
def test_a_page_that_a_token_opens_is_not_compressed() -> None:
    token = tokens.unsubscribe_token(make_world()["member"], "digest")

    answer = Client().get(f"/mail/unsubscribe/{token}/", **GZIP)

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer


def sent(response: Any) -> Any:
    request = RequestFactory().get("/", **GZIP)
    request.resolver_match = None
    return WireMiddleware(lambda _request: response)(request)


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("short"),
        HttpResponse(b"x" * 1000, content_type="image/png"),
        HttpResponse(b"x" * 1000, headers={"Content-Encoding": "br"}),
    ],
)
def test_what_gains_nothing_is_not_compressed(response: HttpResponse) -> None:
    content = response.content

    assert sent(response).content == content


def test_a_file_is_sent_as_it_is() -> None:
    with open(__file__, "rb") as file:
        answer = sent(FileResponse(file))

        assert answer.streaming
        assert "Content-Encoding" not in answer


def test_a_visitor_who_has_a_page_is_told_so(visitor: Client) -> None:
    visitor.get("/")  # gives the cookie of the forms
    first = visitor.get("/", **GZIP)

    again = visitor.get("/", HTTP_IF_NONE_MATCH=first["ETag"], **GZIP)

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert "no-cache" in again["Cache-Control"]
    assert "private" in again["Cache-Control"]
    assert "Cookie" in again["Vary"]


def test_a_page_that_has_changed_is_sent_anew(visitor: Client) -> None:
    visitor.get("/learn/")
    first = visitor.get("/learn/")
    make_curriculum(slug="new")

    again = visitor.get("/learn/", HTTP_IF_NONE_MATCH=first["ETag"])

    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


@pytest.mark.django_db
def test_a_page_with_the_forms_of_another_browser_is_not_the_same() -> None:
    make_group()
    first, second = Client(), Client()
    etags = []
    for browser in (first, second):
        browser.get("/")
        etags.append(browser.get("/")["ETag"])

    assert etags[0] != etags[1]
