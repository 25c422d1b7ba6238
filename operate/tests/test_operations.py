import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from config.celery import app
from members.setup import first_run_lines, setup_token
from members.tasks import clear_sessions
from members.tests.make import make_group
from operate.beat import make_app
from operate.heartbeat import HEARTBEAT_KEY
from operate.static_files import collect_static
from operate.tasks import heartbeat

pytestmark = pytest.mark.django_db


def test_the_heartbeat_is_alive_after_a_worker_answered_beat() -> None:
    with pytest.raises(CommandError, match="No worker has answered yet"):
        call_command("heartbeat")

    heartbeat()

    said = StringIO()
    call_command("heartbeat", stdout=said)
    assert "A worker answered 0 s ago" in said.getvalue()


def test_an_old_heartbeat_is_a_failure() -> None:
    cache.set(HEARTBEAT_KEY, time.time() - 500)

    with pytest.raises(CommandError, match="500 s old"):
        call_command("heartbeat")


def test_the_host_is_told_how_to_become_owner_until_there_is_one() -> None:
    assert first_run_lines()[1].endswith(f"/set-up/?token={setup_token()}")

    make_group()

    assert first_run_lines() == []


def test_static_files_are_collected_once_and_again_when_one_changed(
    tmp_path: Path, settings: Settings
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a{color:red}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "static"

    collect_static()
    (tmp_path / "static" / "a.css").unlink()
    collect_static()
    assert not (tmp_path / "static" / "a.css").exists()

    (source / "a.css").write_text("a{color:darkred}")
    collect_static()
    assert (tmp_path / "static" / "a.css").read_text() == "a{color:darkred}"


def test_ended_sessions_are_cleared() -> None:
    Session.objects.create(
        session_key="old",
        session_data="",
        expire_date=timezone.now() - timedelta(days=1),
    )

    clear_sessions()

    assert not Session.objects.exists()


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()

    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["task"] in app.tasks, name


def test_the_clock_knows_every_time_of_the_schedule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.test_settings")

    schedule = make_app().conf.beat_schedule
    app.set_current()  # as before

    assert schedule.keys() == settings.CELERY_BEAT_SCHEDULE.keys()
    assert schedule["harvest"]["schedule"] == crontab(minute=20)
    assert schedule["clear-sessions"]["schedule"] == crontab(hour=4, minute=10)
    assert schedule["send-due-digests"]["schedule"] == settings.TICK


def test_the_supervisor_loads_neither_celery_nor_the_site() -> None:
    load = (
        "import sys; import operate.up; import config.settings; "
        "print(sorted({'celery', 'kombu', 'django.db', 'django.http'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", load],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"
