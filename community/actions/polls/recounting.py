"""The stored counts of polls, computed again from the ballots."""

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery

from community.models import Ballot, BallotChoice, Poll


def recount_polls() -> tuple[int, int]:
    """Correct the stored counts of all polls. Return the number of polls that were wrong,
    and the number of all polls.
    """
    keys = list(Poll.objects.order_by("pk").values_list("pk", flat=True))
    return sum(map(_recount, keys)), len(keys)


@transaction.atomic
def _recount(pk: int) -> bool:
    return recount_poll(Poll.objects.select_for_update(no_key=True).get(pk=pk))


def recount_poll(poll: Poll) -> bool:
    """Correct the counts of a poll, which must be locked. Return whether they were wrong.

    Three queries, and one for each wrong count.
    """
    voters = Ballot.objects.filter(poll=poll).count()
    votes = _votes(poll)
    wrong = Poll.objects.filter(pk=poll.pk).exclude(voter_count=voters)
    count = wrong.update(voter_count=voters)
    for option in poll.options.filter(removed_at=None):
        right = votes.get(option.pk, 0)
        if option.vote_count != right:
            count += poll.options.filter(pk=option.pk).update(vote_count=right)
    return bool(count)


def _votes(poll: Poll) -> dict[int, int]:
    """The votes of each option; in a ranked poll, the ballots that place it first of those
    that were not removed.
    """
    choices = BallotChoice.objects.filter(
        ballot__poll=poll, option__removed_at=None
    ).order_by()
    if poll.way == Poll.Way.RANKED:
        others = BallotChoice.objects.filter(
            ballot=OuterRef("ballot"), option__removed_at=None
        )
        firsts = others.order_by("place").values("place")[:1]
        choices = choices.filter(place=Subquery(firsts))
    return dict(choices.values_list("option").annotate(Count("pk")))
