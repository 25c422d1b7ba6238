"""Every change to posts, comments, accepted answers, reactions and pins."""

from community.actions.answers import accept_answer, unaccept_answer
from community.actions.comments import edit_comment, remove_comment, write_comment
from community.actions.counts import recount
from community.actions.pins import pin, put_away, unpin
from community.actions.posts import edit_post, may_remove, remove_post, write_post
from community.actions.reactions import react, unreact
from community.actions.refusals import (
    EditConflict,
    NotAllowed,
    PostLimitReached,
    Refused,
)
from community.actions.words import render, render_again, render_for

__all__ = [
    "EditConflict",
    "NotAllowed",
    "PostLimitReached",
    "Refused",
    "accept_answer",
    "edit_comment",
    "edit_post",
    "may_remove",
    "pin",
    "put_away",
    "react",
    "recount",
    "remove_comment",
    "remove_post",
    "render",
    "render_again",
    "render_for",
    "unaccept_answer",
    "unpin",
    "unreact",
    "write_comment",
    "write_post",
]
