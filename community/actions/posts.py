"""Writing, changing and removing posts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Subquery
from django.utils.translation import gettext as _

from community import kinds
from community.actions.holdings import hold, hold_instead, release
from community.actions.limits import WriteLimit, lock_author, written_lately
from community.actions.mentions import note_mentions
from community.actions.own_answers import store_own_answer
from community.actions.refusals import EditConflict, NotAllowed
from community.actions.unfolding import note_written
from community.actions.words import columns, line_ends, render_edit, render_for, replace
from community.indexed import post_document
from community.models import Comment, Post, Revision, Thread
from community.threads import stored
from documents import actions as documents
from lists.insertion import Insertion
from members.models import Member

POSTS_AN_HOUR = 20
_WRITTEN = written_lately(
    Post.objects.by,
    "posted_at",
    lambda thread_kind, thread_key, **words: Q(
        # no join, for which PostgreSQL may read all threads
        thread=Subquery(
            Thread.objects.filter(kind=thread_kind, key=thread_key).values("pk")
        ),
        removed_at=None,
        **words,
    ),
    **dict.fromkeys(("thread_kind", "thread_key", "body", "title", "kind"), str),
)
_STORE = Insertion(Post)


def write_post(
    author: Member,
    *,
    body: str,
    now: datetime,
    kind: str = kinds.DEFAULT,
    title: str = "",
    thread: Thread | None = None,
    details: Mapping[str, Any] | None = None,
) -> Post:
    """Write a post to the group's feed or to another `thread`.

    A thread is stored with its first post. `details` are the values of the kind's own
    fields. The same text in the same thread twice in a minute is one post. Raises
    TextRefused, PostLimitReached, and NotAllowed if `author` may not write this kind.
    """
    traits = kinds.KINDS[kind]
    if not traits.may_be_written_by(author):
        raise NotAllowed(str(traits.not_allowed))
    thread = thread or Thread()
    asked = WriteLimit(
        _WRITTEN,
        author,
        {
            "thread_kind": thread.kind,
            "thread_key": thread.key,
            "body": line_ends(body),
            "title": title,
            "kind": kind,
        },
        at_most=POSTS_AN_HOUR,
        refusal=_(
            "You have written %(n)s posts within an hour. Please wait a little before the next."
        ),
        now=now,
    )
    if written := asked.may_write():
        return Post.objects.get(pk=written)
    words = render_for(author, body, now=now)
    answer = traits.own_answer(details or {})
    answer_words = render_for(author, answer, now=now) if answer else None
    with transaction.atomic():
        lock_author(author)
        if written := asked.may_write():
            return Post.objects.get(pk=written)
        post = Post(
            author=author,
            kind=kind,
            title=title,
            posted_at=now,
            active_at=now,
            thread=stored(thread),
            to_tell=True,
            **columns(words),
        )
        _STORE(post)
        if words.mentioned:
            note_mentions(post, words.mentioned, now=now)
        traits.save_details(post, details or {})
        documents.store(post_document(post))
        hold(words.uploads, post=post)
        if answer_words:
            store_own_answer(post, answer_words, now=now)
        note_written(author, post, now=now)
    return post


def edit_post(
    post: Post,
    *,
    by: Member,
    title: str,
    body: str,
    seen_edited_at: datetime | None,
    now: datetime,
) -> Post:
    """Change the text of one's own post. The former text is kept as a revision. An equal
    text changes nothing.

    `seen_edited_at` is the post's `edited_at` when the author opened the form. Raises
    NotAllowed, TextRefused, and EditConflict if the post was edited since then.
    """
    if post.author_id != by.pk:
        raise NotAllowed(_("Only the author can edit this."))
    words = render_edit(by, body, former=post.body, now=now)
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if post.author_id != by.pk or post.removed_at:
            raise NotAllowed(_("Only the author can edit this."))
        if (post.title, post.body) == (title, words.body):
            return post
        if post.edited_at != seen_edited_at:
            raise EditConflict(post, title=title, body=body)
        Revision.objects.create(
            post=post,
            title=post.title,
            body=post.body,
            written_at=post.edited_at or post.posted_at,
        )
        replace(post, now=now, title=title, **columns(words))
        documents.store(post_document(post))
        hold_instead(words.uploads, post=post, now=now)
        note_mentions(post, words.mentioned, now=now)
        return post


@transaction.atomic
def remove_post(post: Post, *, by: Member, now: datetime) -> None:
    """Remove a post and its comments from pages; the rows stay. Raises NotAllowed."""
    if not may_remove(post, by):
        raise NotAllowed(_("Only the author or a moderator can remove this."))
    Post.objects.filter(pk=post.pk, removed_at=None).update(
        removed_at=now, removed_by=by, pinned_at=None
    )
    release(post, now=now)


def may_remove(target: Post | Comment, member: Member) -> bool:
    return target.author_id == member.pk or member.is_moderator
