"""What members have read."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from lists.change import Change
from members.models import Member
from notifications import announcements
from notifications.announcements import ReadState
from notifications.models import READ, Notification, ReadAnnouncements

_READ_POST = Change(
    lambda member, post, now: (
        Notification.objects.filter(member=member, post=post).unread().in_hand(),
        {**READ, "read_at": now},
    ),
    member=Member,
    post=int,
    now=datetime,
)


def read_post(member: Member, post: int, *, now: datetime) -> int:
    """Mark what the member was told of below one post as read. Return how much it was."""
    return _READ_POST(member=member, post=post, now=now)


@transaction.atomic
def read_all(
    member: Member,
    *,
    until: datetime,
    now: datetime,
    only: Collection[str] = (),
) -> int:
    """Mark everything that happened until a moment as read; with `only`, what is of these
    kinds. Return how much it was.
    """
    rows = Notification.objects.filter(member=member, happened_at__lte=until)
    if only:
        rows = rows.filter(kind__in=only)
    return rows.mark_read(now)


@transaction.atomic
def read_announcements(
    member: Member, posts: Collection[int], *, now: datetime
) -> ReadState:
    """Note that the member has read these announcements. Return the state afterwards.

    The row is locked: of two pages that are opened at once, none is forgotten.
    """
    rows = ReadAnnouncements.objects.select_for_update()
    row, _created = rows.get_or_create(
        member=member, defaults={"until": member.joined_at}
    )
    state = ReadState.of(member, row.until, row.posts)
    state = state.with_read(posts, announcements.newest(member, now))
    row.until, row.posts = state.until, sorted(state.posts)
    row.save(update_fields=["until", "posts"])
    return state
