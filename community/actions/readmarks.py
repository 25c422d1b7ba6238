"""Noting up to where members have read."""

from django.db.models import BigIntegerField, Case, F, Value, When

from community.models import Comment, Post, ReadMark
from lists.change import Change
from members.models import Member


def note_read(mark: ReadMark, *, before: ReadMark | None) -> None:
    """Store a mark in place of the one that was there. No query if it says the same.

    A mark never goes back: an older page in another tab may have been slower.
    """
    if before is None:
        ReadMark.objects.bulk_create([mark], ignore_conflicts=True)
        return
    if (mark.last_comment, mark.seen_count) == (
        before.last_comment,
        before.seen_count,
    ):
        return
    ReadMark.objects.filter(
        post=mark.post,
        member=mark.member,
        last_comment__lte=mark.last_comment,
    ).update(
        last_comment=mark.last_comment,
        seen_count=mark.seen_count,
        seen_at=mark.seen_at,
    )


_COUNT_OWN = Change(
    lambda member, post, comment, count: (
        ReadMark.objects.filter(member=member, post=post),
        {
            "last_comment": Case(
                When(seen_count__gte=count, then=Value(comment, BigIntegerField())),
                default=F("last_comment"),
                output_field=BigIntegerField(),
            ),
            "seen_count": F("seen_count") + 1,
        },
    ),
    member=Member,
    post=int,
    comment=int,
    count=int,
)


def note_own_comment(comment: Comment, post: Post) -> None:
    """Count a member's own comment as read. The mark moves past it, unless there are
    others before it that were not read. No query for a post that was read without a mark
    of the member (community.visible): they never opened it.
    """
    if post.read_mark is None:
        return
    _COUNT_OWN(
        member=comment.author,
        post=post.pk,
        comment=comment.pk,
        count=post.comment_count - 1,
    )
