import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from mail.models import Delivery
from members.tests.make import make_group, make_member
from operate import actions, health
from operate.heartbeat import HEARTBEAT_KEY
from operate.models import SetAsideMessage, Standstill
from operate.tasks import heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alive() -> None:
    heartbeat()


def ask(client: Client, **headers: str) -> tuple[int, dict[str, object]]:
    caches["local"].clear()
    answer = client.get(
        "/health/",
        headers={"accept": "application/json", "host": "localhost", **headers},
    )
    return answer.status_code, json.loads(answer.content)


def make_delivery(
    minutes_due: float = 0, hours_old: float = 1, **values: object
) -> Delivery:
    now = timezone.now()
    number = Delivery.objects.count()
    facts: dict[str, object] = {
        "member": make_member(email=f"member{number}@example.org"),
        "kind": Delivery.Kind.DIGEST,
        "key": "2026-48",
        "written_at": now - timedelta(hours=hours_old),
        "not_before": now - timedelta(minutes=minutes_due),
    }
    return Delivery.objects.create(**(facts | values))


def test_a_site_that_works_is_green(client: Client) -> None:
    assert ask(client) == (200, {"status": "ok", "problems": []})


def old_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.set(HEARTBEAT_KEY, time.time() - 181)


def future_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.set(HEARTBEAT_KEY, time.time() + 3600)


def no_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.delete(HEARTBEAT_KEY)
    monkeypatch.setattr(health, "_started", time.monotonic() - 181)


def mail_untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    make_delivery(minutes_due=31)


def mail_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        make_delivery(minutes_due=-30, hours_old=3, attempts=3, error="451 come later")


def disk_full(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(total=10**12, used=10**12, free=1_000_000)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: usage)


def disk_read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(health.tempfile, "TemporaryFile", refuse)


def schema_of_a_newer_version(monkeypatch: pytest.MonkeyPatch) -> None:
    MigrationRecorder(connection).record_applied("members", "0099_from_tomorrow")


def schema_of_an_app_we_do_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    MigrationRecorder(connection).record_applied("circles", "0001_initial")


def schema_of_an_older_version(monkeypatch: pytest.MonkeyPatch) -> None:
    MigrationRecorder(connection).record_unapplied("operate", "0001_initial")


def cache_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ConnectionError("Connection refused")

    monkeypatch.setattr(cache, "set", refuse)


@pytest.mark.parametrize(
    ("break_it", "kind", "words"),
    [
        (old_heartbeat, "clock", "3 min old"),
        (future_heartbeat, "clock", "60 min old"),
        (no_heartbeat, "clock", "no worker has answered"),
        (mail_untouched, "mail", "1 mail has been due for more than half an hour"),
        (mail_refused, "mail", "451 come later"),
        (disk_full, "disk", "1 MB are free"),
        (disk_read_only, "disk", "Read-only file system"),
        (schema_of_a_newer_version, "schema", "members.0099_from_tomorrow"),
        (schema_of_an_app_we_do_not_know, "schema", "circles.0001_initial"),
        (schema_of_an_older_version, "schema", "lacks operate.0001_initial"),
        (cache_away, "cache", "Connection refused"),
    ],
)
def test_what_does_not_work_is_red_and_named(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[pytest.MonkeyPatch], None],
    kind: str,
    words: str,
) -> None:
    break_it(monkeypatch)

    status, answer = ask(client)

    assert (status, answer["status"]) == (503, "red")
    [problem] = [p for p in answer["problems"] if p["kind"] == kind]  # type: ignore[attr-defined]
    assert words in problem["text"]


def test_what_is_no_fault_of_the_site_is_not_red(client: Client) -> None:
    make_delivery(minutes_due=29)
    make_delivery(minutes_due=-30, hours_old=3, attempts=3, error="452 mailbox full")
    make_delivery(minutes_due=600, sent_at=timezone.now() - timedelta(hours=5))

    status, answer = ask(client)

    assert (status, answer["status"]) == (200, "degraded")


def test_the_first_minutes_are_no_standstill(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.delete(HEARTBEAT_KEY)

    monkeypatch.setattr(health, "_started", time.monotonic())
    assert ask(client)[0] == 200
    monkeypatch.setattr(health, "_started", time.monotonic() - 3600)
    assert ask(client)[0] == 503


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "testserver"},
        {"x-forwarded-for": "203.0.113.9"},
        {"forwarded": "for=203.0.113.9"},
        {"x-real-ip": "203.0.113.9"},
    ],
)
def test_strangers_get_one_word(client: Client, headers: dict[str, str]) -> None:
    cache.set(HEARTBEAT_KEY, time.time() - 900)

    assert ask(client, **headers) == (503, {"status": "red"})


def test_somebody_elsewhere_who_asks_for_this_machine_by_number_gets_one_word() -> None:
    client = Client(REMOTE_ADDR="203.0.113.9")

    assert ask(client, host="127.0.0.1") == (200, {"status": "ok"})


def test_the_page_tells_the_owner_all_and_a_member_one_sentence(client: Client) -> None:
    make_group()
    owner = make_member(owner_since=timezone.now())
    cache.set(HEARTBEAT_KEY, time.time() - 900)
    actions.set_message_aside(
        reason="There is no task of this name.", task="a.b", text="<b>hi</b>"
    )
    html = {"accept": "text/html,application/xhtml+xml"}

    client.force_login(make_member())
    seen_by_member = client.get("/health/", headers=html)
    client.force_login(owner)
    seen_by_owner = client.get("/health/", headers=html)

    assert (seen_by_member.status_code, seen_by_owner.status_code) == (503, 503)
    assert "Something does not work" in seen_by_member.text
    assert "15 min" not in seen_by_member.text
    assert "15 min" in seen_by_owner.text
    assert "There is no task of this name." in seen_by_owner.text
    assert "&lt;b&gt;hi&lt;/b&gt;" in seen_by_owner.text


def test_the_owner_removes_the_messages_that_were_shown(client: Client) -> None:
    make_group()
    for number in range(2):
        actions.set_message_aside(reason="?", task=f"old{number}", text="")
    newest = SetAsideMessage.objects.latest("pk").pk
    actions.set_message_aside(reason="?", task="came since", text="")

    client.force_login(make_member())
    assert (
        client.post("/health/messages/forget/", {"newest": newest}).status_code == 404
    )
    client.force_login(make_member(owner_since=timezone.now()))
    for odd in ("", "x", "²", "9" * 30):
        assert (
            client.post("/health/messages/forget/", {"newest": odd}).status_code == 302
        )
    client.post("/health/messages/forget/", {"newest": newest})

    assert [m.task for m in SetAsideMessage.objects.all()] == ["came since"]


def test_of_many_broken_messages_the_newest_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "KEPT_MESSAGES", 3)

    for number in range(5):
        actions.set_message_aside(
            reason="r" * 900, task=f"t{number}", text="\0\ud800" + "x" * 9000
        )

    kept = SetAsideMessage.objects.order_by("pk")
    assert [m.task for m in kept] == ["t2", "t3", "t4"]
    assert {(len(m.reason), len(m.text)) for m in kept} == {(300, actions.TEXT_MAX)}


def test_a_redis_that_is_away_is_red_though_its_standby_answers(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"unix://{tmp_path / 'nobody.sock'}",
        }
    }

    status, answer = ask(client)

    assert status == 503
    assert [p["kind"] for p in answer["problems"]] == ["cache"]  # type: ignore[attr-defined]


# Told once

BEGIN = datetime(2026, 11, 26, 12, tzinfo=timezone.get_default_timezone())
STILL = [health.Problem("clock", "Scheduled work has stopped.")]


def at(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def told() -> int:
    return Delivery.objects.filter(kind=Delivery.Kind.NOTICE).count()


def test_the_owner_is_told_once_and_again_only_after_it_was_well() -> None:
    make_member(owner_since=timezone.now())
    make_member()
    counts = []

    for minutes in range(60):
        actions.note_standstill(STILL, now=at(minutes))
        counts.append(told())
    actions.note_standstill([], now=at(61))  # a short pause does not end it
    actions.note_standstill(STILL, now=at(62))
    actions.note_standstill(STILL, now=at(75))
    assert told() == 1
    actions.note_standstill([], now=at(86))
    actions.note_standstill(STILL, now=at(90))
    actions.note_standstill(STILL, now=at(100))

    assert counts == [0] * 10 + [1] * 50
    assert told() == 2
    first, second = Standstill.objects.order_by("pk")
    assert (first.began_at, first.ended_at) == (at(0), at(75))
    assert (second.began_at, second.ended_at) == (at(90), None)


def test_what_is_only_to_be_looked_at_and_what_passes_quickly_tells_nobody() -> None:
    make_member(owner_since=timezone.now())

    actions.note_standstill([health.Problem("disk", "low", is_red=False)], now=at(0))
    actions.note_standstill([health.Problem("disk", "low", is_red=False)], now=at(30))
    actions.note_standstill(STILL, now=at(40))
    actions.note_standstill([], now=at(45))
    actions.note_standstill([], now=at(90))

    assert told() == 0


def test_the_notice_goes_out_as_a_mail_that_says_what_stood_still(
    mailoutbox: list, settings: Settings, tmp_path: Path
) -> None:
    from mail.actions import send_waiting

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_group()
    make_member(email="owner@example.org", owner_since=timezone.now())
    actions.note_standstill(STILL, now=timezone.now() - timedelta(minutes=11))
    actions.note_standstill(STILL, now=timezone.now())

    assert send_waiting().sent == 1

    [mail] = mailoutbox
    assert mail.to == ["owner@example.org"]
    assert mail.subject == "Something has stopped: Scheduled work"
    for body in (mail.body, mail.alternatives[0].content):
        assert "Scheduled work has stopped." in body
        assert "http://testserver/health/" in body
        assert "nsubscribe" not in body


def test_the_owners_pages_say_what_stands_still(client: Client) -> None:
    make_group()
    actions.note_standstill(STILL, now=timezone.now())
    client.force_login(make_member())
    seen_by_member = client.get("/").text
    client.force_login(make_member(owner_since=timezone.now()))

    assert "Scheduled work has stopped." in client.get("/").text
    assert "Scheduled work has stopped." not in seen_by_member
