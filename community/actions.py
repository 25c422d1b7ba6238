"""Every change to what is said: posts, comments, answers, reactions, pins.

Text is rendered before a transaction is opened; `richtext.TextRefused` says in its author's words why it cannot be.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.html import format_html
from django.utils.translation import gettext as _

import richtext
from community.beginnings import beginning_of
from community.models import Comment, Post, Reaction, Revision
from members.models import Member
from papers.models import Paper

POSTS_AN_HOUR = 20
COMMENTS_AN_HOUR = 60
DOUBLE_WITHIN = timedelta(seconds=60)
SHORT_MAX = 800  # characters of Markdown that a list shows whole
LINES_MAX = 14
EXCERPT_LENGTH = 320

Written = TypeVar("Written", Post, Comment)


class Refused(Exception):
    """A deed that the group does not allow now; the text says why, to be shown."""


class TooMany(Refused):
    """The member has written as much as fits into an hour."""


class NotAllowed(Refused, PermissionDenied):
    """The deed is another member's: the author's, the asker's or a moderator's."""


class EditConflict(Exception):
    """The words were changed after the writer had seen them. Carries both texts, so that none is lost."""

    def __init__(self, current: Post | Comment, *, title: str, body: str) -> None:
        super().__init__(_("Somebody has changed these words since you opened them."))
        self.current = current
        self.title = title
        self.body = body


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the forms that are stored beside each other."""

    body: str
    body_html: str
    beginning_html: str
    excerpt: str
    pipeline_version: int


def render(body: str) -> Words:
    """Raises TextRefused."""
    body = body.replace("\r\n", "\n")
    long = len(body) > SHORT_MAX or body.count("\n") >= LINES_MAX
    excerpt = richtext.plain(body, EXCERPT_LENGTH) if long else ""
    beginning = beginning_of(body) if long else ""
    # a name of its own for each text keeps the footnotes of all texts on a page apart
    name = uuid4().hex[:8]
    return Words(
        body=body,
        body_html=richtext.render(body, doc_id=name),
        beginning_html=richtext.render(beginning, doc_id=name) if beginning else _paragraph(excerpt),
        excerpt=excerpt,
        pipeline_version=richtext.PIPELINE_VERSION,
    )


def _paragraph(text: str) -> str:
    return format_html("<p>{}</p>", text) if text else ""


def write_post(
    author: Member,
    *,
    body: str,
    now: datetime,
    kind: str = Post.Kind.DISCUSSION,
    title: str = "",
    step_key: UUID | None = None,
    activity_key: UUID | None = None,
    paper: Paper | None = None,
) -> Post:
    """Write to the group, or into the thread of a step, activity or paper.

    The same words in the same place twice in a minute are one post. Raises TextRefused, TooMany, and NotAllowed
    for an announcement by somebody who is no moderator.
    """
    if kind == Post.Kind.ANNOUNCEMENT and not author.is_moderator:
        raise NotAllowed(_("Moderators write the announcements."))
    words = render(body)
    place = {"step_key": step_key, "activity_key": activity_key, "paper": paper}
    with transaction.atomic():
        _one_at_a_time(author)
        same = Q(body=words.body, title=title, kind=kind, removed_at=None, posted_at__gt=now - DOUBLE_WITHIN, **place)
        last_hour = Post.objects.by(author).filter(posted_at__gt=now - timedelta(hours=1), posted_at__lte=now)
        written = last_hour.aggregate(count=Count("pk"), same=Max("pk", filter=same))
        if written["same"]:
            return Post.objects.get(pk=written["same"])
        if written["count"] >= POSTS_AN_HOUR:
            raise TooMany(
                _("You have written %(n)s posts within an hour. Please wait a little before the next.")
                % {"n": POSTS_AN_HOUR}
            )
        return Post.objects.create(
            author=author,
            kind=kind,
            title=title,
            posted_at=now,
            active_at=now,
            **place,
            **_columns(words),
        )


def write_comment(post: Post, *, author: Member, body: str, now: datetime, parent: Comment | None = None) -> Comment:
    """Comment on a post, or answer a question; a reply to a reply stands beside it, below the same comment.

    The same words in the same place twice in a minute are one comment. Raises TextRefused, TooMany, and Refused when
    the post is gone.
    """
    words = render(body)
    root = (parent.parent_id or parent.pk) if parent else None
    with transaction.atomic():
        _one_at_a_time(author)
        same = Q(body=words.body, post=post, parent=root, removed_at=None, commented_at__gt=now - DOUBLE_WITHIN)
        last_hour = Comment.objects.by(author).filter(commented_at__gt=now - timedelta(hours=1), commented_at__lte=now)
        written = last_hour.aggregate(count=Count("pk"), same=Max("pk", filter=same))
        if written["same"]:
            return Comment.objects.get(pk=written["same"])
        if written["count"] >= COMMENTS_AN_HOUR:
            raise TooMany(
                _("You have written %(n)s comments within an hour. Please wait a little before the next.")
                % {"n": COMMENTS_AN_HOUR}
            )
        post = _locked(post.pk)
        if post.removed_at:
            raise Refused(_("This post was removed."))
        comment = Comment.objects.create(post=post, parent_id=root, author=author, commented_at=now, **_columns(words))
        recount(post)
        return comment


def edit_post(post: Post, *, by: Member, title: str, body: str, seen_edited_at: datetime | None, now: datetime) -> Post:
    """Change the words of one's own post; the old ones stay as a revision. The same words again change nothing.

    `seen_edited_at` is the post's `edited_at` when the writer opened it. Raises NotAllowed, TextRefused, and
    EditConflict when it was edited since.
    """
    words = render(body)
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if post.author_id != by.pk or post.removed_at:
            raise NotAllowed(_("Only the author can change these words."))
        if (post.title, post.body) == (title, words.body):
            return post
        if post.edited_at != seen_edited_at:
            raise EditConflict(post, title=title, body=body)
        Revision.objects.create(
            post=post, title=post.title, body=post.body, written_at=post.edited_at or post.posted_at
        )
        return _replace(post, now=now, title=title, **_columns(words))


def edit_comment(comment: Comment, *, by: Member, body: str, seen_edited_at: datetime | None, now: datetime) -> Comment:
    """As `edit_post`, for a comment."""
    words = render(body)
    with transaction.atomic():
        comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
        if comment.author_id != by.pk or comment.removed_at:
            raise NotAllowed(_("Only the author can change these words."))
        if comment.body == words.body:
            return comment
        if comment.edited_at != seen_edited_at:
            raise EditConflict(comment, title="", body=body)
        Revision.objects.create(
            comment=comment, body=comment.body, written_at=comment.edited_at or comment.commented_at
        )
        return _replace(comment, now=now, **_columns(words))


def remove_post(post: Post, *, by: Member, now: datetime) -> None:
    """Take a post and all below it out of sight; the rows stay. Raises NotAllowed."""
    if not may_remove(post, by):
        raise NotAllowed(_("Only the author or a moderator can remove this."))
    Post.objects.filter(pk=post.pk, removed_at=None).update(removed_at=now, removed_by=by, pinned_at=None)


@transaction.atomic
def remove_comment(comment: Comment, *, by: Member, now: datetime) -> None:
    """Take a comment out of sight; replies to it stay. An accepted answer is accepted no more. Raises NotAllowed."""
    if not may_remove(comment, by):
        raise NotAllowed(_("Only the author or a moderator can remove this."))
    post = _locked(comment.post_id)
    Comment.objects.filter(pk=comment.pk, removed_at=None).update(removed_at=now, removed_by=by)
    if post.accepted_comment_id == comment.pk:
        post.accepted_comment, post.accepted_at = None, None
    recount(post)


@transaction.atomic
def accept_answer(comment: Comment, *, by: Member, now: datetime) -> None:
    """Mark the answer that helped; a newer choice replaces the older. Raises NotAllowed, Refused."""
    post = _question_of(comment, by)
    if comment.removed_at or comment.parent_id:
        raise Refused(_("Only an answer to the question itself can be accepted."))
    if post.accepted_comment_id != comment.pk:
        post.accepted_comment, post.accepted_at = comment, now
        recount(post)


@transaction.atomic
def unaccept_answer(comment: Comment, *, by: Member) -> None:
    """Take the mark back, if it is on this answer. Raises NotAllowed."""
    post = _question_of(comment, by)
    if post.accepted_comment_id == comment.pk:
        post.accepted_comment, post.accepted_at = None, None
        recount(post)


def react(target: Post | Comment, *, by: Member, kind: str, now: datetime) -> None:
    """Say “helped me”, “thanks” or “same here”, once each. Raises NotAllowed for one's own words."""
    if target.author_id == by.pk:
        raise NotAllowed(_("Reactions are for the words of others."))
    Reaction.objects.get_or_create(member=by, kind=Reaction.Kind(kind), **_to(target), defaults={"reacted_at": now})


def unreact(target: Post | Comment, *, by: Member, kind: str) -> None:
    Reaction.objects.filter(member=by, kind=kind, **_to(target)).delete()


@transaction.atomic
def pin(post: Post, *, by: Member, now: datetime) -> None:
    """Pin an announcement to the top of the feed, in the place of the one before. Raises NotAllowed, Refused."""
    if not by.is_moderator:
        raise NotAllowed(_("Moderators choose what is pinned."))
    if post.kind != Post.Kind.ANNOUNCEMENT or post.removed_at:
        raise Refused(_("Only announcements can be pinned."))
    Post.objects.exclude(pk=post.pk).filter(pinned_at__isnull=False).update(pinned_at=None)
    Post.objects.filter(pk=post.pk, pinned_at=None).update(pinned_at=now)


def unpin(post: Post, *, by: Member) -> None:
    """Raises NotAllowed."""
    if not by.is_moderator:
        raise NotAllowed(_("Moderators choose what is pinned."))
    Post.objects.filter(pk=post.pk).update(pinned_at=None)


def may_remove(target: Post | Comment, member: Member) -> bool:
    return target.author_id == member.pk or member.is_moderator


def recount(post: Post) -> None:
    """Write the post's stored answers anew from its rows: comments, newest activity, accepted answer. Two queries.

    Call it while the post's row is locked.
    """
    said = post.comments.filter(removed_at=None).aggregate(count=Count("pk"), newest=Max("commented_at"))
    post.comment_count = said["count"]
    post.active_at = max(filter(None, (post.posted_at, said["newest"], post.accepted_at)))
    post.save(update_fields=["comment_count", "active_at", "accepted_comment", "accepted_at"])


def render_again(*, limit: int = 500) -> int:
    """Render posts and comments whose HTML an older pipeline made, newest first; returns how many were.

    A text that the newer pipeline refuses is shown as it was typed.
    """
    written: list[Post | Comment] = []
    for model in (Post, Comment):
        stale = model.objects.exclude(pipeline_version=richtext.PIPELINE_VERSION).order_by("-pk").only("body")
        written += stale[: limit - len(written)]
    for each in written:
        try:
            words = render(each.body)
        except richtext.TextRefused:
            excerpt = richtext.plain(each.body, EXCERPT_LENGTH)
            shown = format_html("<pre>{}</pre>", each.body)
            words = Words(each.body, shown, _paragraph(excerpt), excerpt, richtext.PIPELINE_VERSION)
        # An edit in between has its HTML already.
        type(each).objects.filter(pk=each.pk, body=each.body).update(**_columns(words))
    return len(written)


def _one_at_a_time(author: Member) -> None:
    """Two presses of one button at once wait for each other here, so that the second finds what the first wrote."""
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)


def _locked(post_pk: int) -> Post:
    return Post.objects.select_for_update(no_key=True).defer("body", "body_html").get(pk=post_pk)


def _question_of(comment: Comment, by: Member) -> Post:
    post = _locked(comment.post_id)
    if post.kind != Post.Kind.QUESTION:
        raise Refused(_("Only questions have an accepted answer."))
    if post.author_id != by.pk and not by.is_moderator:
        raise NotAllowed(_("The asker decides which answer helped."))
    return post


def _to(target: Post | Comment) -> dict[str, Post | Comment]:
    return {"post": target} if isinstance(target, Post) else {"comment": target}


def _columns(words: Words) -> dict[str, str | int]:
    return {name: getattr(words, name) for name in Words.__slots__}


def _replace(written: Written, *, now: datetime, **columns: str | int) -> Written:
    for name, value in columns.items():
        setattr(written, name, value)
    written.edited_at = now
    written.save(update_fields=["edited_at", *columns])
    return written
