"""`manage.py prepare`: bring database, built-in curricula and static files up to date.

Safe to run again.
"""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection

from members.setup import first_run_lines
from operate import schema, storage
from operate.static_files import collect_static

COPY = "before-upgrade.sqlite3"


class Command(BaseCommand):
    help = "Migrate, import the built-in curricula, collect the static files."

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
        if difference.missing:
            if not difference.is_empty:
                self.copy_database()
            call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("import_curricula", verbosity=0)
        collect_static()

    def copy_database(self) -> None:
        """Keep the database as it was before the upgrade. PostgreSQL's owner makes her own."""
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
