from typing import Any

from django.core.management.base import BaseCommand

import pictures.actions
from community import actions
from community.actions import polls


class Command(BaseCommand):
    help = "Count comments, reactions, votes and bytes again, and find the newest activity."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong, seen = actions.recount()
        self.stdout.write(f"Put right: {wrong} of {seen} posts and comments.")
        wrong, seen = polls.recount_polls()
        self.stdout.write(f"Put right: {wrong} of {seen} polls.")
        wrong = pictures.actions.recount()
        self.stdout.write(f"Put right: {wrong} bytes of pictures and files.")
