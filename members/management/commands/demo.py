"""`manage.py demo`: fill an empty data folder with a believable study group, and print sign-in links.

The papers it announces are real, of May and June 2025; their announcement days are moved onto the weekdays of the last
four weeks, so that the pages are alive. People and conversations are invented. The same seed on the same day makes the
same group.
"""

import time
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.utils import timezone

from members import actions
from members.management.demo import filling, people, source
from members.models import Member, StudyGroup


class Command(BaseCommand):
    help = "Fill an empty data folder with a believable study group of any size. The site may be running meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, default=40, help="how many (3 or more)")
        parser.add_argument("--seed", type=int, default=1, help="another number, another group")
        parser.add_argument("--today", type=date.fromisoformat, help="the day on which the group's time ends")
        parser.add_argument("--links", action="store_true", help="only make new sign-in links")

    def handle(
        self, *, members: int, seed: int, today: date | None, links: bool, verbosity: int, **options: Any
    ) -> None:
        if links:
            self.print_links()
            return
        if members < 3:
            raise CommandError("A study group needs at least 3 members: an owner, a curator and a moderator.")
        today = today or datetime.now(UTC).date()
        if today > datetime.now(UTC).date():
            raise CommandError(f"{today} is still to come.")
        self.prepare()
        begun = time.monotonic()
        say = self.stdout.write if verbosity else lambda _line: None
        filling.fill(members, seed=seed, today=today, say=say)
        say(f"“{source.people().group}” is ready after {time.monotonic() - begun:.0f} s, with seed {seed}.")
        self.print_links()
        say(f"Start the site with “make up DATA_DIR={settings.DATA_DIR} PORT={settings.PORT}”, if it is not running.")

    def prepare(self) -> None:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        self.refuse_unless_empty()
        call_command("import_curricula", verbosity=0)

    def refuse_unless_empty(self) -> None:
        group = StudyGroup.objects.first()
        if group is None and not Member.objects.exists():
            return
        name = f" (“{group.name}”)" if group else ""
        is_demo = Member.objects.filter(email__endswith=f"@{people.DOMAIN}").exists()
        hint = " New sign-in links for this demo: manage.py demo --links." if is_demo else ""
        raise CommandError(
            f"The data folder {settings.DATA_DIR} holds a study group already{name}, and the demo changes nobody's "
            f"group. Choose another folder: make demo DATA_DIR=demo-data.{hint}"
        )

    def print_links(self) -> None:
        """Sign-in links for the owner, a curator, a moderator and two members, as far as the group has them."""
        now = timezone.now()
        found = members_with_links()
        if not found:
            raise CommandError("This data folder holds no demo group. Fill an empty one with: make demo")
        self.stdout.write("Sign-in links, each good for one use within a day:")
        for role, member in found:
            token = actions.make_sign_in_link(member, now=now)
            self.stdout.write(f"  {role:<10} {member.name:<16} {settings.SITE_URL}/sign-in/{token}/")


def members_with_links() -> list[tuple[str, Member]]:
    """The role and the member, for the first five of the cast who are here."""
    cast = source.people().cast[:5]
    emails = [people.email_of(character.name, 0) for character in cast]
    here = {member.email: member for member in Member.objects.active().filter(email__in=emails)}
    return [(c.role or "member", here[email]) for c, email in zip(cast, emails, strict=True) if email in here]
