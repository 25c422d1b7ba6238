"""Requests that leave the machine, never to a private address."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer

from papers.outbound import AddressRefused, checked_address, is_public, session

PRIVATE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.5.4",  # noqa: S104
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "2001:0:1:1:1:1:80ff:fffe", "::127.0.0.1",
    "64:ff9b:1::7f00:1", "::ffff:0:7f00:1", "192.88.99.1", "5f00::1", "3fff::1",
    "::8.8.8.8", "100::1", "2001:2::1", "2001:10::1", "2001:20::1", "4000::1",
    "8000::1", "e000::1", "192.0.0.1", "192.0.0.170",
    "198.51.100.7", "203.0.113.7", "0.1.2.3", "fe80::8.8.8.8", "ff0e::1", "2001:db8::8.8.8.8",
    "192.0.0.8", "192.0.0.9", "192.31.196.1", "192.52.193.1", "192.175.48.1",
    "2620:4f:8000::1", "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:10.0.0.1",
    "64:ff9b::192.168.0.1", "::ffff:169.254.169.254",
]  # fmt: skip
PUBLIC = [
    "151.101.3.42",
    "8.8.8.8",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2a00:1450:4001::1",
    "2001:4860::1",
    "2a00:1450::5efe:8.8.8.8",
]


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def getaddrinfo(_host: str, port: int, *_args: Any, **_kwargs: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


def test_a_name_is_called_at_its_checked_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolving_to(monkeypatch, "151.101.3.42", "8.8.8.8")

    assert checked_address("https://rss.arxiv.org/rss/cs.LG") == "151.101.3.42"


def test_one_private_address_among_public_ones_refuses_the_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolving_to(monkeypatch, "8.8.8.8", "10.0.0.1")

    with pytest.raises(AddressRefused, match=r"rss\.arxiv\.org is a private address"):
        checked_address("https://rss.arxiv.org/rss/cs.LG")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
        "http://127.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0/", "https://127.0.0.1:8000/",
    ],
)  # fmt: skip
def test_every_spelling_of_this_machine_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused, match=r"private address|could not find"):
        checked_address(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "is not a web address"),
        ("ftp://example.org/", "is not a web address"),
        ("gopher://127.0.0.1/", "is not a web address"),
        ("//example.org/", "is not a web address"),
        ("http://", "is not a web address"),
        ("http://me:secret@example.org/", "a name or password"),
        ("http://rss.arxiv.org@127.0.0.1/", "a name or password"),
    ],
)
def test_other_kinds_of_addresses_are_refused(url: str, reason: str) -> None:
    with pytest.raises(AddressRefused, match=reason):
        checked_address(url)


def test_a_name_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(AddressRefused, match=r"could not find nowhere\.example"):
        checked_address("http://nowhere.example/")


def test_a_session_does_not_reach_this_machine(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("secret")
    asked, _ = session()

    with pytest.raises(AddressRefused):
        asked.get(httpserver.url_for("/"))

    assert httpserver.log == []


def test_a_session_reaches_a_private_host_that_the_settings_name_and_says_its_name(
    httpserver: HTTPServer,
) -> None:
    httpserver.expect_request("/").respond_with_data("mirror")
    asked, _ = session(private_hosts=["localhost"])

    assert asked.get(httpserver.url_for("/")).text == "mirror"

    (request, _) = httpserver.log[0]
    assert request.headers["Host"] == f"localhost:{httpserver.port}"


def test_a_session_uses_no_proxy_of_the_environment(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    httpserver.expect_request("/").respond_with_data("direct")
    asked, _ = session(private_hosts=["localhost"])

    assert asked.get(httpserver.url_for("/")).text == "direct"


def certificate_for(name: str, folder: Path) -> Path:
    """A certificate of that name, with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@pytest.mark.parametrize(
    ("certified", "trusted"),
    [("rss.example.test", True), ("other.example.test", False)],
)
def test_over_tls_the_certificate_has_to_be_the_names_and_not_the_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certified: str, trusted: bool
) -> None:
    file = certificate_for(certified, tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    asked, _ = session(private_hosts=["rss.example.test"])
    asked.verify = str(file)
    with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
        server.expect_request("/").respond_with_data("over TLS")
        resolving_to(monkeypatch, "127.0.0.1")
        address = f"https://rss.example.test:{server.port}/"

        if trusted:
            assert asked.get(address).text == "over TLS"
            assert server.log[0][0].headers["Host"] == f"rss.example.test:{server.port}"
        else:
            with pytest.raises(
                requests.exceptions.SSLError, match=r"doesn't match|not valid for"
            ):
                asked.get(address)
            assert server.log == []
