"""Levels of watching."""

from datetime import datetime

from community.models import Post
from members.models import Member
from notifications.actions.reading import read_post
from notifications.models import Watch, WatchLevel


def watch(member: Member, post: Post, level: str, *, now: datetime) -> None:
    """Choose how much the member hears of a post. The level is kept when they write.

    What was told of a post that is muted counts as read.
    """
    chosen = WatchLevel(level)
    Watch.objects.update_or_create(
        member=member, post=post, defaults={"level": chosen, "since": now}
    )
    if chosen is WatchLevel.MUTED:
        read_post(member, post.pk, now=now)


def follow(member: Member, post: Post, *, now: datetime) -> None:
    """Watch a post, unless the member has chosen a level for it."""
    Watch.objects.get_or_create(
        member=member,
        post=post,
        defaults={"level": WatchLevel.WATCHING, "since": now},
    )


def level(member: Member, post: Post) -> WatchLevel:
    """The level that the member has chosen, or has by writing. One query."""
    rows = Watch.objects.filter(member=member, post=post).values_list(
        "level", flat=True
    )
    return WatchLevel(rows.first() or WatchLevel.NORMAL)
