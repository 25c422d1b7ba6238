"""The comments below one post in the order of their threads: the accepted answer first, replies below their comment."""

from dataclasses import dataclass, field

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from community.models import AUTHOR, Comment, CommentQuerySet, Post
from community.reactions import Button, buttons
from members.models import Member

COMMENTS = 100
SHOWN = ["post", "parent", "body_html", "commented_at", "edited_at", *(f"author__{name}" for name in AUTHOR)]


@dataclass(frozen=True, slots=True)
class Said:
    """A comment with all that the page shows of it."""

    comment: Comment
    buttons: list[Button]
    accepted: bool
    may_edit: bool
    may_remove: bool
    may_accept: bool


@dataclass(slots=True)
class Branch:
    """A comment and its replies. `said` is None where only replies are on this page: `removed` tells why."""

    root: int
    said: Said | None = None
    removed: bool = False
    replies: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Discussion:
    branches: list[Branch]
    later: int | None  # the comment that the next page starts from
    earlier: bool  # whether this is not the first page
    buttons: list[Button]  # of the post itself


def discussion(member: Member, post: Post, *, start: int | None = None) -> Discussion:
    """One page of the comments below `post`, from the comment `start` on. Two queries; three with `start`."""
    comments = in_order(Comment.objects.visible_to(member).filter(post=post), post)
    first = comments.filter(pk=start).first() if start and post.comment_count > COMMENTS else None
    page = list(_from(comments, first).select_related("author").only(*SHOWN)[: COMMENTS + 1])
    shown, later = page[:COMMENTS], page[COMMENTS].pk if len(page) > COMMENTS else None
    pressed = buttons(member, [post, *shown])
    said = [_said(comment, post, member, pressed[comment]) for comment in shown]
    return Discussion(_branches(said), later, first is not None, pressed[post])


def said_by(member: Member, comment: Comment) -> Said:
    """One comment as its page shows it. One query."""
    return _said(comment, comment.post, member, buttons(member, [comment])[comment])


def in_order(comments: CommentQuerySet, post: Post) -> CommentQuerySet:
    """With `root` (the comment a thread starts with) and `rank`, which puts the accepted answer's thread first."""
    return (
        comments.annotate(root=Coalesce("parent_id", "id"), parent_removed_at=F("parent__removed_at"))
        .annotate(rank=Case(When(root=post.accepted_comment_id or 0, then=Value(0)), default=Value(1)))
        .order_by("rank", "root", "id")
    )


def _from(comments: CommentQuerySet, first: Comment | None) -> CommentQuerySet:
    if first is None:
        return comments
    here = Q(rank=first.rank, root=first.root, id__gte=first.pk)  # type: ignore[attr-defined]
    return comments.filter(
        here | Q(rank=first.rank, root__gt=first.root) | Q(rank__gt=first.rank)  # type: ignore[attr-defined]
    )


def _said(comment: Comment, post: Post, member: Member, pressed: list[Button]) -> Said:
    mine, asked = comment.author_id == member.pk, post.author_id == member.pk
    return Said(
        comment=comment,
        buttons=pressed,
        accepted=post.accepted_comment_id == comment.pk,
        may_edit=mine,
        may_remove=mine or member.is_moderator,
        may_accept=post.kind == Post.Kind.QUESTION and not comment.parent_id and (asked or member.is_moderator),
    )


def _branches(page: list[Said]) -> list[Branch]:
    branches: dict[int, Branch] = {}
    for said in page:
        root = said.comment.parent_id or said.comment.pk
        branch = branches.setdefault(root, Branch(root))
        if said.comment.parent_id:
            branch.removed = branch.said is None and said.comment.parent_removed_at is not None  # type: ignore[attr-defined]
            branch.replies.append(said)
        else:
            branch.said = said
    return list(branches.values())
