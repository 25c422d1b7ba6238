"""`manage.py prepare`: bring database, built-in curricula and static files up to date. Safe to run again."""

from typing import Any

from django.core.management import BaseCommand, call_command

from members.management.static_files import collect_static
from members.setup import first_run_lines


class Command(BaseCommand):
    help = "Migrate, import the built-in curricula, collect the static files."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("import_curricula", verbosity=0)
        collect_static()
        for line in first_run_lines():
            self.stdout.write(line)
