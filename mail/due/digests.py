"""Who is due for a digest at a given moment, each on her own clock."""

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

# after CATCH_UP: how long it is looked for what was missed
MISSED_WITHIN = timedelta(days=7)
NEWCOMERS_WAIT = timedelta(hours=24)
# who leaves the welcome screens is welcomed after so long
WELCOME_LASTS = timedelta(hours=24)


@dataclass(slots=True)
class DigestLook:
    """What a look at a batch of members gave."""

    batch: list[Member]
    due: dict[str, list[Member]] = field(default_factory=dict)  # by week key
    missed: dict[str, list[Member]] = field(default_factory=dict)  # by week key
    next_at: dict[int, datetime] = field(default_factory=dict)  # by member id

    def store(self, now: datetime) -> None:
        """To be called when what was due and missed is written."""
        looks.store(LastLook.Kind.DIGEST, self.batch, self.next_at, now)


@dataclass(frozen=True, slots=True)
class _Had:
    """The digests of one member: the weeks of those that are written, and when the
    last one came.
    """

    keys: frozenset[str]
    last_at: datetime | None


NOTHING = _Had(frozenset(), None)


def due_digests(now: datetime) -> Iterator[tuple[str, list[Member]]]:
    """Week keys with members, at most looks.BATCH at once, who are due for that digest
    and have none written.
    """
    for look in digest_looks(now):
        yield from look.due.items()


def missed_digests(now: datetime) -> Iterator[tuple[str, list[Member]]]:
    """Week keys with members whose digest was due and can no longer be caught up: the
    site was off.

    Only who got digests before and has not changed her mind since; a site that is new
    has missed nothing.
    """
    for look in digest_looks(now):
        yield from look.missed.items()


def digest_looks(now: datetime) -> Iterator[DigestLook]:
    """Three queries for each batch of members whose moment has come."""
    for batch in looks.candidates(LastLook.Kind.DIGEST, now):
        had = _had(batch, now)
        look = DigestLook(batch)
        for member in batch:
            _look_at(member, had.get(member.pk, NOTHING), look, now)
        yield look


def digests_sent(now: datetime) -> QuerySet[Delivery]:
    """Those that count as a digest that a member had; those of a wrong clock stand in
    the way of none.
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
    """As `digests_sent`, of one that was read."""
    is_of_now = digest.written_at <= now + CLOCKS_DIFFER and EARLY not in digest.key
    return digest.missed_at is None and is_of_now


def is_welcomed(member: Member, now: datetime) -> bool:
    """Whether the welcome screens are over for her.

    No rule has to ask it: whoever is due for a digest joined a day before her hour, and
    whoever is due for a reminder joined a week ago.
    """
    has_left = member.onboarded_at is not None and member.onboarded_at <= now
    return has_left or member.joined_at <= now - WELCOME_LASTS


def _had(batch: Sequence[Member], now: datetime) -> Mapping[int, _Had]:
    weeks = {week_key((now + timedelta(days=n)).date()) for n in range(-14, 3)}
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
            # Then it may count as missed.
            moments.append(slot.at + CATCH_UP)
    look.next_at[member.pk] = min(moments)


def _is_wanted(member: Member, slot: Slot) -> bool:
    """Whether she has neither stopped the digest nor paused mail on that day."""
    preference = preference_of(member)
    if preference.digest_stopped_at:
        return False
    return preference.paused_until is None or preference.paused_until <= slot.on


def _is_due(member: Member, slot: Slot, last_at: datetime | None) -> bool:
    """Whether she had joined a day before her hour, and her last digest is long enough
    ago: she may have moved her day since.

    Catching up is not for those who were too new at their hour.
    """
    if member.joined_at > slot.at - NEWCOMERS_WAIT:
        return False
    return last_at is None or last_at <= slot.at - APART


def _was_waiting(member: Member, slot: Slot, last_at: datetime | None) -> bool:
    changed_at = preference_of(member).changed_at
    if last_at is None or last_at > slot.at - APART:
        return False
    return changed_at is None or changed_at <= slot.at
