"""Which members a run has to look at.

For each member two moments are stored, one for digests and one for reminders. Before
that moment she cannot be due, so no run looks at her, and a tick on which nobody is due
costs nothing. The rules in `digests` and `reminders` say who of the others is due. They
also say when each is looked at next; it is never more than eight days ahead.

What changes the answer earlier sets the moment back to long ago: mail preferences in
`mail.actions`, the time zone in `members.forms.profile`.
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
    """The address of a member that mail goes to, while it waits for its confirmation."""
    return EmailAddress.objects.filter(email=F("user__email"), verified=False)


def reachable() -> MemberQuerySet:
    """Members who may get mail, with their preferences.

    An address that waits for its confirmation gets no mail but that one: it may be
    somebody else's.
    """
    unconfirmed = unconfirmed_addresses().filter(user=OuterRef("pk"))
    members = Member.objects.active().filter(~Exists(unconfirmed))
    return members.select_related("mail_preference")


def in_batches(members: MemberQuerySet) -> Iterator[list[Member]]:
    last = 0
    while batch := list(members.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def candidates(kind: LastLook.Kind, now: datetime) -> Iterator[list[Member]]:
    """Reachable members whose moment has come, in batches, who waits longest first."""
    field = kind.member_field
    members = reachable().filter(**{f"{field}__lte": now}).order_by(field, "pk")
    batch = list(members[:BATCH])
    while batch:
        last = batch[-1]
        yield sorted(batch, key=lambda member: member.pk)
        moment = getattr(last, field)
        later = Q(**{f"{field}__gt": moment}) | Q(**{field: moment}, pk__gt=last.pk)
        # The first bound follows from the second; with it the index is read from there.
        batch = list(members.filter(later, **{f"{field}__gte": moment})[:BATCH])


def begin(kind: LastLook.Kind, now: datetime) -> None:
    """Look at everybody again, if a clock that was ahead has stored moments."""
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
    """Say when each of the batch is looked at next.

    Nothing is stored for a member who changed since the batch was read: her moment is
    one that the batch has not.
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
