"""The ledger's moves: write, claim, hand over, and then sent, released or given up.

Each is one conditional UPDATE, so that two workers, or one and its own ghost after a crash, never both send a mail:
only the holder of the claim may hand over, and only a row that nobody holds can be claimed.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from mail.models import Delivery, DeliveryQuerySet

BACK_OFF = tuple(timedelta(minutes=n) for n in (2, 4, 8, 15, 30, 60))
TRY_FOR = timedelta(days=4)


def write(deliveries: Iterable[Delivery]) -> None:
    """Those that are written already (same member, kind and key) stay as they are."""
    Delivery.objects.bulk_create(list(deliveries), ignore_conflicts=True, batch_size=500)


def claim(now: datetime, *, limit: int, resends_are_one: bool = False) -> list[Delivery]:
    """Take up to `limit` mails that are due, with their members and preferences. Three queries.

    A claim older than models.CLAIM_LASTS is free again if no server was told. If one was told, the row is unconfirmed
    and stays, unless `resends_are_one`.
    """
    free = Delivery.objects.not_in_hand(now).filter(not_before__lte=now)
    if not resends_are_one:
        free = free.waiting()
    ids = list(free.order_by("not_before", "pk").values_list("pk", flat=True)[:limit])
    if not ids:
        return []
    token = uuid.uuid4()
    free.filter(pk__in=ids).update(claim=token, claimed_at=now)  # asks again whether each is free: no lock is needed
    return list(Delivery.objects.filter(claim=token).select_related("member__mail_preference").order_by("pk"))


def hand_over(delivery: Delivery, now: datetime) -> bool:
    """Commit that the server is being told. False when the claim went stale and somebody else has the mail."""
    return bool(_held(delivery).update(handed_over_at=now))


def mark_sent(delivery: Delivery, now: datetime) -> None:
    _held(delivery).update(sent_at=now, claim=None, attempts=delivery.attempts + 1, error="")


def release(delivery: Delivery, words: str, now: datetime) -> None:
    """Not sent, and known not to be: wait and try again, or give up when that has gone on for TRY_FOR."""
    if now - delivery.written_at > TRY_FOR:
        give_up(delivery, f"Tried for {TRY_FOR.days} days. Last answer: {words}", now)
        return
    pause = BACK_OFF[min(delivery.attempts, len(BACK_OFF) - 1)]
    _held(delivery).update(
        not_before=now + pause,
        claim=None,
        claimed_at=None,
        handed_over_at=None,
        attempts=delivery.attempts + 1,
        error=words[:500],
    )


def give_up(delivery: Delivery, words: str, now: datetime) -> None:
    _held(delivery).update(
        given_up_at=now, claim=None, handed_over_at=None, attempts=delivery.attempts + 1, error=words[:500]
    )


def put_off(delivery: Delivery, until: datetime, now: datetime) -> None:
    """Not tried: its time has not come. Always later than now, or the run would find it again at once."""
    _held(delivery).update(not_before=max(until, now + BACK_OFF[0]), claim=None, claimed_at=None)


def leave_unconfirmed(delivery: Delivery, words: str) -> None:
    """The server was told and its answer was not heard."""
    _held(delivery).update(claim=None, claimed_at=None, attempts=delivery.attempts + 1, error=words[:500])


def send_again(delivery: Delivery, now: datetime) -> bool:
    """For one that is unconfirmed or given up: the owner has looked and wants it sent. False if it is neither."""
    open_again = _unconfirmed_or_given_up(delivery, now)
    return bool(
        open_again.update(
            not_before=now,
            written_at=now,
            claim=None,
            claimed_at=None,
            handed_over_at=None,
            given_up_at=None,
            attempts=0,
            error="",
        )
    )


def count_as_sent(delivery: Delivery, now: datetime) -> bool:
    """For one that is unconfirmed: the owner knows that it arrived. False if it is not unconfirmed."""
    return bool(Delivery.objects.unconfirmed(now).filter(pk=delivery.pk).update(sent_at=now, claim=None, error=""))


def _unconfirmed_or_given_up(delivery: Delivery, now: datetime) -> DeliveryQuerySet:
    given_up = Q(given_up_at__isnull=False)
    unconfirmed = Q(pk__in=Delivery.objects.unconfirmed(now).filter(pk=delivery.pk))
    return Delivery.objects.filter(given_up | unconfirmed, pk=delivery.pk)


def _held(delivery: Delivery) -> DeliveryQuerySet:
    """The row, if we still hold the claim that we took."""
    return Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, claim__isnull=False)
