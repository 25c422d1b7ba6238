"""`manage.py let_in EMAIL`: a sign-in link for who is locked out, such as an owner
whose mail or phone is gone.
"""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from members import actions
from members.models import Member
from members.proof import has_second_factor

HOUR = timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Print a link that signs a member in once, within an hour. Whoever can run "
        "this can be anybody."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="an address of the member")
        parser.add_argument(
            "--forget-second-factor",
            action="store_true",
            help="also take away the app, passkeys and recovery codes, for new ones, "
            "and end all sessions",
        )

    def handle(self, *, email: str, forget_second_factor: bool, **options: Any) -> None:
        member = Member.objects.active().with_address(email).first()
        if member is None:
            raise CommandError(f"No member who can sign in has the address {email}.")
        if forget_second_factor:
            count, _rows = Authenticator.objects.filter(user=member).delete()
            self.stdout.write(f"{count} second factors of {member} were taken away.")
            ended = end_sessions(member)  # the one who has the phone may be signed in
            self.stdout.write(f"{ended} sessions of {member} were ended.")
        elif has_second_factor(member):
            self.stdout.write(
                "The second factor is still asked for; --forget-second-factor takes it away."
            )
        token = actions.make_sign_in_link(member, now=timezone.now(), valid_for=HOUR)
        self.stdout.write(f"This link signs {member} in once, within an hour:")
        self.stdout.write(f"  {settings.SITE_URL}/sign-in/{token}/")


def end_sessions(member: Member) -> int:
    """Sign `member` out in every browser; gives the number of sessions."""
    sessions = list(UserSession.objects.filter(user=member))
    for session in sessions:
        session.end()
    return len(sessions)
