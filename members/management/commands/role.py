"""`manage.py role give ines@example.org curator`: who is owner, curator and moderator,
from the machine itself.
"""

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

from config.started import typed
from members.models import Member
from members.roles import ROLES, RoleRefused, give_role, roles_of, take_role


class Command(BaseCommand):
    help = (
        "Give a member a role, take it away, or list who has one. It needs no "
        "sign-in, only this machine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("deed", choices=["give", "take", "list"])
        parser.add_argument(
            "email", nargs="?", help="the address that the member signs in with"
        )
        parser.add_argument(
            "role", nargs="?", choices=[*ROLES], help="owner, curator or moderator"
        )

    def handle(
        self, *, deed: str, email: str | None, role: str | None, **options: object
    ) -> None:
        if deed == "list":
            self.list_roles(email)
            return
        if not email or not role:
            raise CommandError(
                f"Say who and which role: {typed(f'role {deed} ines@example.org curator')}"
            )
        member = self.find(email)
        try:
            changed = self.change(deed, member, role)
        except RoleRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{member.name or member.email} {changed}.")

    def change(self, deed: str, member: Member, role: str) -> str:
        named = f"a {role}"
        if role[0] in "aeiou":
            named = f"an {role}"
        if deed == "give":
            given = give_role(member, role, by="command", now=timezone.now())
            if given:
                return f"is now {named}"
            return f"was {named} already"
        if take_role(member, role, by="command"):
            return f"is no longer {named}"
        return f"was not {named}"

    def list_roles(self, email: str | None) -> None:
        if email:
            members = [self.find(email)]
        else:
            has_role = (
                Q(owner_since__isnull=False)
                | Q(curator_since__isnull=False)
                | Q(moderator_since__isnull=False)
            )
            members = list(Member.objects.filter(has_role).order_by("pk"))
        if not members:
            self.stdout.write(
                "Nobody has a role yet. Open the site and finish the first-run page."
            )
        for member in members:
            words = ", ".join(roles_of(member)) or "no role"
            if member.is_active:
                note = ""
            else:
                note = ", cannot sign in"
            self.stdout.write(f"{member.email}  {member.name}  {words}{note}")

    def find(self, email: str) -> Member:
        member = Member.objects.filter(email=email.strip().lower()).first()
        if member is None:
            raise CommandError(
                f"No member signs in with {email}. “{typed('role list')}” shows who has a role."
            )
        return member
