"""The page of runs for the owner: what was due, what was sent, what was not and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery

from mail.models import CLAIM_LASTS, CLOCKS_DIFFER, Delivery, Stop, run_name

RUNS, ROWS = 30, 50


@dataclass(frozen=True, slots=True)
class RunLine:
    """All mails of one kind and key; for digests, those of one week."""

    kind: str
    key: str
    due: int
    sent: int
    waiting: int
    unconfirmed: int
    given_up: int
    missed: int
    stopped_at: datetime | None
    began_at: datetime
    sent_last_at: datetime | None

    @property
    def name(self) -> str:
        return run_name(self.kind, self.key)


def newest_runs(now: datetime) -> list[RunLine]:
    """The newest RUNS runs. One query."""
    is_open = Q(sent_at=None, given_up_at=None)
    in_hand = Q(claimed_at__gt=now - CLAIM_LASTS, claimed_at__lte=now + CLOCKS_DIFFER)
    told = Q(handed_over_at__isnull=False)
    stale = Q(claimed_at=None) | ~in_hand
    rows = (
        Delivery.objects.order_by()
        .values("kind", "key")
        .annotate(
            due=Count("pk"),
            sent=Count("pk", filter=Q(sent_at__isnull=False)),
            unconfirmed=Count("pk", filter=is_open & told & stale),
            given_up=Count("pk", filter=Q(given_up_at__isnull=False, missed_at=None)),
            missed=Count("pk", filter=Q(missed_at__isnull=False)),
            stopped_at=Subquery(
                Stop.objects.filter(kind=OuterRef("kind"), key=OuterRef("key")).values(
                    "stopped_at"
                )[:1]
            ),
            began_at=Min("written_at"),
            sent_last_at=Max("sent_at"),
        )
        .order_by("-began_at", "kind", "key")[:RUNS]
    )
    return [RunLine(waiting=_waiting(row), **row) for row in rows]


def _waiting(row: Mapping[str, Any]) -> int:
    waiting: int = (
        row["due"] - row["sent"] - row["unconfirmed"] - row["given_up"] - row["missed"]
    )
    return waiting


@dataclass(frozen=True, slots=True)
class Troubles:
    unconfirmed: Sequence[Delivery]
    given_up: Sequence[Delivery]
    waiting: Sequence[Delivery]  # those that were tried already


def troubles(now: datetime) -> Troubles:
    """The mails that need the owner's attention, at most ROWS of each kind. Three queries."""
    rows = Delivery.objects.select_related("member").order_by("-written_at", "-pk")
    return Troubles(
        unconfirmed=list(
            rows.filter(pk__in=Delivery.objects.unconfirmed(now).values("pk"))[:ROWS]
        ),
        given_up=list(rows.filter(given_up_at__isnull=False, missed_at=None)[:ROWS]),
        waiting=list(
            rows.filter(
                pk__in=Delivery.objects.waiting().exclude(error="").values("pk")
            )[:ROWS]
        ),
    )
