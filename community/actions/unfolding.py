"""Opening what is folded: by asking to see it, and by writing there."""

from datetime import datetime

from community.models import Post, Thread, Unfolding
from members.models import Member


def ask_to_see(post: Post, *, by: Member, now: datetime) -> None:
    """Open a post and what is below it, everywhere and for good. Twice is as once."""
    _open(Unfolding(member=by, post=post, opened_at=now))


def note_written(author: Member, post: Post, *, now: datetime) -> None:
    """Open what is folded to who wrote there: the thread of an activity, and a post of a
    kind that folds. No query for others.
    """
    if post.thread.kind == Thread.Kind.ACTIVITY:
        _open(Unfolding(member=author, thread=post.thread, opened_at=now))
    if post.traits.folds_comments:
        ask_to_see(post, by=author, now=now)


def _open(opened: Unfolding) -> None:
    Unfolding.objects.bulk_create([opened], ignore_conflicts=True)
