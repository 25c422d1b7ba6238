"""The answer that a post brings with it, as a comment of its author."""

from datetime import datetime

from community.actions.holdings import hold
from community.actions.mentions import note_mentions
from community.actions.words import Words, columns
from community.indexed import comment_document
from community.models import Comment, Post
from documents import actions as documents
from lists.insertion import Insertion

_STORE = Insertion(Comment)


def store_own_answer(post: Post, words: Words, *, now: datetime) -> None:
    """Store it as the accepted one, in the transaction that stores the post."""
    answer = Comment(post=post, author=post.author, commented_at=now, **columns(words))
    _STORE(answer)
    documents.store(comment_document(answer))
    hold(words.uploads, comment=answer)
    if words.mentioned:
        note_mentions(answer, words.mentioned, now=now)
    post.accepted_comment, post.accepted_at, post.comment_count = answer, now, 1
    post.save(update_fields=["accepted_comment", "accepted_at", "comment_count"])
