"""Polls that were closed: who voted is told."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from community.mentions import who_may_see
from community.models import Poll
from community.models.polls import Ballot
from lists.batches import batches
from notifications.actions.rows import BATCH, muted, store
from notifications.models import Notification


@transaction.atomic
def tell_polls(*, now: datetime) -> int:
    """Tell of one closed poll, and return how many there were: one or none.

    Whoever may no longer see the poll is not told. The poll of a post that was removed is
    told to nobody.
    """
    polls = Poll.objects.filter(to_tell=True).order_by("pk")
    locked = polls.select_for_update(skip_locked=True, no_key=True, of=("self",))
    poll = locked.first()
    if poll is None:
        return 0
    ballots = Ballot.objects.filter(poll=poll, member__isnull=False).order_by("member")
    voters = ballots.values_list("member", flat=True)
    for batch in batches(voters.iterator(), BATCH):
        _tell(poll, batch, poll.closed_at or now)
    Poll.objects.filter(pk=poll.pk).update(to_tell=False)
    return 1


def _tell(poll: Poll, voters: Iterable[int], closed_at: datetime) -> None:
    may_see = who_may_see(poll.post, voters)
    left_out = muted((poll.post_id, member) for member in may_see)
    store(
        Notification(
            post_id=poll.post_id,
            member_id=member,
            kind=Notification.Kind.POLL_CLOSED,
            happened_at=closed_at,
        )
        for member in may_see
        if (poll.post_id, member) not in left_out
    )
