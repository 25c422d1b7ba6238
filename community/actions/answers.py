"""Accepting the answer to a question."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.actions.counts import lock_post, newest_activity
from community.actions.refusals import NotAllowed, Refused
from community.comments import may_accept
from community.indexed import post_document
from community.models import Comment, Post
from documents import actions as documents
from members.models import Member


@transaction.atomic
def accept_answer(comment: Comment, *, by: Member, now: datetime) -> None:
    """Accept an answer; a newer choice replaces the older one.

    Raises NotAllowed, Refused.
    """
    post = _question_of(comment, by)
    if post.removed_at:
        raise Refused(_("This post was removed."))
    # It is read again: whoever removed it meanwhile had the lock of the post.
    answers = Comment.objects.filter(post=post, removed_at=None, parent=None)
    if not answers.filter(pk=comment.pk).exists():
        raise Refused(_("Only an answer to the question itself can be accepted."))
    if post.accepted_comment_id != comment.pk:
        _accept(post, comment, now)


@transaction.atomic
def unaccept_answer(comment: Comment, *, by: Member) -> None:
    """Take the acceptance back, if this is the accepted answer. Raises NotAllowed."""
    post = _question_of(comment, by)
    if post.accepted_comment_id == comment.pk:
        _accept(post, None, None)


def _accept(post: Post, comment: Comment | None, now: datetime | None) -> None:
    post.accepted_comment, post.accepted_at = comment, now
    post.accepted_to_tell = comment is not None
    post.active_at = newest_activity(post)
    post.save(
        update_fields=[
            "active_at",
            "accepted_comment",
            "accepted_at",
            "accepted_to_tell",
        ]
    )
    documents.store(post_document(post))


def _question_of(comment: Comment, by: Member) -> Post:
    post = lock_post(comment.post_id)
    if not post.traits.accepts_answers:
        raise Refused(_("Only questions have an accepted answer."))
    if not may_accept(comment, post, by):
        raise NotAllowed(
            _("The author of the question decides which answer is accepted.")
        )
    return post
