"""Each mail once: against a real SMTP server that refuses, drops and
answers badly, and against the outbox folder.
"""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction

from mail import ledger, sending
from mail.models import CLAIM_LASTS, Delivery
from mail.sending import PutOff, Run, Withdrawn, send
from mail.tests.make import make_delivery
from mail.tests.smtp import smtp_server
from members.tests.make import make_member

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def clock(now=NOW):
    return lambda: now


def build(batch, now):
    return {
        d.pk: EmailMessage(
            "Your week",
            "Hello\n.a line with a dot\n",
            "Group <group@example.org>",
            [d.member.email],
            headers={"Message-ID": f"<{d.key}.{d.pk}@x>"},
        )
        for d in batch
    }


def make_deliveries(count):
    return [
        make_delivery(make_member(name=f"Member {n}"), written_at=NOW)
        for n in range(count)
    ]


def states():
    fields = ("sent_at", "handed_over_at", "given_up_at", "claim", "attempts", "error")
    return list(Delivery.objects.order_by("pk").values_list(*fields))


@pytest.fixture
def smtp(settings):
    with smtp_server(settings) as server:
        yield server


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.OUTBOX_DIR = (
        "mail.backends.OutboxBackend",
        tmp_path,
    )
    return tmp_path


def test_all_that_is_due_is_sent_over_one_connection(smtp):
    deliveries = make_deliveries(3)
    make_delivery(written_at=NOW, not_before=NOW + timedelta(minutes=1))

    run = send(build, clock())

    assert run == Run(sent=3)
    assert smtp.recipients == [d.member.email for d in deliveries]
    assert smtp.sessions == 1
    assert smtp.accepted[0][1].get_payload() == "Hello\r\n.a line with a dot\r\n"
    assert states()[:3] == [(NOW, NOW, None, None, 1, "")] * 3
    assert send(build, clock()) == Run()


def test_more_than_a_batch_is_sent_in_batches(smtp, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    make_deliveries(5)

    assert send(build, clock()) == Run(sent=5)


def test_a_server_that_refuses_every_third_for_now_gets_each_mail_once(smtp):
    asked = []

    def every_third(recipient):
        asked.append(recipient)
        return "451 Try later" if len(asked) % 3 == 0 else None

    smtp.at_recipient = every_third
    deliveries = make_deliveries(9)
    now = NOW

    for _ in range(20):
        send(build, clock(now))
        now += timedelta(minutes=61)

    assert sorted(smtp.recipients) == sorted(d.member.email for d in deliveries)
    assert not Delivery.objects.open().exists()


@pytest.mark.parametrize("moment", ["at_recipient", "at_data_command", "at_data"])
def test_a_mail_refused_for_good_is_given_up_with_the_servers_words_and_the_others_go_on(
    smtp, moment
):
    first, second, third = make_deliveries(3)
    setattr(
        smtp,
        moment,
        lambda r: "550 No such\tmailbox" if r == second.member.email else None,
    )

    run = send(build, clock())

    assert run == Run(sent=2, given_up=1)
    assert states()[1] == (None, None, NOW, None, 1, "550 No such mailbox")
    assert smtp.recipients == [first.member.email, third.member.email]


@pytest.mark.parametrize("moment", ["at_recipient", "at_data_command", "at_data"])
@pytest.mark.parametrize("words", ["450 Mailbox busy", "421 Too busy, closing"])
def test_a_temporary_no_waits_a_while_and_then_goes_out_once(smtp, moment, words):
    first, second, third = make_deliveries(3)
    setattr(smtp, moment, lambda r: words if r == second.member.email else None)

    run = send(build, clock())

    waiting = Delivery.objects.get(pk=second.pk)
    assert run == Run(sent=2, later=1)
    assert (waiting.error, waiting.attempts, waiting.handed_over_at) == (words, 1, None)
    assert waiting.not_before == NOW + timedelta(minutes=2)

    setattr(smtp, moment, lambda r: None)
    assert send(build, clock(NOW + timedelta(minutes=1))) == Run()
    assert send(build, clock(NOW + timedelta(minutes=2))) == Run(sent=1)
    assert sorted(smtp.recipients) == sorted(
        d.member.email for d in (first, second, third)
    )


def test_the_pauses_grow_to_an_hour_and_after_four_days_it_gives_up(smtp):
    smtp.at_recipient = lambda r: "450 Not now"
    [delivery] = make_deliveries(1)
    now, pauses = NOW, []

    while (row := Delivery.objects.get(pk=delivery.pk)).given_up_at is None:
        now = row.not_before
        send(build, clock(now))
        pauses.append(Delivery.objects.get(pk=delivery.pk).not_before - now)

    assert [p.total_seconds() / 60 for p in pauses[:8]] == [2, 4, 8, 15, 30, 60, 60, 60]
    assert timedelta(days=4) < row.given_up_at - NOW < timedelta(days=4, hours=2)
    assert row.error == "Tried for 4 days. Last answer: 450 Not now"


def test_while_the_server_is_down_everything_waits_and_then_goes_out_once(settings):
    deliveries = make_deliveries(4)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = (
        "mail.backends.SmtpBackend",
        "127.0.0.1",
    )
    settings.EMAIL_PORT = 1  # nobody listens there

    run = send(build, clock())

    assert (run.sent, run.later) == (0, 4)
    assert "refused" in run.stopped.lower()
    assert all(
        (sent, told, gone) == (None, None, None) for sent, told, gone, *_ in states()
    )
    with smtp_server(settings) as smtp:
        assert send(build, clock(NOW + timedelta(minutes=2))) == Run(sent=4)
        assert sorted(smtp.recipients) == sorted(d.member.email for d in deliveries)


def test_a_server_that_refuses_our_own_address_stops_the_run(smtp):
    smtp.at_sender = lambda sender: "550 We do not relay for you"
    make_deliveries(3)

    run = send(build, clock())

    assert (run.sent, run.later, run.given_up) == (0, 3, 0)
    assert run.stopped == "550 We do not relay for you"


def test_a_greeting_that_refuses_stops_the_run(smtp, monkeypatch):
    make_deliveries(2)

    async def refuse_ehlo(server, session, envelope, hostname, responses):
        return ["554 Go away"]

    async def refuse_helo(server, session, envelope, hostname):
        return "554 Go away"

    monkeypatch.setattr(smtp, "handle_EHLO", refuse_ehlo)
    monkeypatch.setattr(smtp, "handle_HELO", refuse_helo, raising=False)

    run = send(build, clock())

    assert (run.sent, run.later) == (0, 2)
    assert "554" in run.stopped


def test_a_line_that_goes_dead_before_the_end_of_the_mail_means_that_it_was_not_sent(
    smtp,
):
    first, second, third = make_deliveries(3)
    smtp.at_recipient = lambda r: "drop" if r == second.member.email else None

    run = send(build, clock())

    assert run == Run(sent=2, later=1)
    assert smtp.recipients == [first.member.email, third.member.email]
    smtp.at_recipient = lambda r: None
    assert send(build, clock(NOW + timedelta(minutes=2))) == Run(sent=1)


def test_a_connection_that_is_lost_again_and_again_stops_the_run(smtp):
    smtp.at_recipient = lambda r: "drop"
    make_deliveries(6)

    run = send(build, clock())

    assert (run.sent, run.later) == (0, 6)
    assert run.stopped == "The connection was lost again and again."


def test_dead_lines_with_an_answer_between_them_do_not_stop_the_run(smtp):
    dead = {
        d.member.email
        for number, d in enumerate(make_deliveries(6))
        if number in (0, 1, 3, 4)
    }
    smtp.at_recipient = lambda r: "drop" if r in dead else None

    assert send(build, clock()) == Run(sent=2, later=4)


def test_a_line_that_goes_dead_after_the_end_of_the_mail_leaves_it_unconfirmed_for_the_owner(
    smtp,
):
    _first, second, third = make_deliveries(3)
    smtp.after_data = lambda r: "drop" if r == second.member.email else None

    run = send(build, clock())
    much_later = NOW + timedelta(days=2)

    assert run == Run(sent=2, unconfirmed=1)
    assert list(Delivery.objects.unconfirmed(NOW)) == [second]
    assert send(build, clock(NOW + timedelta(hours=11))) == Run()
    assert smtp.recipients.count(second.member.email) == 1
    assert send(build, clock(NOW + timedelta(hours=12))) == Run(unconfirmed=1)
    assert send(build, clock(much_later)) == Run()
    assert smtp.recipients.count(second.member.email) == 2
    assert (
        len(
            {
                m["Message-ID"]
                for recipient, m in smtp.accepted
                if recipient == second.member.email
            }
        )
        == 1
    )

    smtp.after_data = lambda r: None
    assert ledger.send_again(second, much_later)
    assert send(build, clock(much_later)) == Run(sent=1)
    assert not ledger.send_again(second, much_later)
    assert not ledger.send_again(third, much_later)


def test_the_owner_may_count_an_unconfirmed_mail_as_sent(smtp):
    [first] = make_deliveries(1)
    assert not ledger.count_as_sent(first, NOW)
    smtp.after_data = lambda r: "drop"
    send(build, clock())

    assert ledger.count_as_sent(first, NOW)
    assert Delivery.objects.get(pk=first.pk).sent_at == NOW
    assert not Delivery.objects.unconfirmed(NOW).exists()


def test_a_mail_that_was_given_up_may_be_sent_again_and_has_four_days_again(smtp):
    [first] = make_deliveries(1)
    smtp.at_recipient = lambda r: "550 No such mailbox"
    send(build, clock())
    later, smtp.at_recipient = NOW + timedelta(days=9), lambda r: "450 Busy"

    assert ledger.send_again(first, later)
    assert send(build, clock(later)) == Run(later=1)
    assert Delivery.objects.get(pk=first.pk).given_up_at is None


def test_a_claim_that_went_stale_is_free_again(smtp):
    make_deliveries(2)
    ledger.claim(NOW, limit=10)

    assert send(build, clock(NOW + CLAIM_LASTS - timedelta(seconds=1))) == Run()
    assert send(build, clock(NOW + CLAIM_LASTS)) == Run(sent=2)


def test_a_worker_whose_claim_went_stale_hands_nothing_over(smtp):
    make_deliveries(2)
    others = []

    def slow_build(batch, now):
        if not others:
            others.append(None)
            others.append(send(build, clock(NOW + CLAIM_LASTS)))
        return build(batch, now)

    run = send(slow_build, clock())

    assert run == Run()
    assert others[1] == Run(sent=2)
    assert len(smtp.recipients) == 2


def test_a_crash_between_hand_over_and_answer_is_unconfirmed_with_smtp(smtp):
    make_deliveries(1)
    [held] = ledger.claim(NOW, limit=10)
    ledger.hand_over(held, NOW)

    assert not Delivery.objects.unconfirmed(NOW).exists()
    assert send(build, clock(NOW + CLAIM_LASTS)) == Run()
    assert list(Delivery.objects.unconfirmed(NOW + CLAIM_LASTS)) == [held]


def test_a_crash_between_hand_over_and_answer_heals_by_itself_in_the_outbox(folder):
    make_deliveries(1)
    [held] = ledger.claim(NOW, limit=10, resends_are_one=True)
    ledger.hand_over(held, NOW)
    build([held], NOW)[held.pk].send()

    assert send(build, clock(NOW + CLAIM_LASTS)) == Run(sent=1)
    assert len(list(folder.iterdir())) == 1


def test_a_claim_that_was_taken_over_writes_no_file(folder):
    make_deliveries(1)
    others = []

    def slow_build(batch, now):
        if not others:
            others.append(None)
            others.append(send(build, clock(NOW + CLAIM_LASTS)))
        return build(batch, now)

    assert send(slow_build, clock()) == Run()
    assert others[1] == Run(sent=1)


def test_a_full_disk_stops_the_run_and_everything_waits(folder, monkeypatch):
    monkeypatch.setattr(
        "mail.outbox.os.fsync",
        lambda descriptor: (_ for _ in ()).throw(OSError("No space left")),
    )
    make_deliveries(3)

    run = send(build, clock())

    assert (run.sent, run.later, run.stopped) == (
        0,
        3,
        "The outbox folder: No space left",
    )
    monkeypatch.undo()
    assert send(build, clock(NOW + timedelta(minutes=2))) == Run(sent=3)


def test_a_fault_of_the_outbox_that_stays_is_tried_later_and_not_without_end(
    folder, monkeypatch
):
    make_deliveries(2)
    monkeypatch.setattr("mail.outbox.file_name", lambda message_id: 1 / 0)

    assert send(build, clock()) == Run(later=2)
    assert "ZeroDivisionError" in Delivery.objects.first().error


def test_a_mail_that_is_put_off_to_an_hour_that_has_passed_is_not_found_again_in_the_same_run(
    smtp,
):
    [delivery] = make_deliveries(1)

    assert send(
        lambda batch, now: {delivery.pk: PutOff(NOW - timedelta(hours=1))}, clock()
    ) == Run(later=1)


@pytest.mark.parametrize("error", [OSError("gone"), RuntimeError("odd")])
def test_another_backend_that_fails_after_the_hand_over_leaves_the_mail_unconfirmed(
    mailoutbox, monkeypatch, error
):
    make_deliveries(1)
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages",
        lambda self, messages: (_ for _ in ()).throw(error),
    )

    assert send(build, clock()) == Run(unconfirmed=1)


def test_any_other_backend_works_too(mailoutbox):
    make_deliveries(2)

    assert send(build, clock()) == Run(sent=2)
    assert len(mailoutbox) == 2


def test_a_mail_that_cannot_be_built_waits_and_the_others_go_on(smtp, caplog):
    first, second, third = make_deliveries(3)

    run = send(
        lambda batch, now: {**build(batch, now), second.pk: ValueError("odd")}, clock()
    )

    assert run == Run(sent=2, later=1)
    assert (
        Delivery.objects.get(pk=second.pk).error
        == "It could not be built: ValueError('odd')"
    )
    assert smtp.recipients == [first.member.email, third.member.email]


def test_a_mail_without_a_reason_is_withdrawn_and_one_before_its_hour_is_put_off(smtp):
    first, second = make_deliveries(2)

    run = send(
        lambda batch, now: {
            first.pk: Withdrawn("They stopped it."),
            second.pk: PutOff(NOW + timedelta(hours=9)),
        },
        clock(),
    )

    assert run == Run(given_up=1, later=1)
    assert Delivery.objects.get(pk=first.pk).error == "They stopped it."
    assert Delivery.objects.get(pk=second.pk).not_before == NOW + timedelta(hours=9)
    assert smtp.sessions == 0


def test_an_address_with_a_foreign_domain_is_sent_to_its_ascii_form(smtp):
    make_delivery(make_member(email="ines@bücher.example"), written_at=NOW)

    assert send(build, clock()) == Run(sent=1)
    assert smtp.recipients == ["ines@xn--bcher-kva.example"]


@pytest.mark.parametrize("backend", ["smtp", "folder", "mailoutbox"])
def test_an_address_or_header_that_cannot_be_written_is_given_up_and_the_others_go_on(
    request, backend
):
    request.getfixturevalue(backend)
    good = make_delivery(make_member(email="good@example.org"), written_at=NOW)
    bad = make_delivery(make_member(email="bad@example.org"), written_at=NOW)

    def spoilt(batch, now):
        built = build(batch, now)
        built[bad.pk].subject = "Two\nlines"
        return built

    assert send(spoilt, clock()) == Run(sent=1, given_up=1)
    assert Delivery.objects.get(pk=bad.pk).error.startswith("BadHeaderError: ")
    assert Delivery.objects.get(pk=good.pk).sent_at == NOW


def test_an_address_that_no_server_reads_is_given_up(smtp):
    make_delivery(make_member(email="zoë@example.org"), written_at=NOW)
    make_delivery(make_member(email=f"ines@{'a' * 64}.example"), written_at=NOW)

    assert send(build, clock()) == Run(given_up=2)


def test_a_ledger_that_cannot_be_written_stops_before_the_dot(smtp, monkeypatch):
    make_deliveries(1)
    locked = RuntimeError("database is locked")
    monkeypatch.setattr(ledger, "hand_over", lambda *a: (_ for _ in ()).throw(locked))

    with pytest.raises(RuntimeError, match="locked"):
        send(build, clock())

    assert smtp.recipients == []
    monkeypatch.undo()
    assert send(build, clock(NOW + CLAIM_LASTS)) == Run(sent=1)


def test_a_password_that_the_server_does_not_want_stops_the_run(smtp, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "x", "y"
    make_deliveries(1)

    run = send(build, clock())

    assert run.later == 1
    assert "AUTH" in run.stopped


def test_a_mail_of_the_site_itself_goes_through_the_same_connection_without_the_ledger(
    smtp,
):
    EmailMessage("Confirm", "text\n", "a@example.org", ["b@example.org"]).send()

    assert smtp.recipients == ["b@example.org"]


def test_writing_the_same_mail_twice_is_one_row():
    ines = make_member()
    rows = [
        Delivery(
            member=ines, kind="digest", key="2026-W47", written_at=NOW, not_before=NOW
        )
        for _ in range(2)
    ]

    ledger.write(rows)
    ledger.write(
        [
            Delivery(
                member=ines,
                kind="digest",
                key="2026-W47",
                written_at=NOW,
                not_before=NOW,
            )
        ]
    )

    assert Delivery.objects.count() == 1


def test_two_claims_at_the_same_moment_share_nothing(monkeypatch):
    make_deliveries(3)
    others, name = [], ledger.uuid.uuid4

    def meanwhile():
        if not others:
            others.append(None)
            others.append(ledger.claim(NOW, limit=2))
        return name()

    monkeypatch.setattr(ledger.uuid, "uuid4", meanwhile)
    ours = ledger.claim(NOW, limit=3)

    assert [len(others[1]), len(ours)] == [2, 1]
    assert not {d.pk for d in others[1]} & {d.pk for d in ours}


def test_what_has_waited_longest_is_claimed_first():
    second = make_delivery(make_member(name="Second"), written_at=NOW)
    first = make_delivery(
        make_member(name="First"), written_at=NOW - timedelta(hours=1)
    )

    assert [ledger.claim(NOW, limit=1), ledger.claim(NOW, limit=1)] == [
        [first],
        [second],
    ]


def test_after_exactly_four_days_a_mail_still_waits():
    make_deliveries(1)
    now = NOW + ledger.TRY_FOR
    [held] = ledger.claim(now, limit=1)

    ledger.release(held, "450 Busy", now)

    assert Delivery.objects.waiting().count() == 1


def test_claiming_asks_three_queries_for_any_number(django_assert_num_queries):
    make_deliveries(3)

    # a savepoint, which are free, take them, its end, read them with their
    # members
    with django_assert_num_queries(5):
        assert len(ledger.claim(NOW, limit=10)) == 3


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="there only one transaction writes at a time"
)
@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_the_next_mails_while_another_is_taking_the_first():
    deliveries = make_deliveries(5)
    begun, done = threading.Event(), threading.Event()
    first = []

    def other():
        try:
            with transaction.atomic():
                first.extend(ledger.claim(NOW, limit=2))
                begun.set()
                assert done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert begun.wait(20)
    second = ledger.claim(NOW, limit=2)
    rest = ledger.claim(NOW, limit=2)
    nothing = ledger.claim(NOW, limit=2)
    done.set()
    thread.join()

    taken = [[delivery.pk for delivery in each] for each in (first, second, rest)]
    assert taken == [
        [delivery.pk for delivery in deliveries[:2]],
        [delivery.pk for delivery in deliveries[2:4]],
        [delivery.pk for delivery in deliveries[4:]],
    ]
    assert nothing == []


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="threads of a database in memory share one lock; test_kill does it on a file",
)
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_each_mail_once(settings, smtp, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 5)
    deliveries = make_deliveries(40)
    runs, start = [], threading.Barrier(3)

    def work():
        start.wait()
        try:
            runs.append(send(build, clock()))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(run.sent for run in runs) == 40
    assert sorted(smtp.recipients) == sorted(d.member.email for d in deliveries)
