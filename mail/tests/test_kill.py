"""Workers that are killed at any moment, on a database in a file: each
member still gets exactly one mail.

What a kill leaves open heals by itself in the outbox. With SMTP the one
mail whose answer nobody heard is unconfirmed, visible and not sent again.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

from mail.tests.smtp import smtp_server

MEMBERS = 60
EVERYONE = {f"m{n}@example.org" for n in range(MEMBERS)}
SUNDAY = datetime(2026, 11, 22, 18, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
MAKE = f"""
import django; django.setup()
from datetime import datetime, UTC
from django.core.management import call_command
call_command("migrate", verbosity=0)
from members.tests.make import make_group, make_member
make_group()
then = datetime(2026, 1, 1, tzinfo=UTC)
for n in range({MEMBERS}):
    address = f"m{{n}}@example.org"
    make_member(name=f"Member {{n}}", email=address, joined_at=then, onboarded_at=then)
"""


class Site:
    """A site on a file of its own, with workers to start and to kill."""

    def __init__(self, data_dir, **more):
        names = (
            "DATABASE_URL",
            "TEST_DATABASE_URL",
            "EMAIL_URL",
            "REDIS_URL",
            "SITE_URL",
        )
        self.data_dir = data_dir
        self.environment = {
            name: value for name, value in os.environ.items() if name not in names
        }
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(data_dir),
            "SECRET_KEY": "x" * 50,
            "LOG_LEVEL": "ERROR",
            **more,
        }

    def __enter__(self):
        subprocess.run(
            [sys.executable, "-c", MAKE],
            cwd=ROOT,
            env=self.environment,
            check=True,
            timeout=120,
        )
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "mail.tests.worker"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.database = sqlite3.connect(self.data_dir / "minibatch.sqlite3", timeout=30)
        return self

    def __exit__(self, *_error):
        self.database.close()
        self.nursery.communicate(timeout=60)

    def _ask(self, line):
        self.nursery.stdin.write(f"{line}\n")
        self.nursery.stdin.flush()
        return self.nursery.stdout.readline().split()

    def start(self, now):
        return int(self._ask(now.isoformat())[0])

    def wait(self):
        """The exit codes of the workers that were started since."""
        return [int(code) for code in self._ask("wait")]

    def rows(self, what):
        return self.database.execute(what).fetchall()

    def count(self, condition):
        return self.rows(f"select count(*) from mail_delivery where {condition}")[0][0]  # noqa: S608

    def kill_one(self, now, moment):
        """Start a worker and kill it when it has sent `moment` mails, or a
        few milliseconds after that.
        """
        before = self.count("sent_at is not null")
        pid, give_up = self.start(now), time.monotonic() + 20
        # the first one writes them all
        while not self.count("claim is not null") and time.monotonic() < give_up:
            time.sleep(0.001)
        while (
            self.count("sent_at is not null") < before + moment
            and time.monotonic() < give_up
        ):
            pass
        time.sleep(random.random() * 0.01)
        os.kill(pid, signal.SIGKILL)
        self.wait()

    def kill_many(self, kills, seed):
        """Kill `kills` workers at moments that the seed chooses.

        Gives back when the last claim has gone stale.
        """
        random.seed(seed)
        now = SUNDAY
        for _ in range(kills):
            self.kill_one(now, random.randint(0, 4))
            now += timedelta(minutes=16)
        return now

    def finish(self, now):
        """Two workers at once, and one more for what they left."""
        for _ in range(2):
            self.start(now)
        assert self.wait() == [0, 0]
        self.start(now + timedelta(minutes=16))
        assert self.wait() == [0]


def test_killed_workers_and_the_outbox_give_each_member_exactly_one_mail(tmp_path):
    with Site(tmp_path) as site:
        site.finish(site.kill_many(13, seed=1))

        mails = [
            message_from_bytes(path.read_bytes())
            for path in (tmp_path / "outbox").glob("*.eml")
        ]
        assert sorted(mail["To"] for mail in mails) == sorted(EVERYONE)
        assert (
            site.count("sent_at is not null and given_up_at is null")
            == MEMBERS
            == site.count("1")
        )


def by_smtp(settings):
    return {
        "EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
        "SITE_URL": "https://study.example.org",
    }


def test_killed_workers_and_smtp_double_nothing_and_show_what_nobody_can_know(
    tmp_path, settings
):
    with smtp_server(settings) as server, Site(tmp_path, **by_smtp(settings)) as site:
        site.finish(site.kill_many(13, seed=2))

        emails = "select email from mail_delivery join members_member m on m.id = member_id where "
        unconfirmed = {
            email
            for (email,) in site.rows(
                emails + "handed_over_at is not null and sent_at is null"
            )
        }
        sent = {email for (email,) in site.rows(emails + "sent_at is not null")}
        received = Counter(server.recipients)
        assert max(received.values()) == 1
        assert sent | unconfirmed == EVERYONE
        assert sent <= set(received)
        assert EVERYONE - set(received) <= unconfirmed
        assert len(unconfirmed) <= 13
