"""Casting, changing and taking back a ballot."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from community.actions.polls.refusals import BadVote, PollClosed
from community.kinds.poll import MOST_OPTIONS
from community.models import Ballot, BallotChoice, Poll, PollOption
from community.polls.shown import ShownPoll
from lists.arguments import Several
from lists.change import Change, Removal
from lists.insertion import Insertion
from lists.statement import Statement
from members.models import Member


class ChosenOption(NamedTuple):
    """An option on a stored ballot, in the order of a ranking."""

    ballot_id: int
    option_id: int
    is_removed: bool


def vote(poll: ShownPoll, *, by: Member, options: Sequence[int], now: datetime) -> None:
    """Cast or change the ballot of `by`: the ids of the chosen options, a ranking in its
    order. An equal ballot changes nothing. Raises BadVote, and PollClosed.
    """
    options = list(dict.fromkeys(options))
    _check(poll, options)
    with transaction.atomic():
        # This locks the poll, and counts whoever has not voted: two votes wait for each
        # other, and closing waits for them.
        _count_voter(poll, 0 if poll.has_voted else 1, now)
        if poll.has_voted and _change(poll, by, options):
            return
        ballot = Ballot(poll_id=poll.pk, member=by, cast_at=now)
        if _STORE_BALLOT(ballot):
            _choose(poll, ballot, options)
            if poll.has_voted:  # and took the vote back since the page was read
                _count_voter(poll, 1, now)
        else:  # another press was first
            _count_voter(poll, -1, now)
            _change(poll, by, options)


def _change(poll: ShownPoll, by: Member, options: Sequence[int]) -> bool:
    """Replace what is chosen on the ballot of `by`. Return whether there is one."""
    former = _CHOSEN(poll=poll.pk, member=by)
    if former and [each.option_id for each in former] != options:
        ballot = Ballot(pk=former[0].ballot_id)
        _forget_choices(poll, former)
        _choose(poll, ballot, options)
    return bool(former)


def take_back(poll: ShownPoll, *, by: Member, now: datetime) -> None:
    """Delete the ballot of `by`, if there is one. Raises PollClosed."""
    with transaction.atomic():
        _count_voter(poll, 0, now)  # locks the poll
        former = _CHOSEN(poll=poll.pk, member=by)
        if former:
            _forget_choices(poll, former)
            _FORGET_BALLOT(pk=former[0].ballot_id)
            _count_voter(poll, -1, now)


def _check(poll: ShownPoll, options: Sequence[int]) -> None:
    if not options:
        raise BadVote(_("Choose something first."))
    if not {option.pk for option in poll.options}.issuperset(options):
        raise BadVote(_gone())
    if len(options) > 1 and poll.way == Poll.Way.SINGLE:
        raise BadVote(_("Choose only one option."))


def _gone() -> str:
    return _("An option that you chose was removed. Look at the others and vote again.")


def _count_voter(poll: ShownPoll, change: int, now: datetime) -> None:
    if not _COUNT_VOTER(pk=poll.pk, change=change, now=now):
        raise PollClosed


def _choose(poll: ShownPoll, ballot: Ballot, options: Sequence[int]) -> None:
    counted = _counted(poll, options)
    if _count(poll, counted, 1) != len(counted):
        raise BadVote(_gone())
    for place, option in enumerate(options, 1):
        choice = BallotChoice(ballot=ballot, option_id=option, place=place)
        if not poll.is_ranked:
            choice.place = 1
        _STORE_CHOICE(choice)


def _forget_choices(poll: ShownPoll, former: Sequence[ChosenOption]) -> None:
    still_there = [each.option_id for each in former if not each.is_removed]
    _count(poll, _counted(poll, still_there), -1)
    _FORGET_CHOICES(ballot=former[0].ballot_id)


def _counted(poll: ShownPoll, options: Sequence[int]) -> Sequence[int]:
    """The options whose stored count has this ballot."""
    return options[:1] if poll.is_ranked else options


def _count(poll: ShownPoll, options: Sequence[int], change: int) -> int:
    """Change the stored counts; return of how many options."""
    if not options:
        return 0
    return _COUNT(poll=poll.pk, options=options, change=change)


_COUNT_VOTER = Change(
    lambda pk, change, now: (
        Poll.objects.open_at(now).filter(pk=pk),
        {"voter_count": F("voter_count") + change},
    ),
    pk=int,
    change=int,
    now=datetime,
)
_COUNT = Change(
    lambda poll, options, change: (
        PollOption.objects.filter(poll=poll, pk__in=options, removed_at=None),
        {"vote_count": F("vote_count") + change},
    ),
    poll=int,
    options=Several(int, MOST_OPTIONS),
    change=int,
)
_CHOSEN = Statement(
    ChosenOption,
    lambda poll, member: (
        BallotChoice.objects.filter(ballot__poll=poll, ballot__member=member)
        .annotate(is_removed=Q(option__removed_at__isnull=False))
        .order_by("place", "option__position")
        .values_list(*ChosenOption._fields)
    ),
    poll=int,
    member=Member,
)
_FORGET_CHOICES = Removal(
    lambda ballot: BallotChoice.objects.filter(ballot=ballot), ballot=int
)
_FORGET_BALLOT = Removal(lambda pk: Ballot.objects.filter(pk=pk), pk=int)
_STORE_BALLOT = Insertion(Ballot, ignore_conflicts=True)
_STORE_CHOICE = Insertion(BallotChoice)
