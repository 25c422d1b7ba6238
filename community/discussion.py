"""The comments below one post in the order of their branches: the accepted answer first,
replies below their comment.
"""

from dataclasses import dataclass, field

from django.db.models import Case, F, Min, Q, Value, When
from django.db.models.functions import Coalesce

from community.models import AUTHOR, COUNTS, Comment, CommentQuerySet, Post
from community.reactions import Button, buttons
from lists.keyset import NumberCursor
from members.models import Member

BRANCHES = 25  # of a page
COMMENTS = 100  # of a page, so that one branch of many replies is cut as well
SHOWN = [
    "post",
    "parent",
    "body_html",
    "commented_at",
    "edited_at",
    *COUNTS,
    *(f"author__{name}" for name in AUTHOR),
]


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment with all that the page shows of it."""

    comment: Comment
    buttons: list[Button]
    accepted: bool
    may_edit: bool
    may_remove: bool
    may_accept: bool


@dataclass(slots=True)
class Branch:
    """A comment and its replies.

    `row` is None where only replies are on this page: `removed` tells why.
    """

    root: int
    row: CommentRow | None = None
    removed: bool = False
    replies: list[CommentRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Discussion:
    branches: list[Branch]
    later: NumberCursor | None  # after which the next page begins
    earlier: bool  # whether this is not the first page
    # whether the comment that was asked for is not shown, such as a removed one
    is_missing: bool
    buttons: list[Button]  # of the post itself


def discussion(
    member: Member,
    post: Post,
    *,
    comment: int | None = None,
    after: NumberCursor | None = None,
) -> Discussion:
    """A page of the comments below `post`: the first one, the one that follows `after`,
    or the one that shows `comment`.

    One query; three when `comment` is not on the first page.
    """
    comments = in_order(Comment.objects.visible_to(member).filter(post=post), post)
    page = _page(comments if after is None else _after(comments, after, post), member)
    if comment and after is None and _is_cut(page) and not _shows(page, comment):
        asked = comments.filter(pk=comment).values_list("rank", "root").first()  # type: ignore[misc]
        if asked:
            page = _page(_from_branch(comments, *asked), member)
            after = NumberCursor(asked[1], 0)
            if not _shows(page, comment):
                page = _page(comments.filter(root=asked[1], pk__gte=comment), member)  # type: ignore[misc]
    shown = _shown(page)
    rows = [_row(each, post, member) for each in shown]
    return Discussion(
        branches=_branches(rows),
        later=_cursor(shown[-1]) if len(shown) < len(page) else None,
        earlier=after is not None,
        is_missing=comment is not None and not _shows(page, comment),
        buttons=buttons(post),
    )


def comment_row(member: Member, comment: Comment) -> CommentRow:
    """One comment as its page shows it. No query."""
    return _row(comment, comment.post, member)


def in_order(comments: CommentQuerySet, post: Post) -> CommentQuerySet:
    """With `root` (the comment a branch starts with) and `rank`, which puts the
    accepted answer's branch first.
    """
    return (
        comments.annotate(
            root=Coalesce("parent_id", "id"), parent_removed_at=F("parent__removed_at")
        )
        .annotate(
            rank=Case(
                When(root=post.accepted_comment_id or 0, then=Value(0)),
                default=Value(1),
            )
        )
        .order_by("rank", "root", "id")
    )


def _page(comments: CommentQuerySet, member: Member) -> list[Comment]:
    """The comments of one branch more than a page shows, or one comment more."""
    branches = (
        comments.values("root")  # type: ignore[misc]
        .annotate(first=Min("rank"))
        .order_by("first", "root")
        .values("root")[: BRANCHES + 1]
    )
    rows = comments.filter(root__in=branches).with_reactions_of(member)  # type: ignore[misc]
    return list(rows.select_related("author").only(*SHOWN)[: COMMENTS + 1])


def _shown(page: list[Comment]) -> list[Comment]:
    roots = list(dict.fromkeys(_root(each) for each in page))[:BRANCHES]
    return [each for each in page if _root(each) in roots][:COMMENTS]


def _is_cut(page: list[Comment]) -> bool:
    return len(_shown(page)) < len(page)


def _shows(page: list[Comment], pk: int) -> bool:
    return any(each.pk == pk for each in _shown(page))


def _root(comment: Comment) -> int:
    return comment.parent_id or comment.pk


def _cursor(comment: Comment) -> NumberCursor:
    return NumberCursor(_root(comment), comment.pk)


def _after(
    comments: CommentQuerySet, cursor: NumberCursor, post: Post
) -> CommentQuerySet:
    """The page begins at the right comment even when that of the cursor was removed."""
    rank = 0 if cursor.number == post.accepted_comment_id else 1
    return comments.filter(
        Q(rank=rank, root=cursor.number, pk__gt=cursor.pk)
        | Q(rank=rank, root__gt=cursor.number)
        | Q(rank__gt=rank)
    )


def _from_branch(comments: CommentQuerySet, rank: int, root: int) -> CommentQuerySet:
    return comments.filter(Q(rank=rank, root__gte=root) | Q(rank__gt=rank))


def may_accept(comment: Comment, question: Post, member: Member) -> bool:
    """Whether `member` decides about this answer: the asker does, and a moderator does
    about answers of others.
    """
    return question.author_id == member.pk or (
        member.is_moderator and comment.author_id != member.pk
    )


def _row(comment: Comment, post: Post, member: Member) -> CommentRow:
    mine = comment.author_id == member.pk
    is_answer = post.traits.accepts_answers and not comment.parent_id
    return CommentRow(
        comment=comment,
        buttons=buttons(comment),
        accepted=post.accepted_comment_id == comment.pk,
        may_edit=mine,
        may_remove=mine or member.is_moderator,
        may_accept=is_answer and may_accept(comment, post, member),
    )


def _branches(rows: list[CommentRow]) -> list[Branch]:
    branches: dict[int, Branch] = {}
    for row in rows:
        root = _root(row.comment)
        branch = branches.setdefault(root, Branch(root))
        if row.comment.parent_id:
            parent_removed_at = row.comment.parent_removed_at  # type: ignore[attr-defined]
            branch.removed = branch.row is None and parent_removed_at is not None
            branch.replies.append(row)
        else:
            branch.row = row
    return list(branches.values())
