"""Which digests are due at a given moment, each in its member's time zone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, QuerySet

from mail.due import looks
from mail.due.slots import APART, CATCH_UP, Slot, next_slot, week_key, weekly
from mail.ledger import EARLY
from mail.models import CLOCKS_DIFFER, Delivery, LastLook, preference_of
from members.models import Member

# how long after CATCH_UP missed digests are looked for
MISSED_WITHIN = timedelta(days=7)
NEWCOMERS_WAIT = timedelta(hours=24)
# a member who does not finish the welcome screens counts as welcomed after this time
WELCOME_LASTS = timedelta(hours=24)


@dataclass(slots=True)
class DigestLook:
    """The result of checking a batch of members."""

    batch: list[Member]
    due: dict[str, list[Member]] = field(default_factory=dict)  # by week key
    missed: dict[str, list[Member]] = field(default_factory=dict)  # by week key
    next_at: dict[int, datetime] = field(default_factory=dict)  # by member id

    def store(self, now: datetime) -> None:
        """Store `next_at`. Call it after the due and missed digests are written."""
        looks.store(LastLook.Kind.DIGEST, self.batch, self.next_at, now)


@dataclass(frozen=True, slots=True)
class _Had:
    """The digests of one member: the weeks that are written, and the time of the last."""

    keys: frozenset[str]
    last_at: datetime | None


NOTHING = _Had(frozenset(), None)


def due_digests(now: datetime) -> Iterator[tuple[str, list[Member]]]:
    """Yield week keys with the members whose digest of that week is due and not written,
    at most looks.BATCH members at a time.
    """
    for look in digest_looks(now):
        yield from look.due.items()


def missed_digests(now: datetime) -> Iterator[tuple[str, list[Member]]]:
    """Yield week keys with the members whose digest was due while the site was off, and
    can no longer be caught up.

    Only members who got digests before and still want them: a new site has missed
    nothing.
    """
    for look in digest_looks(now):
        yield from look.missed.items()


def digest_looks(now: datetime) -> Iterator[DigestLook]:
    """Check the members whose stored moment has come, in batches of three queries."""
    for batch in looks.candidates(LastLook.Kind.DIGEST, now):
        had = _had(batch, now)
        look = DigestLook(batch)
        for member in batch:
            _look_at(member, had.get(member.pk, NOTHING), look, now)
        yield look


def digests_sent(now: datetime) -> QuerySet[Delivery]:
    """The deliveries that count as a digest that a member got. Those that a wrong clock
    dated into the future do not.
    """
    digests = Delivery.objects.filter(
        kind=Delivery.Kind.DIGEST, missed_at=None, written_at__lte=now + CLOCKS_DIFFER
    )
    return digests.exclude(key__contains=EARLY)


class DigestRow(NamedTuple):
    key: str
    written_at: datetime
    missed_at: datetime | None


def counts_as_sent(digest: DigestRow, now: datetime) -> bool:
    """Whether `digests_sent` would include this row."""
    is_of_now = digest.written_at <= now + CLOCKS_DIFFER and EARLY not in digest.key
    return digest.missed_at is None and is_of_now


def is_welcomed(member: Member, now: datetime) -> bool:
    """Whether the member has left the welcome screens.

    No rule has to check it: a digest is due only for members who joined a day before
    their hour, and a reminder only for members who joined a week ago.
    """
    has_left = member.onboarded_at is not None and member.onboarded_at <= now
    return has_left or member.joined_at <= now - WELCOME_LASTS


def _had(batch: Sequence[Member], now: datetime) -> Mapping[int, _Had]:
    weeks = {week_key((now + timedelta(days=n)).date()) for n in range(-21, 3)}
    written = Delivery.objects.filter(
        member__in=batch, kind=Delivery.Kind.DIGEST, key__in=weeks
    )
    keys: dict[int, set[str]] = {}
    for member_id, key in written.values_list("member_id", "key"):
        keys.setdefault(member_id, set()).add(key)
    sent = digests_sent(now).filter(member__in=batch).order_by()
    last = dict(sent.values_list("member_id").annotate(Max("written_at")))
    return {
        pk: _Had(frozenset(keys.get(pk, ())), last.get(pk)) for pk in {*keys, *last}
    }


def _look_at(member: Member, had: _Had, look: DigestLook, now: datetime) -> None:
    preference = preference_of(member)
    day_and_hour = preference.digest_weekday, preference.digest_hour
    zone = member.zone
    moments = [next_slot(zone, *day_and_hour, now).at]
    furthest = now - CATCH_UP - MISSED_WITHIN
    for slot in weekly(zone, *day_and_hour, after=furthest, until=now):
        if slot.key in had.keys or not _is_wanted(member, slot):
            continue
        if slot.at <= now - CATCH_UP:
            if _was_waiting(member, slot, had.last_at):
                look.missed.setdefault(slot.key, []).append(member)
        elif _is_due(member, slot, had.last_at):
            look.due.setdefault(slot.key, []).append(member)
        else:
            # From then on the digest may count as missed.
            moments.append(slot.at + CATCH_UP)
    look.next_at[member.pk] = min(moments)


def _is_wanted(member: Member, slot: Slot) -> bool:
    """Whether the member has neither stopped the digest nor paused mail on that day."""
    preference = preference_of(member)
    if preference.digest_stopped_at:
        return False
    return preference.paused_until is None or preference.paused_until <= slot.on


def _is_due(member: Member, slot: Slot, last_at: datetime | None) -> bool:
    """Whether the member joined at least a day before the slot, and the last digest is
    long enough ago. It may not be, if the member has moved their day since.

    A slot for which the member was too new is not caught up later.
    """
    if member.joined_at > slot.at - NEWCOMERS_WAIT:
        return False
    return last_at is None or last_at <= slot.at - APART


def _was_waiting(member: Member, slot: Slot, last_at: datetime | None) -> bool:
    changed_at = preference_of(member).changed_at
    if last_at is None or last_at > slot.at - APART:
        return False
    return changed_at is None or changed_at <= slot.at
