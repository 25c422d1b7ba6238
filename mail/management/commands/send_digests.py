"""`manage.py send_digests`: write and send digests, as the worker does at each tick."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.utils import timezone

from config.reach import has_outbox, why_mail_is_held
from mail import actions, coming
from mail.due.digests import due_digests


class Command(BaseCommand):
    help = (
        "Write and send the digests that are due now. "
        "--dry-run shows who is due and why others are not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="show who is due; write and send nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            self.show(now)
            return
        run = actions.send_digests(now)
        self.show_where()
        self.stdout.write(
            f"{run.sent} sent, {run.later} later, {run.given_up} given up, "
            f"{run.unconfirmed} unconfirmed."
        )
        if held := why_mail_is_held(settings.SITE_URL, settings.EMAIL_BACKEND):
            self.stdout.write(held)
        if run.stopped:
            self.stdout.write(f"The run stopped: {run.stopped}")

    def show_where(self) -> None:
        """Say where mails go, and where their links lead."""
        if has_outbox(settings.EMAIL_BACKEND):
            self.stdout.write(
                f"No mail server is set up, so mail is stored in {settings.OUTBOX_DIR}."
            )
        self.stdout.write(f"Links begin with {settings.SITE_URL}.")

    def show(self, now: Any) -> None:
        self.show_where()
        count = 0
        for week, members in due_digests(now):
            for member in members:
                self.stdout.write(f"{week}  {member.email}")
            count += len(members)
        self.stdout.write(f"{count} due. Nothing was written or sent.")
        for reason, number in coming.reasons(now).most_common():
            self.stdout.write(f"{number} not due: {reason.label}.")
