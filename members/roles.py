"""Who is owner, curator and moderator, and every change to it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.models import Member
from members.securitylog import note

ROLES = {
    "owner": "owner_since",
    "curator": "curator_since",
    "moderator": "moderator_since",
}


class RoleRefused(Exception):
    """A change of roles that would leave the group without an owner, or
    give a role to nobody. The text says why.
    """


@transaction.atomic
def give_role(member: Member, role: str, *, by: str, now: datetime) -> bool:
    """Give `member` the role. Return False if the member had it already.

    Raises RoleRefused for somebody who cannot sign in.
    """
    if not member.is_active:
        raise RoleRefused(
            _("This member cannot sign in, so a role would be of no use.")
        )
    given = Member.objects.filter(
        pk=member.pk, **{f"{ROLES[role]}__isnull": True}
    ).update(**{ROLES[role]: now})
    if given:
        transaction.on_commit(
            lambda: note("role given", member=member.pk, role=role, by=by)
        )
    return bool(given)


@transaction.atomic
def take_role(member: Member, role: str, *, by: str) -> bool:
    """Take the role from `member`. Return False if the member did not have it.

    Raises RoleRefused for the last owner who can sign in.
    """
    if role == "owner":
        owners = (
            Member.objects.active()
            .filter(owner_since__isnull=False)
            .select_for_update(no_key=True)
        )
        if {owner.pk for owner in owners} == {member.pk}:
            raise RoleRefused(
                _("A group must have an owner. Give the role to somebody else first.")
            )
    taken = Member.objects.filter(
        pk=member.pk, **{f"{ROLES[role]}__isnull": False}
    ).update(**{ROLES[role]: None})
    if taken:
        transaction.on_commit(
            lambda: note("role taken", member=member.pk, role=role, by=by)
        )
    return bool(taken)


def roles_of(member: Member) -> list[str]:
    return [role for role, field in ROLES.items() if getattr(member, field)]
