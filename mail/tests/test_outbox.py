"""The folder that stands in for a mail server, and the pages that show it."""

import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.urls import reverse

from mail import outbox
from mail.backends import OutboxBackend
from members.tests.make import make_member


@pytest.fixture
def folder(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.EMAIL_BACKEND = "mail.backends.OutboxBackend"
    return settings.OUTBOX_DIR


def a_mail(message_id="<one@example.org>", subject="Hello", **kwargs):
    mail = EmailMultiAlternatives(
        subject,
        "The text: https://example.org/a",
        to=["ines@example.org"],
        headers={"Message-ID": message_id},
        **kwargs,
    )
    mail.attach_alternative(
        "<p>The <b>HTML</b><script>alert(1)</script></p>", "text/html"
    )
    return mail


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_mail_becomes_one_file_that_only_we_can_read(folder):
    sent = a_mail().send()

    [path] = folder.iterdir()
    assert sent == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert b"Subject: Hello\r\n" in path.read_bytes()


def test_the_same_message_written_twice_is_one_file(folder):
    get_connection().send_messages([a_mail(), a_mail(), a_mail("<two@example.org>")])

    assert [name.partition("-")[0] for name in names(folder)] == [
        "one@example.org",
        "two@example.org",
    ]


def test_many_threads_writing_the_same_message_leave_one_whole_file(folder):
    threads = [
        threading.Thread(target=outbox.write, args=(folder, "<one@x>", b"a" * 100_000))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [path] = folder.iterdir()
    assert path.read_bytes() == b"a" * 100_000


def test_a_write_that_fails_leaves_nothing_behind(folder, monkeypatch):
    monkeypatch.setattr(
        "mail.outbox.os.fsync",
        lambda descriptor: (_ for _ in ()).throw(OSError("disk full")),
    )

    with pytest.raises(OSError, match="disk full"):
        a_mail().send()

    assert names(folder) == []
    assert a_mail().send(fail_silently=True) == 0


def test_a_mail_to_nobody_is_not_written(folder):
    assert OutboxBackend().send_messages([EmailMessage("Hello", "text", to=[])]) == 0
    assert not folder.exists()


@pytest.mark.parametrize(
    "message_id",
    ["<../../etc/passwd@x>", "<>", "<" + "a" * 500 + "@x>", "<.hidden@x>", "<ü/é@x>"],
)
def test_every_message_id_gives_a_name_that_stays_in_the_folder(folder, message_id):
    path = outbox.write(folder, message_id, b"Subject: x\r\n\r\n")

    assert path.parent == folder
    assert outbox.NAME.fullmatch(path.name)
    assert outbox.read(folder, path.name)["subject"] == "x"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.eml",
        "secret.txt",
        ".hidden.eml",
        "/etc/passwd",
        "a/../../secret.eml",
        "",
    ],
)
def test_names_that_are_not_ours_read_nothing(folder, name):
    folder.mkdir(parents=True)
    (folder.parent / "secret.eml").write_text("Subject: secret\n\n")

    assert outbox.read(folder, name) is None


def test_a_symbolic_link_in_the_folder_is_not_followed(folder, tmp_path):
    folder.mkdir()
    (tmp_path / "secret").write_text("Subject: secret\n\n")
    (folder / "link.eml").symlink_to(tmp_path / "secret")

    assert outbox.read(folder, "link.eml") is None


def test_the_list_is_bounded_and_the_newest_comes_first(folder):
    for number in range(5):
        path = outbox.write(
            folder,
            f"<{number}@x>",
            f"Subject: No. {number}\r\nTo: a@x\r\n\r\n".encode(),
        )
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))

    (folder / "notes.txt").write_text("not a mail")

    assert [(line.subject, line.to) for line in outbox.newest(folder, 2)] == [
        ("No. 4", "a@x"),
        ("No. 3", "a@x"),
    ]
    assert outbox.newest(Path("/nowhere"), 2) == []


def test_a_mail_without_html_has_no_html_part(folder):
    EmailMessage(
        "Hello", "only text", to=["a@x"], headers={"Message-ID": "<1@x>"}
    ).send()
    [path] = folder.iterdir()

    message = outbox.read(folder, path.name)

    assert outbox.part(message, "plain").strip() == "only text"
    assert outbox.part(message, "html") == ""


NOW = datetime(2026, 11, 21, tzinfo=UTC)
PAGES = ("mail:outbox", "mail:outbox_message", "mail:outbox_html")


def address(page, name):
    return reverse(page, args=[] if page == "mail:outbox" else [name])


@pytest.mark.django_db
def test_the_owner_reads_a_mail_with_its_headers_text_and_html(client, folder):
    a_mail(subject="Confirm your email").send()
    [path] = folder.iterdir()
    client.force_login(make_member(name="Olga", owner_since=NOW))

    listed = client.get(address("mail:outbox", path.name)).content.decode()
    shown = client.get(address("mail:outbox_message", path.name)).content.decode()

    assert "Confirm your email" in listed
    assert address("mail:outbox_message", path.name) in listed
    assert "&lt;one@example.org&gt;" in shown
    assert '<a href="https://example.org/a"' in shown
    assert (
        f'<iframe class="mail-frame" sandbox src="{address("mail:outbox_html", path.name)}"'
        in shown
    )
    assert "<script>alert" not in shown


@pytest.mark.django_db
def test_the_html_of_a_mail_comes_with_a_policy_that_lets_it_do_nothing(client, folder):
    a_mail().send()
    [path] = folder.iterdir()
    client.force_login(make_member(name="Olga", owner_since=NOW))

    response = client.get(address("mail:outbox_html", path.name))

    assert set(response["Content-Security-Policy"].split("; ")) == {
        "sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "frame-ancestors 'self'",
    }
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_the_outbox_is_nobody_elses(client, folder):
    a_mail().send()
    [path] = folder.iterdir()

    visitor = [client.get(address(page, path.name)).status_code for page in PAGES]
    client.force_login(make_member(name="Kim", curator_since=NOW, moderator_since=NOW))
    member = [client.get(address(page, path.name)).status_code for page in PAGES]

    assert visitor == [302, 302, 302]
    assert member == [404, 404, 404]


@pytest.mark.django_db
def test_unknown_mails_and_missing_parts_are_not_found(client, folder):
    EmailMessage(
        "Hello", "only text", to=["a@x"], headers={"Message-ID": "<1@x>"}
    ).send()
    [path] = folder.iterdir()
    client.force_login(make_member(name="Olga", owner_since=NOW))

    assert client.get(address("mail:outbox_html", path.name)).status_code == 404
    assert client.get(address("mail:outbox_message", "nothing.eml")).status_code == 404
    assert client.get("/outbox/..%2fsecret.eml/").status_code == 404


@pytest.mark.django_db
def test_an_empty_outbox_says_so_and_one_beside_a_mail_server_says_that(
    client, folder, settings
):
    client.force_login(make_member(name="Olga", owner_since=NOW))

    without = client.get(reverse("mail:outbox")).content
    settings.EMAIL_BACKEND = "mail.backends.SmtpBackend"
    beside = client.get(reverse("mail:outbox")).content

    assert b"Nothing was sent yet" in without
    assert b"No mail server is set up" in without
    assert b"Email is sent through a mail server" in beside
