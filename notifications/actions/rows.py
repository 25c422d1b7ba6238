"""Storing many notifications at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from notifications.actions.reaching import unwanted
from notifications.models import KEY, Notification, Watch, WatchLevel

BATCH = 1_000  # rows of one INSERT, and of the memory that they take


def store(rows: Iterable[Notification]) -> None:
    """Store the rows that are not there. Of two at once, each row is stored once.

    In the order of the unique key, so that two of these never wait for each other. Rows
    of kinds that their members want to hear nothing of are left out.
    """
    ordered = sorted(_wanted(rows), key=_key)
    Notification.objects.bulk_create(ordered, ignore_conflicts=True, batch_size=BATCH)


def store_again(rows: Iterable[Notification]) -> None:
    """Store the rows; those that are there become unread, with the newer moment."""
    Notification.objects.bulk_create(
        sorted(_wanted(rows), key=_key),
        update_conflicts=True,
        unique_fields=KEY,
        update_fields=["happened_at", "read_at", "to_mail", "told_count"],
        batch_size=BATCH,
    )


def _wanted(rows: Iterable[Notification]) -> list[Notification]:
    rows = list(rows)
    left_out = unwanted((row.member_id, row.kind) for row in rows)
    return [row for row in rows if (row.member_id, row.kind) not in left_out]


def _key(row: Notification) -> tuple[int, str, int, int]:
    return row.post_id, row.kind, row.member_id, row.target


def watch_as_writers(pairs: Iterable[tuple[int, int]], *, now: datetime) -> None:
    """Let members watch the posts below which they wrote, by pairs of post and member.

    A level that is stored stays.
    """
    rows = [
        Watch(post_id=post, member_id=member, level=WatchLevel.WATCHING, since=now)
        for post, member in sorted(set(pairs))
    ]
    Watch.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def muted(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of the pairs of post and member where the member wants to hear nothing."""
    wanted = set(pairs)
    rows = Watch.objects.filter(
        Q(post__in={post for post, _member in wanted}),
        member__in={member for _post, member in wanted},
        level=WatchLevel.MUTED,
    )
    return wanted & set(rows.values_list("post", "member"))
