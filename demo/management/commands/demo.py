"""`manage.py demo`: fill an empty data folder with a believable study group, and print
sign-in links.

The papers it announces are real, of May and June 2025; their announcement
days are moved onto the weekdays of the last four weeks, so that the pages
are alive. People and conversations are invented. The same seed on the same
day makes the same group.
"""

import socket
import time
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.core.management import (
    BaseCommand,
    CommandError,
    CommandParser,
    call_command,
)
from django.utils import timezone

from config.network import THIS_MACHINE
from config.started import typed
from demo import filling, people, source
from members import actions
from members.models import Member, StudyGroup


class Command(BaseCommand):
    help = (
        "Fill an empty data folder with a believable study group of any size. The "
        "site may be running meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--members", type=int, default=40, help="how many (3 or more)"
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="another number, another group"
        )
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            help="the day on which the group's time ends",
        )
        parser.add_argument(
            "--links", action="store_true", help="only make new sign-in links"
        )

    def handle(
        self,
        *,
        members: int,
        seed: int,
        today: date | None,
        links: bool,
        verbosity: int,
        **options: Any,
    ) -> None:
        if links:
            self.print_links()
            return
        if members < 3:
            raise CommandError(
                "A study group needs at least 3 members: an owner, a curator and a moderator."
            )
        today = today or datetime.now(UTC).date()
        if today > datetime.now(UTC).date():
            raise CommandError(f"{today} is in the future.")
        begun = time.monotonic()
        self.verbosity = verbosity
        self.say("Preparing the database and the built-in curricula ...")
        self.prepare()
        filling.fill(members, seed=seed, today=today, say=self.say)
        call_command("index", verbosity=0)
        self.say(
            f"“{source.people().group}” is ready after {time.monotonic() - begun:.0f} "
            f"s, with seed {seed}."
        )
        self.print_links()
        for line in starting_lines(settings.PORT, free_port(settings.PORT)):
            self.say(line)

    def say(self, line: str) -> None:
        """At once, also into a pipe."""
        if self.verbosity:
            self.stdout.write(line)
            self.stdout.flush()

    def prepare(self) -> None:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        self.refuse_unless_empty()
        call_command("import_curricula", verbosity=0)

    def refuse_unless_empty(self) -> None:
        group = StudyGroup.objects.first()
        if group is None and not Member.objects.exists():
            return
        name = ""
        if group:
            name = f" (“{group.name}”)"
        is_demo = Member.objects.filter(email__endswith=f"@{people.DOMAIN}").exists()
        hint = ""
        if is_demo:
            hint = f" New sign-in links for this demo: {typed('demo --links')}."
        raise CommandError(
            f"The data folder {settings.DATA_DIR} holds a study group already{name}, "
            "and the demo changes nobody's "
            f"group. Choose another folder: make demo DATA_DIR=demo-data.{hint}"
        )

    def print_links(self) -> None:
        """Sign-in links for the owner, a curator, a moderator and two
        members, as far as the group has them.
        """
        now = timezone.now()
        found = members_with_links()
        if not found:
            raise CommandError(
                "This data folder holds no demo group. Fill an empty one with: make demo"
            )
        self.stdout.write("Sign-in links, each good for one use within a day:")
        for role, member in found:
            token = actions.make_sign_in_link(member, now=now)
            self.stdout.write(
                f"  {role:<10} {member.name:<16} {settings.SITE_URL}/sign-in/{token}/"
            )


def starting_lines(port: int, free: int) -> list[str]:
    """What to do next; `free` is a port that nothing listens on."""
    lines = [
        (
            "Owners, curators and moderators are led to set up a second factor before "
            "they use their role."
        )
    ]
    if port == free:
        return [
            *lines,
            f"Start the site: make up DATA_DIR={settings.DATA_DIR} PORT={port}",
        ]
    return [
        *lines,
        (
            f"Port {port} is in use. If that is this demo, open a link. If not, start it "
            "on another port:"
        ),
        (
            f"  make up DATA_DIR={settings.DATA_DIR} PORT={free}  (and read {free} for "
            f"{port} in the links)"
        ),
    ]


def free_port(first: int) -> int:
    """The first port from `first` on that nothing listens on; `first`
    where all of a hundred are taken.
    """
    for port in range(first, min(first + 100, 65536)):
        with socket.socket() as probe:
            if probe.connect_ex((THIS_MACHINE[1], port)):
                return port
    return first


def members_with_links() -> list[tuple[str, Member]]:
    """The role and the member, for the first five of the cast who
    are here.
    """
    cast = source.people().cast[:5]
    emails = [people.email_of(character.name, 0) for character in cast]
    here = {
        member.email: member
        for member in Member.objects.active().filter(email__in=emails)
    }
    return [
        (c.role or "member", here[email])
        for c, email in zip(cast, emails, strict=True)
        if email in here
    ]
