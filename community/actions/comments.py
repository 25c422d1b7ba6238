"""Writing, changing and removing comments."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from community.actions.counts import lock_post, newest_activity
from community.actions.holdings import hold, hold_instead, release
from community.actions.limits import WriteLimit, lock_author, written_lately
from community.actions.mentions import note_mentions
from community.actions.posts import may_remove
from community.actions.readmarks import note_own_comment
from community.actions.refusals import EditConflict, NotAllowed, Refused
from community.actions.unfolding import note_written
from community.actions.words import columns, line_ends, render_edit, render_for, replace
from community.indexed import comment_document, post_document
from community.models import Comment, Post, Revision
from documents import actions as documents
from lists.change import Change
from lists.insertion import Insertion
from members.models import Member

COMMENTS_AN_HOUR = 60
_WRITTEN = written_lately(
    lambda author: Comment.objects.by(author).alias(below=Coalesce("parent_id", 0)),
    "commented_at",
    lambda body, post, below: Q(body=body, post=post, below=below, removed_at=None),
    body=str,
    post=int,
    below=int,
)
_COUNT_ONE_MORE = Change(
    lambda pk, now: (
        Post.objects.filter(pk=pk, removed_at=None),
        {
            "comment_count": F("comment_count") + 1,
            "active_at": Greatest(F("active_at"), now),
        },
    ),
    pk=int,
    now=datetime,
)
_STORE = Insertion(Comment)


def write_comment(
    post: Post,
    *,
    author: Member,
    body: str,
    now: datetime,
    parent: Comment | None = None,
) -> Comment:
    """Comment on a post, answer a question, or reply to the comment `parent`. A reply to
    a reply becomes a reply to the same comment.

    The same text below the same comment twice in a minute is one comment. Raises
    TextRefused, PostLimitReached, and Refused if the post was removed.
    """
    root = (parent.parent_id or parent.pk) if parent else None
    asked = WriteLimit(
        _WRITTEN,
        author,
        {"body": line_ends(body), "post": post.pk, "below": root or 0},
        at_most=COMMENTS_AN_HOUR,
        refusal=_(
            "You have written %(n)s comments within an hour. Please wait a little before the next."
        ),
        now=now,
    )
    if written := asked.may_write():
        return Comment.objects.get(pk=written)
    words = render_for(author, body, now=now)
    with transaction.atomic():
        lock_author(author)
        if written := asked.may_write():
            return Comment.objects.get(pk=written)
        _count_one_more(post, now)
        comment = Comment(
            post=post,
            parent_id=root,
            author=author,
            commented_at=now,
            to_tell=True,
            **columns(words),
        )
        _STORE(comment)
        documents.store(comment_document(comment))
        hold(words.uploads, comment=comment)
        if words.mentioned:
            note_mentions(comment, words.mentioned, now=now)
        note_own_comment(comment, post)
        note_written(author, post, now=now)
    return comment


def _count_one_more(post: Post, now: datetime) -> None:
    """Add one to the post's stored count, and to that of the instance `post`. The row
    stays locked until the transaction ends. Raises Refused if the post was removed.
    """
    if not _COUNT_ONE_MORE(pk=post.pk, now=now):
        raise Refused(_("This post was removed."))
    post.comment_count += 1


def edit_comment(
    comment: Comment,
    *,
    by: Member,
    body: str,
    seen_edited_at: datetime | None,
    now: datetime,
) -> Comment:
    """Change one's own comment. See `edit_post`."""
    if comment.author_id != by.pk:
        raise NotAllowed(_("Only the author can edit this."))
    words = render_edit(by, body, former=comment.body, now=now)
    with transaction.atomic():
        rows = Comment.objects.select_for_update(no_key=True, of=("self",))
        comment = rows.select_related("post").get(pk=comment.pk)
        if comment.author_id != by.pk or comment.removed_at:
            raise NotAllowed(_("Only the author can edit this."))
        if comment.body == words.body:
            return comment
        if comment.edited_at != seen_edited_at:
            raise EditConflict(comment, title="", body=body)
        Revision.objects.create(
            comment=comment,
            body=comment.body,
            written_at=comment.edited_at or comment.commented_at,
        )
        replace(comment, now=now, **columns(words))
        documents.store(comment_document(comment))
        hold_instead(words.uploads, comment=comment, now=now)
        note_mentions(comment, words.mentioned, now=now)
        return comment


@transaction.atomic
def remove_comment(comment: Comment, *, by: Member, now: datetime) -> None:
    """Remove a comment from pages; its row and the replies to it stay.

    An accepted answer is no longer accepted. Raises NotAllowed.
    """
    if not may_remove(comment, by):
        raise NotAllowed(_("Only the author or a moderator can remove this."))
    post = lock_post(comment.post_id)
    removed = Comment.objects.filter(pk=comment.pk, removed_at=None).update(
        removed_at=now, removed_by=by, to_tell=True
    )
    post.comment_count -= removed
    if post.accepted_comment_id == comment.pk:
        post.accepted_comment, post.accepted_at = None, None
        documents.store(post_document(post))
    post.active_at = newest_activity(post)
    post.save(
        update_fields=["comment_count", "active_at", "accepted_comment", "accepted_at"]
    )
    release(comment, now=now)
