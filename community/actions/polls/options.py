"""Adding, changing and removing options; the date on which a poll closes.

All of it locks the poll, as votes do.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef
from django.utils.translation import gettext as _

from community.actions.polls.recounting import recount_poll
from community.actions.polls.refusals import BadOption, PollClosed
from community.actions.refusals import NotAllowed
from community.indexed import post_document
from community.kinds.poll import wrong_names
from community.models import BallotChoice, Poll, PollOption, Post
from community.models.polls import names_of
from community.polls.allowed import allowed
from documents import actions as documents
from members import budget
from members.models import Member

ADDED_BY_ONE = 3  # options that a member adds to somebody else's poll
MOST_ROWS = 60  # of a poll, with the removed options that are on ballots


def add_option(post: Post, *, by: Member, name: str, now: datetime) -> PollOption:
    """Add an option at the end. Raises NotAllowed, BadOption, PollClosed,
    and limits.TooMany.
    """
    budget.spend(by, budget.OPTIONS, now=now)
    with transaction.atomic():
        poll = _lock(post, now)
        is_mine = post.author_id == by.pk
        if not (poll.may_add or is_mine):
            raise NotAllowed(_("Only the author can add options to this poll."))
        options = _options(poll)
        _check_names([*(option.name for option in options), name])
        mine = sum(option.added_by_id == by.pk for option in options)
        if not is_mine and mine >= ADDED_BY_ONE:
            raise BadOption(
                _("You have added %(n)s options to this poll. That is the most.")
                % {"n": ADDED_BY_ONE}
            )
        option = _append(poll, name, None if is_mine else by)
        _note_names(poll, post)
        return option


def change_poll(
    post: Post,
    *,
    by: Member,
    names: Mapping[int, str],
    added: Sequence[str],
    closes_at: datetime | None,
    now: datetime,
) -> None:
    """Give options other names by their ids, remove those with an empty
    name, add others, and set when the poll closes. If one of these is
    refused, nothing is changed.

    Once somebody has voted, no option gets another name or is removed: if
    some still could, everybody would see which have votes.

    Raises NotAllowed, BadOption, PollClosed, and limits.TooMany.
    """
    if not allowed(post, by, is_open=True).edits:
        raise NotAllowed(_("Only the author can change this poll."))
    if closes_at is not None and closes_at <= now:
        raise BadOption(
            _("A poll closes in the future. To close it now, press “Close”.")
        )
    budget.spend(by, budget.EDITS, now=now)
    budget.spend(by, budget.OPTIONS, len(added), now=now)
    with transaction.atomic():
        poll = _lock(post, now)
        options = _options(poll)
        renamed = {each.pk: names.get(each.pk, each.name) for each in options}
        if poll.voter_count and any(renamed[each.pk] != each.name for each in options):
            raise BadOption(
                _("Somebody has voted by now, so the options stay as they are.")
            )
        _check_names([*filter(None, renamed.values()), *added])
        for option in options:
            _store(option, renamed[option.pk], now)
        for name in added:
            _append(poll, name, None)
        Poll.objects.filter(pk=poll.pk).update(closes_at=closes_at)
        _note_names(poll, post)


def _store(option: PollOption, name: str, now: datetime) -> None:
    if not name:
        _remove(option, now)
    elif name != option.name:
        PollOption.objects.filter(pk=option.pk).update(name=name)


@transaction.atomic
def remove_option(post: Post, *, by: Member, option: int, now: datetime) -> None:
    """Remove an option whatever votes it has, for moderators. Votes for it
    no longer count. What a closed poll has decided stays. Raises
    NotAllowed, and BadOption for the last option.
    """
    if not allowed(post, by, is_open=True).removes:
        raise NotAllowed(_("Only moderators can remove an option that has votes."))
    poll = Poll.objects.select_for_update(no_key=True).get(pk=post.pk)
    options = {each.pk: each for each in _options(poll)}
    if option not in options:
        return
    if len(options) == 1:
        raise BadOption(_("This is the last option. Remove the post instead."))
    _remove(options[option], now)
    if poll.voter_count:
        # Also for an option without votes: nobody sees which have some.
        Poll.objects.filter(pk=poll.pk).update(removed_count=F("removed_count") + 1)
    if poll.closed_at is None:
        recount_poll(poll)
    _note_names(poll, post)


def _remove(option: PollOption, now: datetime) -> None:
    """Delete an option, or mark it as removed if it is on a ballot. No
    vote for it can be on its way: it would wait for the lock of the poll.
    """
    if BallotChoice.objects.filter(option=option).exists():
        PollOption.objects.filter(pk=option.pk).update(removed_at=now)
    else:
        option.delete()


def _lock(post: Post, now: datetime) -> Poll:
    polls = Poll.objects.select_for_update(no_key=True)
    poll = polls.open_at(now).filter(pk=post.pk).first()
    if poll is None:
        raise PollClosed
    return poll


def _options(poll: Poll) -> list[PollOption]:
    return list(poll.options.filter(removed_at=None).order_by("position"))


def _check_names(names: Sequence[str]) -> None:
    for sentence in wrong_names(dict(enumerate([*names, ""]))).values():
        raise BadOption(str(sentence))


def _append(poll: Poll, name: str, by: Member | None) -> PollOption:
    last = poll.options.aggregate(last=Max("position"))["last"] or 0
    if last >= MOST_ROWS:
        last = _close_gaps(poll)
    if last >= MOST_ROWS:
        raise BadOption(
            _("So many options of this poll were removed that none can be added.")
        )
    return poll.options.create(name=name, position=last + 1, added_by=by)


def _close_gaps(poll: Poll) -> int:
    """Number all options from 1 on, as deleted ones leave gaps, and delete
    removed ones that are no longer on a ballot. Return how many there are.
    """
    chosen = BallotChoice.objects.filter(option=OuterRef("pk"))
    poll.options.exclude(removed_at=None).exclude(Exists(chosen)).delete()
    rows = poll.options.order_by("position").values_list("pk", "position")
    # In this order each position is free when it is set.
    for position, (pk, former) in enumerate(list(rows), 1):
        if position != former:
            PollOption.objects.filter(pk=pk).update(position=position)
    return len(rows)


def _note_names(poll: Poll, post: Post) -> None:
    """Let search find the options as they are now."""
    poll.option_names = names_of([option.name for option in _options(poll)])
    poll.save(update_fields=["option_names"])
    post = Post.objects.select_related("poll").get(pk=post.pk)
    documents.store(post_document(post))
