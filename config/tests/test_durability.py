"""A commit on SQLite is on the disk before anybody is told, whoever opens
the connection.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FULL = 2

# A command, a thread of the web server and a task of the worker each open
# their own connection.
ASK = """
import threading
import django
django.setup()
from celery import shared_task
from django.db import connection
from config.celery import app

def ask(name):
    with connection.cursor() as cursor:
        answers = [
            cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
            for pragma in ("synchronous", "journal_mode")
        ]
    print(name, *answers, flush=True)
    connection.close()

@app.task
def task():
    ask("worker")

ask("command")
ask("command")
thread = threading.Thread(target=ask, args=["thread"])
thread.start()
thread.join()
from django.test import RequestFactory
from config.wsgi import application
import config.urls
from django.urls import path
from django.http import HttpResponse
from django.contrib.auth.decorators import login_not_required

@login_not_required
def view(request):
    ask("web")
    return HttpResponse()

config.urls.urlpatterns.insert(0, path("ask/", view))
from django.test import Client
Client(HTTP_HOST="127.0.0.1:8000").get("/ask/")
app.conf.task_always_eager = True
worker = threading.Thread(target=task.delay)
worker.start()
worker.join()
"""


@pytest.mark.parametrize("address", ["", "sqlite:///{folder}/named.sqlite3"])
def test_every_connection_to_sqlite_waits_for_the_disk(tmp_path, address):
    names = ("DATABASE_URL", "TEST_DATABASE_URL", "EMAIL_URL", "REDIS_URL", "SITE_URL")
    environment = {
        name: value for name, value in os.environ.items() if name not in names
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "x" * 50,
    }
    if address:
        environment["DATABASE_URL"] = address.format(folder=tmp_path)

    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout.split("\n")[:-1] == [
        f"{who} {FULL} wal" for who in ("command", "command", "thread", "web", "worker")
    ]
