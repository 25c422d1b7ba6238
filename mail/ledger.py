"""The steps of a delivery: written, claimed, handed over, and then sent, released or
given up.

Each step is one conditional UPDATE, so two workers never both send a mail, even if one
of them was taken for stopped: only the holder of the claim may hand a mail over, and only
a row without a claim can be claimed.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from lists.change import Change
from mail.models import CLOCKS_DIFFER, Delivery, DeliveryQuerySet, Stop
from mail.rules import REPEATS, UNCONFIRMED
from progress.models import StudyEvent

BACK_OFF = tuple(timedelta(minutes=n) for n in (2, 4, 8, 15, 30, 60))
TRY_FOR = timedelta(days=4)
# how long a mail that looks too old is put off before it is withdrawn, in case the clock
# is wrong
DOUBT_FOR = timedelta(days=1)
EARLY = ".early."  # in the key of a mail that was sent before its week by a wrong clock
WRONG_AT_MOST = timedelta(days=10)  # the most that a wrong clock is assumed to be ahead
LONGEST_WAIT = timedelta(days=2)  # a mail is never put off for longer


def write(deliveries: Iterable[Delivery]) -> None:
    """Write deliveries. One of the same member, kind and key is left as it is."""
    Delivery.objects.bulk_create(
        list(deliveries), ignore_conflicts=True, batch_size=500
    )


def claim(
    now: datetime, *, limit: int, resends_are_one: bool = False
) -> list[Delivery]:
    """Claim up to `limit` mails that are due, with their members and preferences.

    An empty list means that nothing is left for this worker. Workers that claim at the
    same time get different mails.

    A claim older than models.CLAIM_LASTS has expired if the mail was not handed over.
    If it was, the mail is unconfirmed and is not claimed again, unless
    `resends_are_one`.
    """
    free = (
        Delivery.objects.not_in_hand(now).filter(not_before__lte=now).of_running_runs()
    )
    if not resends_are_one:
        free = free.waiting()
    token = uuid.uuid4()
    if not _take(free, token, now, limit):
        return []
    return list(
        Delivery.objects.filter(claim=token)
        .select_related("member__mail_preference")
        .order_by("pk")
    )


@transaction.atomic
def _take(free: DeliveryQuerySet, token: uuid.UUID, now: datetime, limit: int) -> int:
    """Put the token on the `limit` oldest free rows, and return their number."""
    oldest = free.order_by("not_before", "pk").values_list("pk", flat=True)
    # SKIP LOCKED: PostgreSQL skips the rows that another worker is claiming. SQLite
    # ignores it; there the transaction already holds the only lock for writing.
    ids = list(oldest.select_for_update(skip_locked=True, of=("self",))[:limit])
    if not ids:
        return 0
    # The UPDATE checks again that each row is free.
    return free.filter(pk__in=ids).update(claim=token, claimed_at=now)


def hand_over(delivery: Delivery, now: datetime) -> bool:
    """Commit that the mail is being handed to the server.

    Return False if the claim has expired and another worker has the mail, or if the
    owner has stopped the run.
    """
    return bool(_HAND_OVER(pk=delivery.pk, claim=delivery.claim, now=now))


def of_stopped_runs(batch: Iterable[Delivery]) -> set[int]:
    """The ids of the deliveries whose run the owner has stopped. One query."""
    stopped = set(Stop.objects.values_list("kind", "key"))
    return {each.pk for each in batch if (each.kind, each.key) in stopped}


def let_go(delivery: Delivery) -> None:
    """Give the claim back without an attempt."""
    _held(delivery).update(claim=None, claimed_at=None)


def mark_sent(delivery: Delivery, now: datetime) -> None:
    attempts = delivery.attempts + 1
    _MARK_SENT(pk=delivery.pk, claim=delivery.claim, now=now, attempts=attempts)


def release(delivery: Delivery, words: str, now: datetime) -> None:
    """Note a failed attempt after which the mail was certainly not sent. It is tried
    again later, or given up after TRY_FOR.
    """
    if is_out_of_date(delivery, now):
        give_up(delivery, f"Tried for {TRY_FOR.days} days. Last answer: {words}", now)
        return
    pause = BACK_OFF[min(delivery.attempts, len(BACK_OFF) - 1)]
    _held(delivery).update(
        not_before=now + pause,
        claim=None,
        claimed_at=None,
        handed_over_at=None,
        doubted_at=_doubt(delivery, now),
        attempts=delivery.attempts + 1,
        error=words[:500],
    )


def is_out_of_date(delivery: Delivery, now: datetime) -> bool:
    """Whether the mail is older than TRY_FOR, and was found to be so for a day.

    A clock that is wrong for some hours makes every mail look old. No mail must be lost
    by that.
    """
    if now - delivery.tried_since <= TRY_FOR:
        return False
    return delivery.doubted_at is not None and delivery.doubted_at <= now - DOUBT_FOR


def looks_out_of_date(delivery: Delivery, now: datetime) -> bool:
    return now - delivery.tried_since > TRY_FOR


def _doubt(delivery: Delivery, now: datetime) -> datetime | None:
    """When the mail was first found to be too old; None if it was not."""
    if now - delivery.tried_since <= TRY_FOR - DOUBT_FOR:
        return None
    return delivery.doubted_at or now


def give_up(delivery: Delivery, words: str, now: datetime) -> None:
    _held(delivery).update(
        given_up_at=now,
        claim=None,
        handed_over_at=None,
        attempts=delivery.attempts + 1,
        error=words[:500],
    )


def put_off(delivery: Delivery, until: datetime, now: datetime) -> None:
    """Give the claim back until `until`, without an attempt.

    The moment that is stored is always after `now`, or the run would claim the mail
    again at once.
    """
    _held(delivery).update(
        not_before=max(until, now + BACK_OFF[0]),
        doubted_at=_doubt(delivery, now),
        claim=None,
        claimed_at=None,
    )


def leave_unconfirmed(delivery: Delivery, words: str) -> None:
    """Note that the mail was handed over and no answer arrived."""
    _held(delivery).update(
        claim=None, claimed_at=None, attempts=delivery.attempts + 1, error=words[:500]
    )


def send_again(delivery: Delivery, now: datetime) -> bool:
    """Let an unconfirmed or given-up mail be sent again, as the owner asked.

    Return False if it is neither. A missed digest was never composed, so it cannot be
    sent.
    """
    given_up = Q(given_up_at__isnull=False, missed_at=None)
    unconfirmed = Q(pk__in=Delivery.objects.unconfirmed(now).filter(pk=delivery.pk))
    return bool(
        _open_again(
            Delivery.objects.filter(given_up | unconfirmed, pk=delivery.pk), now
        )
    )


def send_all_again(kind: str, key: str, now: datetime) -> int:
    """Let every unconfirmed mail of a run be sent again, and return their number.

    One UPDATE, so a second press finds none.
    """
    unconfirmed = Delivery.objects.unconfirmed(now).filter(kind=kind, key=key)
    return _open_again(Delivery.objects.filter(pk__in=unconfirmed.values("pk")), now)


def _open_again(deliveries: DeliveryQuerySet, now: datetime) -> int:
    return deliveries.update(
        not_before=now,
        opened_at=now,
        claim=None,
        claimed_at=None,
        handed_over_at=None,
        given_up_at=None,
        doubted_at=None,
        attempts=0,
        error="",
    )


def repeat_unconfirmed(now: datetime) -> int:
    """Let unconfirmed mails be sent again as rules.py says, and return their number.

    It is the same row, so the mail has the same Message-ID.
    """
    count = 0
    for kind, rule in UNCONFIRMED.items():
        if rule.repeat_after is not None:
            unheard = Delivery.objects.unconfirmed(now).filter(
                kind=kind,
                repeats__lt=REPEATS,
                handed_over_at__lte=now - rule.repeat_after,
            )
            count += unheard.update(
                not_before=now,
                claim=None,
                claimed_at=None,
                handed_over_at=None,
                repeats=F("repeats") + 1,
            )
    return count


def stop(kind: str, key: str, now: datetime) -> None:
    """Stop a run. A mail that is being handed over at this moment may still be sent."""
    Stop.objects.get_or_create(kind=kind, key=key, defaults={"stopped_at": now})


def go_on(kind: str, key: str) -> None:
    Stop.objects.filter(kind=kind, key=key).delete()


def forget_the_future(now: datetime) -> None:
    """Correct what was written while the clock was ahead, once it is right again.

    Rows that are further ahead than WRONG_AT_MOST are left: then it is the present
    clock that is wrong. Otherwise, the statements find nothing.
    """
    future, furthest = now + CLOCKS_DIFFER, now + WRONG_AT_MOST
    early = Delivery.objects.filter(
        written_at__gt=now + LONGEST_WAIT, written_at__lte=furthest
    )
    if early.exists() and not _was_lived(now):
        _take_back(early, now)
    still_open = Delivery.objects.open()
    new = still_open.filter(
        written_at__gt=future, written_at__lte=furthest, not_before=F("written_at")
    )
    new.update(not_before=now, written_at=now)
    still_open.filter(not_before__gt=now + LONGEST_WAIT).update(not_before=now)
    still_open.filter(handed_over_at__gt=future).update(handed_over_at=now)
    still_open.filter(doubted_at__gt=future).update(doubted_at=None)
    still_open.filter(opened_at__gt=future).update(opened_at=now)
    wrongly_old = Delivery.objects.filter(
        given_up_at__gt=future, given_up_at__lte=furthest, doubted_at__isnull=False
    )
    wrongly_old.update(
        given_up_at=None,
        doubted_at=None,
        not_before=now,
        claimed_at=None,
        handed_over_at=None,
        error="",
    )


def _was_lived(now: datetime) -> bool:
    """Whether members studied later than tomorrow. Then the clock is behind now."""
    return StudyEvent.objects.filter(at__gt=now + DOUBT_FOR).exists()


def _take_back(early: DeliveryQuerySet, now: datetime) -> None:
    """Delete unsent mails of weeks in the future. Change the key of sent ones, so that
    the mail of that week can still be written.
    """
    early.filter(missed_at__isnull=False).delete()
    early.waiting().filter(
        kind__in=[Delivery.Kind.DIGEST, Delivery.Kind.INACTIVITY]
    ).delete()
    early.exclude(key__contains=EARLY).update(
        key=Concat(F("key"), Value(EARLY), Cast("id", CharField())), written_at=now
    )


def count_as_sent(delivery: Delivery, now: datetime) -> bool:
    """Count an unconfirmed mail as sent, since the owner knows that it arrived.

    Return False if it is not unconfirmed.
    """
    return bool(
        Delivery.objects.unconfirmed(now)
        .filter(pk=delivery.pk)
        .update(sent_at=now, claim=None, error="")
    )


def _held(delivery: Delivery) -> DeliveryQuerySet:
    """The row, if its claim is still the one that `delivery` was claimed with."""
    return _held_by(delivery.pk, delivery.claim)


def _held_by(pk: int, claim: uuid.UUID | None) -> DeliveryQuerySet:
    return Delivery.objects.filter(pk=pk, claim=claim, claim__isnull=False)


# The two statements that run for every mail, compiled once.

_HAND_OVER = Change(
    lambda pk, claim, now: (
        _held_by(pk, claim).of_running_runs(),
        {"handed_over_at": now},
    ),
    pk=int,
    claim=uuid.UUID,
    now=datetime,
)
_MARK_SENT = Change(
    lambda pk, claim, now, attempts: (
        _held_by(pk, claim),
        {"sent_at": now, "claim": None, "attempts": attempts, "error": ""},
    ),
    pk=int,
    claim=uuid.UUID,
    now=datetime,
    attempts=int,
)
