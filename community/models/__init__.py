"""Threads, posts, comments and reactions."""

from community.listed import AUTHOR
from community.models.comments import Comment, CommentQuerySet, Revision
from community.models.drafts import Draft, DraftQuerySet
from community.models.holdings import Holding
from community.models.mentions import Mention
from community.models.notices import PutAwayNotice
from community.models.polls import (
    Ballot,
    BallotChoice,
    Poll,
    PollOption,
)
from community.models.posts import Post, PostQuerySet
from community.models.reactions import (
    COUNTS,
    Reaction,
    WithReactions,
    cascade_and_count,
)
from community.models.readmarks import ReadMark
from community.models.threads import Thread
from community.models.unfolding import Unfolding, with_closed

__all__ = [
    "AUTHOR",
    "COUNTS",
    "Ballot",
    "BallotChoice",
    "Comment",
    "CommentQuerySet",
    "Draft",
    "DraftQuerySet",
    "Holding",
    "Mention",
    "Poll",
    "PollOption",
    "Post",
    "PostQuerySet",
    "PutAwayNotice",
    "Reaction",
    "ReadMark",
    "Revision",
    "Thread",
    "Unfolding",
    "WithReactions",
    "cascade_and_count",
    "with_closed",
]
