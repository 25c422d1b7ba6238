"""Mentions in posts, and those that an edit adds to a comment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef

from community.mentions import who_may_see
from community.models import Mention, Post
from notifications.actions.rows import muted, store
from notifications.models import Notification

AT_ONCE = 500


class _Mentioned(NamedTuple):
    post: int
    comment: int | None
    member: int
    at: datetime


@transaction.atomic
def tell_mentions(*, now: datetime) -> int:
    """Tell of mentions, and return how many there were.

    Who was told of the comment already is not told again. Who may not see the post is
    not told.
    """
    # A new comment is told with its mentions.
    mentions = Mention.objects.filter(to_tell=True).exclude(comment__to_tell=True)
    locked = mentions.order_by("pk").select_for_update(skip_locked=True, of=("self",))
    keys = list(locked.values_list("pk", flat=True)[:AT_ONCE])
    here = Mention.objects.filter(
        pk__in=keys, post__removed_at=None, comment__removed_at=None
    )
    already = Notification.objects.filter(
        member=OuterRef("member"), target=OuterRef("comment")
    )
    columns = ("post", "comment", "member", "mentioned_at")
    rows = here.filter(~Exists(already)).values_list(*columns)
    _store([_Mentioned(*row) for row in rows])
    Mention.objects.filter(pk__in=keys).update(to_tell=False)
    return len(keys)


def _store(mentioned: Iterable[_Mentioned]) -> None:
    rows = list(mentioned)
    left_out = muted((row.post, row.member) for row in rows)
    may_see = readers_of(rows)
    store(
        Notification(
            post_id=row.post,
            member_id=row.member,
            kind=Notification.Kind.MENTION,
            target=row.comment or 0,
            comment_id=row.comment,
            happened_at=row.at,
        )
        for row in rows
        if row.member in may_see[row.post] and (row.post, row.member) not in left_out
    )


def readers_of(rows: Iterable[_Mentioned]) -> Mapping[int, set[int]]:
    """For each post, the ids of those mentioned in it who may see it."""
    members: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        members[row.post].add(row.member)
    posts = Post.objects.in_bulk(members)
    return {pk: who_may_see(posts[pk], keys) for pk, keys in members.items()}
