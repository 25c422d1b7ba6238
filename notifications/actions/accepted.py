"""Answers that were accepted: their authors are told."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from community.models import Post
from notifications.actions.rows import muted, store
from notifications.models import Notification

AT_ONCE = 500


@transaction.atomic
def tell_accepted(*, now: datetime) -> int:
    """Tell the authors of accepted answers, and return how many questions were looked at.

    Whoever accepts their own answer is not told. An answer that is accepted again is
    told of once.
    """
    posts = Post.objects.filter(accepted_to_tell=True).order_by("pk")
    locked = posts.select_for_update(skip_locked=True, no_key=True)
    keys = list(locked.values_list("pk", flat=True)[:AT_ONCE])
    # Read after they are locked: an answer may have been taken back until then.
    accepted = Post.objects.filter(
        pk__in=keys, removed_at=None, accepted_comment__removed_at=None
    ).exclude(accepted_comment__author=F("author"))
    rows = list(
        accepted.filter(accepted_comment__isnull=False).values_list(
            "pk", "accepted_comment__author", "accepted_comment", "accepted_at"
        )
    )
    left_out = muted((post, author) for post, author, *_rest in rows)
    store(
        Notification(
            post_id=post,
            member_id=author,
            kind=Notification.Kind.ACCEPTED,
            target=comment,
            comment_id=comment,
            happened_at=accepted_at or now,
        )
        for post, author, comment, accepted_at in rows
        if (post, author) not in left_out
    )
    Post.objects.filter(pk__in=keys).update(accepted_to_tell=False)
    return len(keys)
