"""Pinned announcements."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community import kinds
from community.actions.refusals import NotAllowed, Refused
from community.models import Post, PutAwayNotice
from members.models import Member


@transaction.atomic
def pin(post: Post, *, by: Member, now: datetime) -> None:
    """Pin an announcement to the top of the feed; it replaces the one pinned before.

    Raises NotAllowed, Refused.
    """
    if not by.is_moderator:
        raise NotAllowed(_("Only moderators can pin posts."))
    if post.pk not in _lock_what_can_be_pinned():
        raise Refused(_("Only announcements can be pinned."))
    Post.objects.exclude(pk=post.pk).filter(pinned_at__isnull=False).update(
        pinned_at=None
    )
    Post.objects.filter(pk=post.pk, pinned_at=None).update(pinned_at=now)


def _lock_what_can_be_pinned() -> set[int]:
    """Lock all posts that may be pinned, and return their ids.

    Always in the same order: of two who pin at once, the second waits at the first post,
    which both lock, and then sees what the first has pinned.
    """
    pinnable = [kind.name for kind in kinds.KINDS.values() if kind.can_be_pinned]
    posts = Post.objects.filter(kind__in=pinnable, removed_at=None).order_by("pk")
    return set(posts.select_for_update(no_key=True).values_list("pk", flat=True))


def unpin(post: Post, *, by: Member) -> None:
    """Raises NotAllowed."""
    if not by.is_moderator:
        raise NotAllowed(_("Only moderators can pin posts."))
    Post.objects.filter(pk=post.pk).update(pinned_at=None)


def put_away(post: Post, *, by: Member, now: datetime) -> None:
    """Hide a pinned announcement from the feed of `by`. A second call changes nothing."""
    PutAwayNotice.objects.update_or_create(
        member=by, post=post, defaults={"put_away_at": now}
    )
