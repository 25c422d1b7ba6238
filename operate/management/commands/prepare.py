"""`manage.py prepare`: bring database, built-in curricula and static files up to date.

It can be run again at any time. Parts that have not changed since then are skipped.
"""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from members.actions import give_handles
from members.setup import first_run_lines
from operate import actions, prepared, schema, storage
from operate.static_files import collect_static

COPY = "before-upgrade.sqlite3"


class Command(BaseCommand):
    help = "Migrate, import the built-in curricula, collect the static files."
    # Run below, and only if something has changed: system checks load every page.
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.prepare()
        except (DatabaseError, OSError) as error:
            trouble = storage.trouble(error)
            if isinstance(error, PermissionError):
                trouble = storage.READ_ONLY
            if not trouble:
                raise
            raise CommandError(storage.sentence(trouble, error)) from error
        for line in first_run_lines():
            self.stdout.write(line)

    def prepare(self) -> None:
        difference = schema.difference()
        if difference.unknown:
            raise CommandError(schema.too_new(difference.unknown))
        digest = prepared.digest()
        if not difference.missing and prepared.is_prepared(digest):
            collect_static()
            return
        self.check()
        if difference.missing:
            if not difference.is_empty:
                self.copy_database()
            call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("import_curricula", verbosity=0)
        give_handles()
        actions.note_prepared(prepared.CURRICULA, digest, now=timezone.now())
        collect_static()

    def copy_database(self) -> None:
        """Copy the SQLite database before an upgrade.

        Nothing is copied from PostgreSQL: its host makes the backups.
        """
        name = Path(settings.DATABASES["default"]["NAME"] or "")
        if connection.vendor != "sqlite" or not name.is_file():
            return
        copy = settings.DATA_DIR / COPY
        draft = copy.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [os.fspath(draft)])
        draft.replace(copy)
        self.stderr.write(
            f"The database is upgraded; as it was before, it is in {copy}."
        )
