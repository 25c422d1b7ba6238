"""What nobody can read is answered with 400 and a page, on every address,
before anything works on it.
"""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from config import hosts
from config.origin import parts_of
from members.limits import TooMany
from members.tests.make import make_group, make_member
from members.toomany import answer
from members.views import form_expired

pytestmark = pytest.mark.django_db

NO_ADDRESSES = [
    "http://[",
    "http://a:99999",
    "http://a:x/",
    "//[::1",
    "http://\u2100.example/",
]
CODECS = [
    "rot13", "base64", "hex", "zlib", "bz2", "idna", "punycode", "undefined",
    "raw_unicode_escape", "unicode_escape",
    "utf-7", "utf-16", "utf-32", "cp037", "utf-8-sig", "nonsense", "x" * 5000,
]  # fmt: skip
HALF = "\\ud800"  # what two of the encodings read as half a character
WHO = ["visitor", "member"]


@pytest.fixture(params=WHO)
def client(request: pytest.FixtureRequest) -> Client:
    make_group()
    client = Client(raise_request_exception=False)
    if request.param == "member":
        client.force_login(make_member())
    return client


def part(name: str, value: str) -> str:
    return f"--b\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n"


def post(client: Client, path: str, body: str, content_type: str) -> HttpResponse:
    """The body as it is: the client would write it in the charset that the
    content type names.
    """
    return client.generic("POST", path, body.encode(), content_type=content_type)


def is_refused(answer: HttpResponse) -> bool:
    return (
        answer.status_code == 400
        and "This request cannot be read" in answer.content.decode()
        and "Content-Security-Policy" in answer
    )


@pytest.mark.parametrize("address", NO_ADDRESSES)
@pytest.mark.parametrize("header", ["Origin", "Referer"])
@pytest.mark.parametrize(
    "path", ["/theme/", "/accounts/login/", "/posts/new/", "/nowhere/"]
)
def test_an_address_without_parts_is_refused(
    client: Client, address: str, header: str, path: str
) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    value = address.encode().decode("latin-1") if header == "Referer" else address
    for one in (client, strict):
        assert is_refused(one.get(path, headers={header: value})) is (
            parts_of(value) is None
        )
        assert one.post(path, headers={header: value}).status_code in (
            200,
            204,
            302,
            400,
            403,
            404,
            405,
        )


@pytest.mark.parametrize("host", ["127.0.0.1:99999", "[::1]:70000", "testserver:65536"])
def test_a_host_with_a_port_that_cannot_be_is_refused(
    client: Client, settings: Settings, host: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert not hosts.is_ours(host)
    assert client.post("/theme/", headers={"Host": host}).status_code == 400
    assert client.get("/learn/", headers={"Host": host}).status_code in (302, 400)


@pytest.mark.parametrize("charset", CODECS)
@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
    ],
)
def test_a_charset_that_browsers_never_send_is_refused(
    client: Client, charset: str, kind: str
) -> None:
    content_type = f"{kind}; charset={charset}"
    body = (
        part('name="theme"', f"dark{HALF}") + "--b--\r\n"
        if "boundary" in kind
        else "theme=dark&x=%C3%A9"
    )

    assert is_refused(
        client.get("/learn/?q=%C3%A9", headers={"Content-Type": content_type})
    )
    assert is_refused(post(client, "/theme/", body, content_type=content_type))
    assert is_refused(post(client, "/accounts/login/", body, content_type=content_type))


@pytest.mark.parametrize(
    "charset", ["utf-8", "UTF8", '"utf-8"', "us-ascii", "ISO-8859-1", ""]
)
def test_a_charset_that_cannot_fail_is_taken(client: Client, charset: str) -> None:
    content_type = f"application/x-www-form-urlencoded; charset={charset}"

    assert (
        post(
            client, "/theme/", "theme=dark&x=%C3%A9", content_type=content_type
        ).status_code
        == 302
    )
    assert client.get(
        "/learn/?q=%C3%A9", headers={"Content-Type": content_type}
    ).status_code in (200, 302)


@pytest.mark.parametrize(
    "name",
    [
        "name*=raw_unicode_escape''%5Cud800",
        "name=x; filename*=unicode_escape''%5Cud800",
    ],
)
def test_no_part_of_a_form_gives_half_a_character(
    client: Client, rf: RequestFactory, name: str
) -> None:
    body, kind = (
        part(name, HALF) + part("name=theme", HALF) + "--b--\r\n",
        "multipart/form-data; boundary=b",
    )

    request = rf.generic("POST", "/theme/", body.encode(), content_type=kind)

    assert (dict(request.POST), dict(request.FILES)) == ({"theme": [HALF]}, {})
    assert post(client, "/theme/", body, kind).status_code == 302


@pytest.mark.parametrize(
    "kind",
    [
        "x/y; charset*=nonsense''utf-8",
        "x/y; charset*=idna''%ff",
        "x/y; charset*=undefined''x",
        "x/y; charset=\0",
    ],
)
# a handler closes the connection between requests
@pytest.mark.django_db(transaction=True)
def test_a_content_type_that_django_cannot_read_is_refused(
    rf: RequestFactory, kind: str
) -> None:
    handler, answers = WSGIHandler(), []
    environ = {**rf.get("/accounts/login/").environ, "CONTENT_TYPE": kind}

    page = b"".join(handler(environ, lambda status, _headers: answers.append(status)))

    assert answers == ["400 Bad Request"]
    assert b"This request cannot be read" in page


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_functions_that_read_an_address_take_any(
    rf: RequestFactory, address: str
) -> None:
    request = rf.post("/theme/", {"body": "Words"}, headers={"Referer": address})
    request.user = make_member()

    assert "Words" not in form_expired(request).content.decode()
    assert answer(request, TooMany("Too fast.", wait=5)).status_code == 429


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
)
def test_fields_come_without_nul(rf: RequestFactory, kind: str) -> None:
    body = "a%00b=c%00d"
    if "boundary" in kind:
        body = part("name=ab", "c\0d") + "--b--\r\n"

    request = rf.generic(
        "POST", "/theme/?q=%00x%00&%00=", body.encode(), content_type=kind
    )

    assert dict(request.GET) == {"q": ["x"], "": [""]}
    assert dict(request.POST) == {"ab": ["cd"]}


@pytest.mark.parametrize("path", ["/theme/%00", "/%00/", "/learn/%00/x/"])
def test_an_address_with_nul_is_refused(client: Client, path: str) -> None:
    assert is_refused(client.get(path))
    assert is_refused(client.post(path))


@pytest.mark.parametrize("name", ["User-Agent", "HX-Current-URL", "Accept-Language"])
def test_a_header_with_nul_is_refused(client: Client, name: str) -> None:
    assert is_refused(client.get("/learn/", headers={name: "a\0b"}))


def test_a_cookie_with_nul_is_not_read(settings: Settings) -> None:
    make_group()
    cookie = f'{settings.SESSION_COOKIE_NAME}="\\000aaaaaaaaaaaaa"; theme="d\\000"'

    for path in ("/learn/", "/accounts/login/", "/nowhere/"):
        broken = Client().get(path, headers={"Cookie": cookie})
        assert broken.status_code == Client().get(path).status_code
