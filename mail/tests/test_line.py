"""A line that dies, at every point of a mail: nothing is lost before the
dot, and nothing is sent twice.
"""

import socket
import ssl
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.mail import EmailMessage

from mail import wire
from mail.models import Delivery
from mail.sending import Run, send
from mail.tests.make import make_delivery
from mail.tests.sink import Sink, running
from members.tests.make import make_member

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
# 25 KB, as digests are
TEXT = "A line of a digest that is as long as they are, more or less.\n" * 400
pytestmark = pytest.mark.django_db


def clock(now=NOW):
    return lambda: now


def build(batch, now):
    return {
        d.pk: EmailMessage(
            "Your week",
            TEXT,
            "group@example.org",
            [d.member.email],
            headers={"Message-ID": f"<{d.pk}@x>"},
        )
        for d in batch
    }


def make_deliveries(count):
    return [
        make_delivery(make_member(name=f"Member {n}"), written_at=NOW)
        for n in range(count)
    ]


def everyone():
    return set(Delivery.objects.values_list("member__email", flat=True))


def every_third(what):
    return lambda number: what if number % 3 == 0 else "take"


@pytest.fixture
def tls(tmp_path, monkeypatch):
    """A server's context with a certificate of its own, which the site's
    side trusts.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2090, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    keys = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "both.pem").write_bytes(made.public_bytes(pem) + keys)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    monkeypatch.setattr("mail.backends.SmtpBackend.ssl_context", trusting)
    return context


@pytest.mark.parametrize("buffer", [4096, 2**22])
@pytest.mark.parametrize("through_tls", [False, True])
@pytest.mark.parametrize("what", ["reset in text", "speak in text"])
def test_a_line_that_dies_in_the_text_loses_nothing_and_leaves_nothing_unheard(
    settings, request, monkeypatch, what, through_tls, buffer
):
    """A whole digest fits into large buffers; the program of a server that
    is not busy reads them in READ_WITHIN.
    """
    # this one has to share a core with all other tests
    monkeypatch.setattr(wire, "READ_WITHIN", 0.2)
    make_deliveries(9)
    sink = Sink(every_third(what))
    sink.buffer = buffer
    if through_tls:
        sink.tls = request.getfixturevalue("tls")
        settings.EMAIL_USE_SSL = True
    now, runs = NOW, []

    with running(sink, settings):
        while Delivery.objects.waiting().exists() and len(runs) < 20:
            runs.append(send(build, clock(now)))
            now += timedelta(minutes=61)

    assert sum(run.unconfirmed for run in runs) == 0
    assert sum(run.later for run in runs) >= 3
    assert Counter(sink.kept) == dict.fromkeys(everyone(), 1)


@pytest.mark.parametrize("what", ["reset after dot", "close after dot"])
def test_a_line_that_dies_after_the_dot_leaves_the_mail_unheard(settings, what):
    make_deliveries(9)

    with running(Sink(every_third(what)), settings) as sink:
        run = send(build, clock())

    assert run == Run(sent=6, unconfirmed=3)
    assert len(sink.kept) == 6


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("451 Later, please", Run(sent=8, later=1)),
        ("552 Too much", Run(sent=7, given_up=2)),
    ],
)
def test_an_answer_to_the_dot_decides(settings, answer, expected):
    make_deliveries(9)

    with running(Sink(lambda number: answer if number in (3, 4) else "take"), settings):
        # "later" is heard twice, over two connections
        assert send(build, clock()) == expected


def test_a_server_that_stops_reading_is_not_told_the_end(settings):
    """More text than all buffers hold: the wait before the dot ends it,
    and the mail is tried later.
    """
    make_deliveries(2)

    def build_one_long(batch, now):
        built = build(batch, now)
        built[batch[0].pk].body = TEXT * 400  # 10 MB
        return built

    with running(
        Sink(lambda number: "stall" if number == 1 else "take"), settings
    ) as sink:
        settings.EMAIL_TIMEOUT = 3

        run = send(build_one_long, clock())

    assert run == Run(sent=1, later=1)
    assert len(sink.kept) == 1


def test_an_answer_for_good_before_the_end_of_the_text_gives_the_mail_up(
    settings, monkeypatch
):
    make_deliveries(1)
    monkeypatch.setattr(
        wire,
        "check",
        lambda sock: (_ for _ in ()).throw(wire.SpokeEarly(b"552 Too big\r\n")),
    )

    with running(Sink(), settings):
        assert send(build, clock()) == Run(given_up=1)
    assert Delivery.objects.get().error == "552 Too big"


def test_a_line_that_is_seen_dead_only_after_the_hand_over_is_not_told_the_end(
    settings, monkeypatch
):
    """The hand-over is committed, the dot is not sent: known not to be
    sent, so it goes out later, once.
    """
    make_deliveries(1)
    real, seen = wire.check, []

    def dies_after_the_hand_over(sock):
        if Delivery.objects.filter(handed_over_at__isnull=False).exists() and not seen:
            seen.append(True)
            raise wire.HungUp("gone")
        real(sock)

    monkeypatch.setattr(wire, "check", dies_after_the_hand_over)
    with running(Sink(), settings) as sink:
        assert send(build, clock()) == Run(later=1)
        assert send(build, clock(NOW + timedelta(minutes=2))) == Run(sent=1)
    assert seen
    assert len(sink.kept) == 1


# A server's limit of mails per connection


LIMITS = [
    "421",
    "close",
    "421 at RCPT",
    "MAIL for good",
    "RCPT for now",
    "DATA for now",
    "the dot for now",
]


@pytest.mark.parametrize("limit", LIMITS)
def test_a_server_that_takes_twenty_mails_a_connection_gets_three_hundred_in_one_run(
    settings, limit
):
    make_deliveries(300)

    with running(Sink(per_connection=20, limit=limit), settings) as sink:
        run = send(build, clock())

    assert run == Run(sent=300)
    assert sink.connections == 15
    assert Counter(sink.kept) == dict.fromkeys(everyone(), 1)
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_a_server_that_puts_off_each_mail_is_not_called_again_for_every_one(settings):
    make_deliveries(20)
    later_from_the_second_on = Sink(
        lambda number: "take" if number == 1 else "451 Later"
    )

    with running(later_from_the_second_on, settings) as sink:
        run = send(build, clock())

    assert (run.sent, run.later, run.stopped) == (1, 19, "")
    assert sink.connections == 2
    assert sink.begun == 21  # one mail was tried over both


def test_after_three_mails_that_a_new_connection_did_not_help_later_means_later(
    settings,
):
    make_deliveries(30)
    every_second = Sink(
        lambda number: "take" if number in (1, 4, 7, 10, 13) else "451 Later"
    )

    with running(every_second, settings) as sink:
        run = send(build, clock())

    assert (run.sent, run.later) == (5, 25)
    assert sink.connections == 4


def test_a_server_that_takes_no_mail_on_a_new_connection_stops_the_run(settings):
    make_deliveries(3)
    sink = Sink(per_connection=-1)  # full before the first

    with running(sink, settings):
        run = send(build, clock())

    assert (run.sent, run.later) == (0, 3)
    assert run.stopped == "421 Too many mails on this connection"
    assert sink.connections == 1


def test_the_state_of_the_line_is_known_on_this_system():
    ours, theirs = socket.socketpair()
    wire.check(ours)
    theirs.send(b"x")
    with pytest.raises(wire.SpokeEarly):
        wire.check(ours)
    theirs.close()
    with pytest.raises(wire.HungUp):
        wire.check(ours)
    ours.close()


def test_what_the_commit_took_is_not_waited_for_again(monkeypatch):
    ours, theirs = socket.socketpair()

    def never():
        raise AssertionError("It waits.")

    monkeypatch.setattr(wire.time, "sleep", never)
    with ours, theirs:
        wire.wait_until_read(ours, wire.time.monotonic() - wire.READ_WITHIN)
        theirs.send(b"421 Bye\r\n")
        with pytest.raises(wire.SpokeEarly):
            wire.wait_until_read(ours, wire.time.monotonic() - wire.READ_WITHIN)


def test_a_server_that_hangs_up_in_the_moment_it_has_is_seen(monkeypatch):
    monkeypatch.setattr(wire, "READ_WITHIN", 0.2)
    ours, theirs = socket.socketpair()

    with ours, theirs:
        closing = threading.Timer(0.05, theirs.close)
        closing.start()
        with pytest.raises(wire.HungUp):
            wire.wait_until_read(ours, wire.time.monotonic())
        closing.join()
