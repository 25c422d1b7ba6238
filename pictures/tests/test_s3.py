"""Pictures and files in a store that speaks S3, as `FILES_URL` names it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import Settings

from community.tests.make import NOON
from config.store import storage
from members.models import Member
from members.tests.make import make_group, make_member
from pictures import actions
from pictures.models import Upload
from pictures.refusals import FileRefused
from pictures.tests.make import make_upload
from text.attached import file, large

pytestmark = pytest.mark.django_db


class Bucket(ThreadingHTTPServer):
    """The four requests that the site makes of a store, on one bucket."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.signed_by: set[str] = set()
        self.is_down = False
        super().__init__(("127.0.0.1", 0), Asked)


class Asked(BaseHTTPRequestHandler):
    server: Bucket

    def handle_one(self) -> None:
        name = unquote(urlsplit(self.path).path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.signed_by.add(self.headers["Authorization"])
        status, answer = 200, b""
        if self.server.is_down:
            status = 503
        elif self.command == "PUT":
            self.server.kept[name] = body
        elif self.command == "DELETE":
            self.server.kept.pop(name, None)
            status = 204
        elif name in self.server.kept:
            answer = self.server.kept[name]
        else:
            status = 404
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_HEAD = do_PUT = do_DELETE = handle_one

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def bucket(settings: Settings, tmp_path: Path) -> Iterator[Bucket]:
    server = Bucket()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"s3+http://name:se%2Fcret@127.0.0.1:{server.server_port}/group/media?region=eu-1"
    settings.STORAGES = {**settings.STORAGES, "default": storage(address, tmp_path)}
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def noor(db: None) -> Member:
    make_group()
    return make_member("Noor Haddad")


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_a_picture_is_stored_served_and_deleted_in_the_bucket(
    bucket: Bucket, noor: Member
) -> None:
    made = make_upload(noor)

    assert list(bucket.kept) == [f"/group/media/{name}" for name in made.names]
    assert all("Credential=name/" in each for each in bucket.signed_by)
    answer = browser(noor).get(large(str(made.key)))
    assert answer.content == bucket.kept[f"/group/media/{made.large_name}"]
    assert default_storage.exists(made.large_name)

    Upload.objects.update(unused_since=NOON)
    assert actions.delete_own(made, by=noor, now=NOON)

    assert not bucket.kept
    assert not Upload.objects.exists()


def test_what_the_bucket_has_lost_is_not_found(bucket: Bucket, noor: Member) -> None:
    made = make_upload(noor, "run.log", b"epoch 1")
    bucket.kept.clear()

    assert browser(noor).get(file(str(made.key))).status_code == 404


def test_a_bucket_that_does_not_answer_loses_nothing(
    bucket: Bucket, noor: Member
) -> None:
    made = make_upload(noor)
    bucket.is_down = True

    answer = browser(noor).get(large(str(made.key)))
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert "max-age" not in answer.headers.get("Cache-Control", "")
    with pytest.raises(FileRefused, match="could not be stored"):
        make_upload(noor)
    Upload.objects.update(unused_since=NOON)
    assert actions.delete_own(made, by=noor, now=NOON)

    assert Upload.objects.filter(deleted_at=NOON, pk=made.pk).exists()  # the next run


@pytest.mark.parametrize(
    "address",
    [
        "s3://",
        "s3://host",
        "s3://host/",
        "s3:///bucket",
        "s3://name@host/bucket",
        "s3://name:hunter2@host",
        "s3://host:0/bucket",
        "s3://host:x/bucket",
        "ftp://host/bucket",
        "bucket",
    ],
)
def test_another_address_is_refused_without_being_repeated(
    address: str, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match="FILES_URL must be written as") as refused:
        storage(address, tmp_path)
    assert "hunter2" not in str(refused.value)


def test_the_packages_are_named_where_they_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.store.find_spec", lambda name: None)

    with pytest.raises(SystemExit, match="make s3"):
        storage("s3://host/bucket", tmp_path)


def test_without_an_address_a_folder_is_the_store(tmp_path: Path) -> None:
    assert storage("", tmp_path)["OPTIONS"]["location"] == tmp_path
