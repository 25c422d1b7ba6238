"""Noting who is mentioned."""

from collections.abc import Iterable
from datetime import datetime

from community.models import Comment, Mention, Post
from members import budget


def note_mentions(
    written: Post | Comment, members: Iterable[int], *, now: datetime
) -> None:
    """Store who is mentioned in a new or changed text; who was noted before stays as told.

    Nobody mentions themselves. Raises limits.TooMany: whoever is mentioned is told of it,
    by mail where they want that.
    """
    mentioned = {pk for pk in members if pk != written.author_id}
    if isinstance(written, Post):
        post, comment = written.pk, None
    else:
        post, comment = written.post_id, written.pk
    here = Mention.objects.filter(post=post, comment=comment)
    here.exclude(member__in=mentioned).delete()
    if not mentioned:
        return
    new = mentioned - set(here.values_list("member", flat=True))
    budget.spend(str(written.author_id), budget.MENTIONS, len(new), now=now)
    Mention.objects.bulk_create(
        [
            Mention(post_id=post, comment_id=comment, member_id=pk, mentioned_at=now)
            for pk in sorted(new)
        ],
        ignore_conflicts=True,
    )
