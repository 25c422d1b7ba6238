"""When a member's next digest is due, and why it is not due now. For the page of mail
preferences and for `send_digests --dry-run`.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from lists.statement import Statement
from mail.due.digests import (
    NEWCOMERS_WAIT,
    DigestRow,
    counts_as_sent,
    digests_sent,
    is_welcomed,
)
from mail.due.looks import in_batches, unconfirmed_addresses
from mail.due.slots import APART, CATCH_UP, Slot, instant
from mail.models import Delivery, Preference, preference_of
from members.models import Member

LOOKS_AHEAD = 60  # weeks; a pause is shorter
# how far back digests are read; older ones rule out no slot
LOOKS_BACK = timedelta(days=21)


class Reason(TextChoices):
    """Why a member's digest is not due."""

    UNCONFIRMED = "unconfirmed", _("their email address is not confirmed")
    WELCOME = "welcome", _("they are still in the welcome screens")
    STOPPED = "stopped", _("they stopped the digest")
    PAUSED = "paused", _("they paused mail")
    NEW = "new", _("they joined less than 24 hours before their hour")
    WRITTEN = "written", _("their digest of this week is written")
    JUST_HAD_ONE = (
        "just-had-one",
        _("they had another less than two days before their hour"),
    )
    LATER = "later", _("their day and hour have not come")


class _Address(NamedTuple):
    pk: int


_unconfirmed = Statement(
    _Address,
    lambda member: unconfirmed_addresses().filter(user=member).values_list("pk"),
    member=Member,
)

_digests = Statement(
    DigestRow,
    lambda member, since: Delivery.objects.filter(
        member=member, kind=Delivery.Kind.DIGEST, written_at__gt=since
    ).values_list(*DigestRow._fields),
    member=Member,
    since=datetime,
)


@dataclass(frozen=True, slots=True)
class Coming:
    """The next digest of a member. `at` is in the member's time zone; None for never."""

    at: datetime | None
    stopped: bool = False
    unconfirmed: bool = False
    is_due: bool = False
    first_waits: bool = False
    was_close: bool = False


def next_digest(member: Member, preference: Preference, now: datetime) -> Coming:
    """The member's next digest. `preference` may be unsaved. At most two queries."""
    if preference.digest_stopped_at:
        return Coming(at=None, stopped=True)
    if _unconfirmed(member=member):
        return Coming(at=None, unconfirmed=True)
    digests = _digests(member=member, since=now - LOOKS_BACK)
    written = {digest.key for digest in digests}
    # An older digest rules out no slot.
    last_at = max(
        (digest.written_at for digest in digests if counts_as_sent(digest, now)),
        default=None,
    )
    passed: set[Reason] = set()
    for slot in _slots_from(member, preference, now):
        reason = _in_the_way(member, preference, slot, written, last_at)
        if reason is None:
            return Coming(
                at=member.local(slot.at),
                is_due=slot.at <= now,
                first_waits=Reason.NEW in passed,
                was_close=Reason.JUST_HAD_ONE in passed,
            )
        if slot.at > now:
            passed.add(reason)
    return Coming(at=None)


def reasons(now: datetime) -> Counter[Reason]:
    """Count the active members whose digest is not due, by the first reason.

    Two queries for each batch of looks.BATCH members.
    """
    sent = (
        digests_sent(now)
        .filter(member=OuterRef("pk"))
        .order_by("-written_at")
        .values("written_at")[:1]
    )
    members = (
        Member.objects.active()
        .select_related("mail_preference")
        .annotate(
            is_unconfirmed=Exists(unconfirmed_addresses().filter(user=OuterRef("pk"))),
            last_digest_at=Subquery(sent),
        )
    )
    counted: Counter[Reason] = Counter()
    for batch in in_batches(members):
        written: dict[int, set[str]] = {}
        rows = Delivery.objects.filter(
            member__in=batch, kind=Delivery.Kind.DIGEST, written_at__gt=now - LOOKS_BACK
        )
        for member_id, key in rows.values_list("member_id", "key"):
            written.setdefault(member_id, set()).add(key)
        found = (
            _reason(member, written.get(member.pk, set()), now) for member in batch
        )
        counted.update(reason for reason in found if reason)
    return counted


def _reason(member: Member, written: Collection[str], now: datetime) -> Reason | None:
    """The first reason why the member's digest is not due now; None if it is due.

    Needs the annotations of `reasons`.
    """
    preference = preference_of(member)
    if member.is_unconfirmed:  # type: ignore[attr-defined]
        return Reason.UNCONFIRMED
    if preference.digest_stopped_at:
        return Reason.STOPPED
    if not is_welcomed(member, now):
        return Reason.WELCOME
    slot = next(_slots_from(member, preference, now))
    if slot.at > now:
        return Reason.LATER
    last_at: datetime | None = member.last_digest_at  # type: ignore[attr-defined]
    return _in_the_way(member, preference, slot, written, last_at)


def _slots_from(
    member: Member, preference: Preference, now: datetime
) -> Iterator[Slot]:
    """The member's slot of this week and the later ones, in order. Slots that are too
    long ago to be caught up are left out.
    """
    today = member.local(now).date()
    day = today - timedelta(days=(today.weekday() - preference.digest_weekday) % 7)
    for week in range(LOOKS_AHEAD):
        on = day + timedelta(weeks=week)
        at = instant(on, preference.digest_hour, member.zone)
        if at > now - CATCH_UP:
            yield Slot(on, preference.digest_hour, at)


def _in_the_way(
    member: Member,
    preference: Preference,
    slot: Slot,
    written: Collection[str],
    last_at: datetime | None,
) -> Reason | None:
    if slot.key in written:
        return Reason.WRITTEN
    if preference.paused_until and slot.on < preference.paused_until:
        return Reason.PAUSED
    if member.joined_at > slot.at - NEWCOMERS_WAIT:
        return Reason.NEW
    if last_at and last_at > slot.at - APART:
        return Reason.JUST_HAD_ONE
    return None
