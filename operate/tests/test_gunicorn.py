"""The site is loaded before the web processes fork; what only one process can use
is opened after it.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml
from django.db import connection

from operate import gunicorn
from operate.up import ROOT

LOAD = """
import gc, os
import config.wsgi
from operate.gunicorn import pre_fork
pre_fork(None, None)
assert gc.get_freeze_count() > 100_000
from django.template import engines
environment = engines["jinja2"].env
assert len(environment.cache) == len(environment.list_templates())
for number in os.listdir("/proc/self/fd"):
    if os.path.exists(f"/proc/self/fd/{number}"):
        print(os.readlink(f"/proc/self/fd/{number}"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_is_open_when_the_site_is_loaded(tmp_path: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment |= {"DATA_DIR": str(tmp_path), "REDIS_URL": "", "DATABASE_URL": ""}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )

    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    files = done.stdout.splitlines()
    assert [name for name in files if name.startswith("socket:")] == []
    assert [name for name in files if name.startswith(str(tmp_path))] == []


@pytest.mark.django_db
def test_a_connection_to_the_database_is_not_carried_over_a_fork() -> None:
    connection.ensure_connection()

    with pytest.raises(gunicorn.CarriedOver):
        gunicorn.pre_fork(None, None)


def test_a_thread_is_not_carried_over_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.connections.all", lambda initialized_only: [])
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(gunicorn.CarriedOver):
            gunicorn.pre_fork(None, None)
    finally:
        done.set()
        thread.join()


def test_the_image_and_compose_run_gunicorn_with_these_settings() -> None:
    [command] = [
        line.removeprefix("CMD ")
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.startswith("CMD ")
    ]
    web = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["web"]

    assert yaml.safe_load(command) == web["command"]
    assert "--config python:operate.gunicorn" in " ".join(web["command"])


LOAD_A_WORKER = """
import gc
from config.celery import app
import django
django.setup()
from celery import signals
from operate import consumer
signals.worker_ready.disconnect(consumer.watch_for_hanging)
signals.worker_ready.send(sender=None)
assert gc.get_freeze_count() > 100_000
assert gc.isenabled()
from django.urls import get_resolver
assert get_resolver()._populated
"""


def test_a_worker_is_loaded_before_its_first_task(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", LOAD_A_WORKER],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(tmp_path)},
        check=True,
    )
