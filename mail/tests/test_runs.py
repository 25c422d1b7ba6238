"""What the owner sees of the ledger, and what the ticks of the clock do."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from kombu.exceptions import OperationalError

from mail import actions, ledger, runs, tasks
from mail.models import Delivery
from mail.rules import UNCONFIRMED
from mail.runs import RunLine
from mail.tests.make import make_delivery
from members.tests.make import make_group, make_member
from progress.tests.make import make_enrollment

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 22, 18, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def olga(client):
    make_group()
    owner = make_member(
        name="Olga", owner_since=LONG_AGO, joined_at=LONG_AGO, onboarded_at=LONG_AGO
    )
    client.force_login(owner)
    return owner


def one_of_each():
    """In one week: sent, waiting, tried, in hand, unconfirmed by a crash,
    unconfirmed by a dead line, given up.
    """
    states = {
        "sent": {"sent_at": SUNDAY + timedelta(minutes=1), "handed_over_at": SUNDAY},
        "waiting": {},
        "tried": {
            "attempts": 2,
            "error": "450 Busy",
            "not_before": SUNDAY + timedelta(minutes=4),
        },
        "in hand": {"claimed_at": SUNDAY, "handed_over_at": SUNDAY},
        "crashed": {
            "claimed_at": SUNDAY - timedelta(minutes=15),
            "handed_over_at": SUNDAY,
        },
        "dead line": {
            "handed_over_at": SUNDAY,
            "error": "Connection unexpectedly closed",
        },
        "given up": {
            "given_up_at": SUNDAY,
            "error": "550 No such mailbox",
            "attempts": 1,
        },
    }
    return {
        name: make_delivery(
            make_member(name=name.capitalize()), written_at=SUNDAY, **fields
        )
        for name, fields in states.items()
    }


def test_a_run_counts_what_became_of_its_mails():
    one_of_each()
    make_delivery(
        make_member(),
        written_at=SUNDAY - timedelta(days=7),
        key="2026-W46",
        sent_at=SUNDAY,
    )

    assert runs.newest_runs(SUNDAY) == [
        RunLine(
            "digest",
            "2026-W47",
            7,
            1,
            3,
            2,
            1,
            0,
            None,
            SUNDAY,
            SUNDAY + timedelta(minutes=1),
        ),
        RunLine(
            "digest",
            "2026-W46",
            1,
            1,
            0,
            0,
            0,
            0,
            None,
            SUNDAY - timedelta(days=7),
            SUNDAY,
        ),
    ]
    assert runs.newest_runs(SUNDAY)[0].name == "Weekly digest, week 47 of 2026"


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("digest", "2026-W07", "Weekly digest, week 7 of 2026"),
        ("digest", "2026-W48.early.12", "Weekly digest, week 48 of 2026"),
        (
            "inactivity",
            "2026-10-15",
            "Reminder to members last active on 15 October 2026",
        ),
        ("test", "2026-11-22-180000", "Test"),
        ("notice", "unheard-digest-2026-W47", "Notice to the owner"),
    ],
)
def test_a_run_has_a_name_in_words(kind, key, name):
    assert Delivery(kind=kind, key=key).run_name == name


def test_troubles_are_what_somebody_should_look_at():
    made = one_of_each()

    found = runs.troubles(SUNDAY)

    assert set(found.unconfirmed) == {made["crashed"], made["dead line"]}
    assert found.given_up == [made["given up"]]
    assert found.waiting == [made["tried"]]


@pytest.mark.parametrize("copies", [1, 3])
def test_the_page_says_what_happened_in_any_number_of_rows_with_five_queries(
    client, olga, copies, django_assert_num_queries
):
    for _ in range(copies):
        one_of_each()
    with time_machine.travel(SUNDAY, tick=False):
        client.get(reverse("mail:runs"))

        # session with member and enrolment; runs, unconfirmed, given up,
        # tried
        with django_assert_num_queries(5):
            page = client.get(reverse("mail:runs")).content.decode()

    assert "550 No such mailbox" in page
    assert "Connection unexpectedly closed" in page
    assert "This site was stopped while the mail was being sent." in page
    assert "again at 18:04" in page
    assert page.count("Send again") == 3 * copies
    assert page.count("Count as sent") == 2 * copies


def test_an_empty_ledger_says_so(client, olga):
    assert b"No run yet" in client.get(reverse("mail:runs")).content


def test_the_owner_sends_an_unconfirmed_mail_again_or_counts_it_as_sent(
    client, olga, monkeypatch
):
    monkeypatch.setattr(tasks.send_waiting, "delay_on_commit", lambda: None)
    made = one_of_each()
    with time_machine.travel(SUNDAY, tick=False):
        for name in ("crashed", "given up", "sent"):
            assert (
                client.post(
                    reverse("mail:send_again", args=[made[name].pk])
                ).status_code
                == 302
            )
        for name in ("dead line", "waiting"):
            assert (
                client.post(
                    reverse("mail:count_as_sent", args=[made[name].pk])
                ).status_code
                == 302
            )

    waiting = {
        d.member.name for d in Delivery.objects.waiting().select_related("member")
    }
    sent = {
        d.member.name
        for d in Delivery.objects.filter(sent_at__isnull=False).select_related("member")
    }
    assert waiting == {"Waiting", "Tried", "Crashed", "Given up"}
    assert sent == {"Sent", "Dead line"}


def test_a_test_goes_to_the_owner_and_does_not_count_as_a_digest(
    client, olga, monkeypatch, mailoutbox
):
    monkeypatch.setattr(tasks.send_waiting, "delay_on_commit", tasks.send_waiting)

    with time_machine.travel(SUNDAY, tick=False):
        response = client.post(reverse("mail:send_test"), follow=True)

    assert b"A test is on its way" in response.content
    assert [(m.subject, m.to) for m in mailoutbox] == [
        ("Test: your week at Tuesday Gradients", [olga.email])
    ]
    assert actions.write_due_digests(SUNDAY) == 1
    assert Delivery.objects.get(kind="digest").number == 1


def test_a_broker_that_is_away_does_not_stop_the_owner(client, olga, monkeypatch):
    def away():
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.send_waiting, "delay_on_commit", away)

    assert client.post(reverse("mail:send_test")).status_code == 302
    assert Delivery.objects.waiting().count() == 1


def test_the_owner_looks_at_any_mail_as_it_is_sent(client, olga):
    actions.write_due_digests(SUNDAY)
    delivery = Delivery.objects.get()

    page = client.get(reverse("mail:preview", args=[delivery.pk])).content.decode()
    html = client.get(reverse("mail:preview_html", args=[delivery.pk]))

    assert "A quiet week, Olga." in page
    assert f'sandbox src="{reverse("mail:preview_html", args=[delivery.pk])}"' in page
    assert b"A quiet week, Olga." in html.content
    assert "sandbox" in html["Content-Security-Policy"]


def test_the_ledger_in_the_admin_is_there_to_be_read(client, olga):
    actions.write_due_digests(SUNDAY)
    delivery = Delivery.objects.get()
    make_delivery(make_member(), written_at=SUNDAY)
    listed = client.get(reverse("admin:mail_delivery_changelist"))

    assert reverse("mail:preview", args=[delivery.pk]) in listed.content.decode()
    shown = client.get(reverse("admin:mail_delivery_change", args=[delivery.pk]))
    assert shown.status_code == 200
    assert "View on site" not in shown.content.decode(), (
        "a digest's page is there for its member alone"
    )
    assert client.get(reverse("admin:mail_delivery_add")).status_code == 403
    assert (
        client.post(
            reverse("admin:mail_delivery_delete", args=[delivery.pk])
        ).status_code
        == 403
    )
    assert client.get(reverse("admin:mail_preference_changelist")).status_code == 200


def test_all_of_this_is_the_owners_alone(client):
    delivery = make_delivery(make_member(), written_at=SUNDAY)
    client.force_login(
        make_member(name="Kim", curator_since=LONG_AGO, moderator_since=LONG_AGO)
    )

    for page in ("runs", "send_test", "start_run"):
        assert client.post(reverse(f"mail:{page}")).status_code in (404, 405)
        assert client.get(reverse(f"mail:{page}")).status_code in (404, 405)
    for page in ("stop_run", "go_on", "send_all_again"):
        assert (
            client.post(
                reverse(f"mail:{page}", args=["digest", "2026-W47"])
            ).status_code
            == 404
        )
    for page in ("preview", "preview_html", "send_again", "count_as_sent"):
        address = reverse(f"mail:{page}", args=[delivery.pk])
        assert client.get(address).status_code in (404, 405)
        assert client.post(address).status_code in (404, 405)
    assert Delivery.objects.get().sent_at is None


# Ticks


def test_a_tick_writes_and_sends_what_is_due_once(mailoutbox):
    make_member(name="Ines", joined_at=LONG_AGO, onboarded_at=LONG_AGO)

    with time_machine.travel(SUNDAY, tick=False):
        sent = [
            tasks.send_due_digests(),
            tasks.send_due_digests(),
            tasks.send_waiting(),
            tasks.send_due_reminders(),
        ]

    assert sent == [1, 0, 0, 0]
    assert len(mailoutbox) == 1


def test_a_tick_reminds_who_has_been_quiet(mailoutbox):
    ines = make_member(name="Ines", joined_at=LONG_AGO, onboarded_at=LONG_AGO)
    make_enrollment(ines, now=SUNDAY - timedelta(days=20))

    with time_machine.travel(SUNDAY + timedelta(days=3), tick=False):
        sent = [tasks.send_due_reminders(), tasks.send_due_reminders()]

    assert sent == [1, 0]
    assert mailoutbox[0].subject == "You stopped at “A”"


def test_a_member_with_nothing_left_to_do_is_not_reminded():
    from progress import actions as study
    from progress.tests.make import activity, key, make_curriculum, step

    ines = make_member(name="Ines", joined_at=LONG_AGO, onboarded_at=LONG_AGO)
    make_enrollment(ines, make_curriculum(step("only", activity("A"))), LONG_AGO)
    study.mark_done(ines, key("A"), now=LONG_AGO)

    assert actions.write_due_reminders(SUNDAY + timedelta(days=3)) == 0


def test_names_for_the_admin():
    delivery = make_delivery(make_member(), written_at=SUNDAY)

    assert str(delivery) == f"digest 2026-W47 to {delivery.member_id}"
    assert (
        str(actions.start_mail(delivery.member, "digest", now=SUNDAY))
        == f"of {delivery.member_id}"
    )


def test_every_tick_of_mail_in_the_schedule_has_its_task(settings):
    from config.celery import app

    app.loader.import_default_modules()
    ticks = {
        entry["task"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"].startswith("mail.")
    }

    assert ticks == {
        "mail.tasks.send_due_bundles",
        "mail.tasks.send_due_digests",
        "mail.tasks.send_due_reminders",
        "mail.tasks.send_waiting",
    }
    assert ticks <= set(app.tasks)


# A run that the owner stops, starts and repeats


def test_a_stopped_run_stops_between_two_mails_and_goes_on_where_it_was(
    client, olga, monkeypatch, mailoutbox
):
    monkeypatch.setattr(tasks.send_waiting, "delay_on_commit", tasks.send_waiting)
    for n in range(4):
        make_member(name=f"Member {n}", joined_at=LONG_AGO, onboarded_at=LONG_AGO)
    stop = reverse("mail:stop_run", args=["digest", "2026-W47"])
    real = ledger.mark_sent

    def press_after_the_second(delivery, now):
        real(delivery, now)
        if len(mailoutbox) == 2:
            client.post(stop)

    monkeypatch.setattr(ledger, "mark_sent", press_after_the_second)
    with time_machine.travel(SUNDAY, tick=False):
        tasks.send_due_digests()
        assert len(mailoutbox) == 2
        tasks.send_waiting()
        assert len(mailoutbox) == 2
        page = client.get(reverse("mail:runs")).content.decode()
        assert "Go on" in page
        assert "Stop this run" not in page

        client.post(reverse("mail:go_on", args=["digest", "2026-W47"]))

    assert len({mail.to[0] for mail in mailoutbox}) == len(mailoutbox) == 5
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_a_run_that_is_stopped_hands_nothing_over():
    delivery = make_delivery(make_member(), written_at=SUNDAY)
    [held] = ledger.claim(SUNDAY, limit=1)
    ledger.stop("digest", delivery.key, SUNDAY)
    ledger.stop("digest", delivery.key, SUNDAY)

    assert not ledger.hand_over(held, SUNDAY)
    ledger.go_on("digest", delivery.key)
    assert ledger.hand_over(held, SUNDAY)


def test_send_all_again_takes_every_unconfirmed_mail_once(
    client, olga, monkeypatch, mailoutbox
):
    monkeypatch.setattr(tasks.send_waiting, "delay_on_commit", lambda: None)
    for n in range(60):
        make_delivery(
            make_member(name=f"M {n}"),
            written_at=SUNDAY,
            handed_over_at=SUNDAY,
            error="gone",
        )
    again = reverse("mail:send_all_again", args=["digest", "2026-W47"])

    with time_machine.travel(SUNDAY + timedelta(hours=2), tick=False):
        first = client.post(again, follow=True).content.decode()
        second = client.post(again, follow=True).content.decode()

    assert "60 mails will be sent again." in first
    assert "Nothing of this run is unconfirmed now." in second
    assert Delivery.objects.waiting().count() == 60
    assert (
        client.post(
            reverse("mail:send_all_again", args=["digest", "2026-W01"])
        ).status_code
        == 404
    )


def test_one_notice_to_the_owner_for_each_run(client, olga, mailoutbox):
    for n in range(3):
        make_delivery(
            make_member(name=f"M {n}"),
            written_at=SUNDAY,
            handed_over_at=SUNDAY,
            error="gone",
        )
    actions.set_preferences(
        olga,
        actions.Choices(
            digest=False,
            weekday=6,
            hour=18,
            reminders=False,
            paused_until=None,
        ),
        version=0,
        now=SUNDAY,
    )

    for hours in (0, 2, 3, 4):
        with time_machine.travel(SUNDAY + timedelta(hours=hours), tick=False):
            tasks.send_due_digests()
            page = client.get(reverse("mail:runs")).content.decode()

    [notice] = [mail for mail in mailoutbox if mail.to == [olga.email]]
    assert notice.subject == "3 mails of a run are unconfirmed"
    assert "Weekly digest, week 47 of 2026" in notice.body
    assert "http://testserver/mail/runs/" in notice.body
    assert "Weekly digest, week 47 of 2026: 3 mails are unconfirmed." in page
    sent = Delivery.objects.get(kind="notice")
    assert client.get(reverse("mail:preview", args=[sent.pk])).status_code == 200
    assert client.get(reverse("mail:preview_html", args=[sent.pk])).status_code == 200


def test_every_kind_has_a_rule_for_the_unheard():
    assert set(UNCONFIRMED) == set(Delivery.Kind)


def test_the_owner_starts_what_is_due(client, olga, monkeypatch, mailoutbox):
    monkeypatch.setattr(
        tasks.send_due_digests, "delay_on_commit", tasks.send_due_digests
    )

    with time_machine.travel(SUNDAY, tick=False):
        first = client.post(reverse("mail:start_run"), follow=True).content.decode()
        second = client.post(reverse("mail:start_run"), follow=True).content.decode()

    assert "1 digest is due and will be sent." in first
    assert "No digest is due." in second
    assert len(mailoutbox) == 1


@time_machine.travel(SUNDAY, tick=False)
def test_the_command_shows_who_is_due_and_sends(olga, mailoutbox, capsys):
    call_command("send_digests", dry_run=True)
    assert (
        capsys.readouterr().out
        == f"Links begin with http://testserver.\n2026-W47  {olga.email}\n"
        "1 due. Nothing was written or sent.\n"
    )
    assert not Delivery.objects.exists()

    call_command("send_digests")
    assert capsys.readouterr().out == (
        "Links begin with http://testserver.\n"
        "1 sent, 0 later, 0 given up, 0 unconfirmed.\n"
    )


def test_the_command_says_that_mail_goes_into_the_outbox(olga, settings, capsys):
    settings.EMAIL_BACKEND = "mail.backends.OutboxBackend"

    call_command("send_digests", dry_run=True)

    assert capsys.readouterr().out.startswith(
        f"No mail server is set up, so mail is stored in {settings.OUTBOX_DIR}.\n"
    )


@pytest.mark.parametrize("page", ["mail:runs", "mail:outbox", "mail:kinds"])
def test_pages_of_mail_have_the_switch_of_the_theme_and_load_no_htmx(
    client, olga, page
):
    html = client.get(reverse(page)).content.decode()

    assert 'id="theme-dark"' in html
    assert "htmx.min" not in html
