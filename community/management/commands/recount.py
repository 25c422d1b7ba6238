from typing import Any

from django.core.management.base import BaseCommand

from community import actions


class Command(BaseCommand):
    help = "Count comments and reactions again, and find the newest activity of posts."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong, seen = actions.recount()
        self.stdout.write(f"Put right: {wrong} of {seen} posts and comments.")
