"""Compare every member's progress with what the log says; with --repair make the rows
again where they differ.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.models import Member
from progress import rebuild


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="make the rows again from the log where they differ",
        )

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        members = Member.objects.order_by("pk").iterator()
        differing = [
            member
            for member in members
            if rebuild.from_log(member) != rebuild.from_rows(member)
        ]
        for member in differing:
            self.stdout.write(f"member {member.pk} differs from the log")
            if repair:
                rebuild.rebuild(member)
        self.stdout.write(
            f"{len(differing)} differ{', repaired' if repair and differing else ''}"
        )
        if differing and not repair:
            raise CommandError(
                "Some rows are not what the log says. Make a backup, then run this with --repair."
            )
