"""Joining a question that was asked before to the one where it is answered."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.actions.refusals import NotAllowed, Refused
from community.models import Post
from members.models import Member


@transaction.atomic
def join_question(question: Post, to: Post, *, by: Member, now: datetime) -> Post:
    """Join a question to the one that it asks again; where that is joined itself, to the
    one at the end. What was joined to it follows. Its answers stay where they are.

    Returns the question that it is joined to now. Raises NotAllowed, Refused.
    """
    if not may_join(question, by):
        raise NotAllowed(_("The author of a question or a moderator can join it."))
    end = Post.objects.filter(pk=to.pk).values_list("joined_to", flat=True).first()
    locked = _locked({question.pk, end or to.pk})
    target = locked.get(end or to.pk)
    if target is None or target.removed_at or target.joined_to_id:
        raise Refused(_("That question is no longer here. Choose another."))
    if target.pk == question.pk:
        raise Refused(_("That question is joined to this one already."))
    if not all(post.traits.accepts_answers for post in (question, target)):
        raise Refused(_("Only questions are joined."))
    joined = {"joined_to": target, "joined_at": now}
    Post.objects.filter(joined_to=question).update(**joined)
    unjoined = Post.objects.filter(pk=question.pk).exclude(joined_to=target)
    unjoined.update(**joined)
    return target


def separate_question(question: Post, *, by: Member) -> None:
    """Take back that a question is joined. Raises NotAllowed."""
    if not may_join(question, by):
        raise NotAllowed(_("The author of a question or a moderator can join it."))
    Post.objects.filter(pk=question.pk).update(joined_to=None, joined_at=None)


def may_join(question: Post, member: Member) -> bool:
    is_question = question.traits.accepts_answers
    return is_question and (question.author_id == member.pk or member.is_moderator)


def _locked(keys: set[int]) -> dict[int, Post]:
    """Locked in the order of their keys, so that two who join at once wait."""
    rows = Post.objects.select_for_update(no_key=True, of=("self",))
    rows = rows.only("kind", "author_id", "joined_to_id", "removed_at")
    return {post.pk: post for post in rows.filter(pk__in=keys).order_by("pk")}
