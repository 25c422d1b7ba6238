"""One run over everything that members are to be told of."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from community.models import Comment, Mention, Poll, Post, Reaction
from notifications.actions.accepted import tell_accepted
from notifications.actions.comments import tell_comments
from notifications.actions.mentions import tell_mentions
from notifications.actions.polls import tell_polls
from notifications.actions.posts import tell_posts
from notifications.actions.reactions import tell_reactions

ROUNDS = 1_000  # of one kind in a run; the next run goes on


def tell_everything(*, now: datetime) -> int:
    """Tell of all that is new, in small transactions. Return how much there was.

    Any number of these may run at once: what one has locked the others pass over. What
    an interrupted one has not finished is told by the next. Where nothing is new, no
    transaction is opened: on SQLite it would keep others from writing.
    """
    steps: list[tuple[QuerySet[Any], Any]] = [
        (Post.objects.filter(to_tell=True), tell_posts),
        (Comment.objects.filter(to_tell=True), tell_comments),
        (Mention.objects.filter(to_tell=True), tell_mentions),
        (Poll.objects.filter(to_tell=True), tell_polls),
        (Post.objects.filter(accepted_to_tell=True), tell_accepted),
        (Reaction.objects.filter(to_tell=True), tell_reactions),
    ]
    told = 0
    for pending, step in steps:
        for _round in range(ROUNDS):
            done = step(now=now) if pending.exists() else 0
            told += done
            if not done:
                break
    return told
