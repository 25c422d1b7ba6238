"""Every change to posts, comments, accepted answers, reactions, pins and drafts."""

from community.actions.answers import accept_answer, unaccept_answer
from community.actions.comments import edit_comment, remove_comment, write_comment
from community.actions.counts import recount
from community.actions.drafts import (
    Save,
    SavedDraft,
    check_length,
    delete_draft,
    end_draft,
    forget_ended_drafts,
    keep_draft,
)
from community.actions.holdings import delete_unused, uploads_in
from community.actions.joining import (
    join_question,
    may_join,
    separate_question,
)
from community.actions.pins import pin, put_away, unpin
from community.actions.posts import edit_post, may_remove, remove_post, write_post
from community.actions.reactions import react, unreact
from community.actions.readmarks import note_own_comment, note_read
from community.actions.refusals import (
    EditConflict,
    NotAllowed,
    PostLimitReached,
    Refused,
)
from community.actions.unfolding import ask_to_see
from community.actions.words import preview, render, render_again, render_for

__all__ = [
    "EditConflict",
    "NotAllowed",
    "PostLimitReached",
    "Refused",
    "Save",
    "SavedDraft",
    "accept_answer",
    "ask_to_see",
    "check_length",
    "delete_draft",
    "delete_unused",
    "edit_comment",
    "edit_post",
    "end_draft",
    "forget_ended_drafts",
    "join_question",
    "keep_draft",
    "may_join",
    "may_remove",
    "note_own_comment",
    "note_read",
    "pin",
    "preview",
    "put_away",
    "react",
    "recount",
    "remove_comment",
    "remove_post",
    "render",
    "render_again",
    "render_for",
    "separate_question",
    "unaccept_answer",
    "unpin",
    "unreact",
    "uploads_in",
    "write_comment",
    "write_post",
]
