"""Every change to polls: votes, options, closing."""

from community.actions.polls.closing import close_due, close_poll
from community.actions.polls.options import (
    add_option,
    change_poll,
    remove_option,
)
from community.actions.polls.recounting import recount_polls
from community.actions.polls.refusals import BadOption, BadVote, PollClosed
from community.actions.polls.votes import take_back, vote

__all__ = [
    "BadOption",
    "BadVote",
    "PollClosed",
    "add_option",
    "change_poll",
    "close_due",
    "close_poll",
    "recount_polls",
    "remove_option",
    "take_back",
    "vote",
]
