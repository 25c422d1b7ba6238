"""Which members a run has to check.

For each member two moments are stored, one for digests and one for reminders. Before
that moment no mail can be due, so no run checks the member, and a run for which nothing
is due costs nothing. The rules in `digests` and `reminders` decide about the others.
They also set the next moment, which is never more than eight days ahead.

A change that may make mail due earlier sets the moment to long ago: of mail preferences
in `mail.actions`, of the time zone in `members.forms.profile`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from mail.models import CLOCKS_DIFFER, LastLook
from members.models import Member, MemberQuerySet

BATCH = 500


def unconfirmed_addresses() -> QuerySet[EmailAddress]:
    """Members' primary addresses that are not confirmed yet."""
    return EmailAddress.objects.filter(email=F("user__email"), verified=False)


def reachable() -> MemberQuerySet:
    """Members who may get mail, with their preferences and turns.

    An address that is not confirmed gets only the mail that asks to confirm it, since
    it may be somebody else's.
    """
    unconfirmed = unconfirmed_addresses().filter(user=OuterRef("pk"))
    members = Member.objects.active().filter(~Exists(unconfirmed))
    return members.select_related("mail_preference", "mail_turn")


def in_batches(members: MemberQuerySet) -> Iterator[list[Member]]:
    last = 0
    while batch := list(members.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def candidates(kind: LastLook.Kind, now: datetime) -> Iterator[list[Member]]:
    """Yield batches of reachable members whose moment has come, the earliest first."""
    field = kind.member_field
    members = reachable().filter(**{f"{field}__lte": now}).order_by(field, "pk")
    batch = list(members[:BATCH])
    while batch:
        last = batch[-1]
        yield sorted(batch, key=lambda member: member.pk)
        moment = getattr(last, field)
        later = Q(**{f"{field}__gt": moment}) | Q(**{field: moment}, pk__gt=last.pk)
        # The first bound follows from the second. With it the database starts reading
        # the index at that point.
        batch = list(members.filter(later, **{f"{field}__gte": moment})[:BATCH])


def begin(kind: LastLook.Kind, now: datetime) -> None:
    """Check everybody again, if a clock that was ahead has stored moments."""
    ahead = LastLook.objects.filter(kind=kind, looked_at__gt=now + CLOCKS_DIFFER)
    if ahead.exists():
        Member.objects.look_again()
        ahead.update(looked_at=now)


def store(
    kind: LastLook.Kind,
    batch: list[Member],
    next_at: Mapping[int, datetime],
    now: datetime,
) -> None:
    """Store when each member of the batch is checked next.

    Nothing is stored for a member whose moment was changed since the batch was read.
    """
    field = kind.member_field
    LastLook.objects.update_or_create(kind=kind, defaults={"looked_at": now})
    by_moment: dict[datetime, list[int]] = {}
    for pk, at in next_at.items():
        by_moment.setdefault(at, []).append(pk)
    moments = Case(
        *(When(pk__in=pks, then=Value(at)) for at, pks in by_moment.items()),
        output_field=DateTimeField(),
    )
    read = {getattr(member, field) for member in batch}
    unchanged = Member.objects.filter(pk__in=list(next_at), **{f"{field}__in": read})
    unchanged.update(**{field: moments})
