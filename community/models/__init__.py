"""Threads, posts, comments and reactions."""

from community.listed import AUTHOR
from community.models.comments import Comment, CommentQuerySet, Revision
from community.models.notices import PutAwayNotice
from community.models.posts import Post, PostQuerySet
from community.models.reactions import (
    COUNTS,
    Reaction,
    WithReactions,
    cascade_and_count,
)
from community.models.threads import Thread

__all__ = [
    "AUTHOR",
    "COUNTS",
    "Comment",
    "CommentQuerySet",
    "Post",
    "PostQuerySet",
    "PutAwayNotice",
    "Reaction",
    "Revision",
    "Thread",
    "WithReactions",
    "cascade_and_count",
]
