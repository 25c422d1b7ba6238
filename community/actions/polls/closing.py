"""Closing polls, each once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.actions.polls.refusals import PollClosed
from community.actions.refusals import NotAllowed
from community.models import Poll, Post
from community.polls import rounds
from community.polls.allowed import allowed
from members.models import Member

AT_ONCE = 100  # polls of one tick


def close_due(*, now: datetime) -> int:
    """Close up to AT_ONCE polls whose time is over; return how many. Of two ticks at the
    same time, one closes a poll.
    """
    due = Poll.objects.due_at(now).order_by("closes_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
    return sum(_close(pk, now) for pk in keys)


def close_poll(post: Post, *, by: Member, now: datetime) -> None:
    """Close a poll before its time. Raises NotAllowed, and PollClosed."""
    # Whether it is open is decided by the UPDATE.
    if not allowed(post, by, is_open=True).closes:
        raise NotAllowed(_("Only the author or a moderator can close this poll."))
    if not _close(post.pk, now):
        raise PollClosed


@transaction.atomic
def _close(pk: int, now: datetime) -> bool:
    """Whether this call closed the poll."""
    still_open = Poll.objects.filter(pk=pk, closed_at=None)
    # Whoever comes second waits here, and finds that it is closed.
    if not still_open.update(closed_at=now, to_tell=True):
        return False
    poll = Poll.objects.get(pk=pk)
    if poll.way == Poll.Way.RANKED:
        counted = rounds.count(poll)
        poll.rounds = rounds.stored(counted)
        poll.won_id = counted[-1].won if counted else None
        poll.save(update_fields=["rounds", "won"])
    return True
