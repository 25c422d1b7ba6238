"""Single posts and comments by their id, if a member may see them.

Each is read by one compiled statement, with the related rows that a page shows. The
Markdown is deferred.
"""

from collections import namedtuple
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model
from django.urls import reverse

from community.models import AUTHOR, COUNTS, Comment, Post, Reaction, ReadMark, Thread
from config.values import BIGGEST
from lists.statement import Statement
from members.models import Member
from members.sessions import below, columns

MINE = [f"my_{kind}" for kind in Reaction.Kind.values]
POST = columns(Post, leave_out=["body"])
COMMENT = columns(Comment, leave_out=["body"])
BESIDE = columns(Post, leave_out=["body", "body_html", "beginning_html"])
THREAD = columns(Thread)
MARK = ["mark__last_comment", "mark__seen_count", "mark__seen_at"]
TO_REACT = {"id", "author_id", *COUNTS}


def _only(model: type[Model], names: Collection[str]) -> list[str]:
    """The fields of these names in the order of the model, as `from_db` takes them."""
    return [name for name in columns(model) if name in names]


MEMBER = _only(Member, ["id", *AUTHOR])
POST_TO_REACT = _only(Post, TO_REACT | {"kind"})
COMMENT_TO_REACT = _only(Comment, TO_REACT | {"post_id"})


def _statement(build: Any, names: Sequence[str], **more: type) -> Statement[Any]:
    """The statement for the row with an id, if the member may see it; `more` are other
    arguments of `build`.
    """
    row = namedtuple("Row", names)  # type: ignore[misc]
    return Statement(
        row,
        lambda member, pk, **given: (
            build(member, **given).filter(pk=pk).values_list(*names)
        ),
        member=Member,
        pk=int,
        **more,
    )


_POSTS = _statement(
    lambda member, comments: (
        Post.objects.visible_to(member)
        .with_thread()
        .with_mark_of(member)
        .with_level_of(member)
        .with_draft_of(member, comments)
        .with_joined(member)
        .with_closed(member)
        .with_reactions_of(member)
    ),
    [
        *POST,
        *below("author", MEMBER),
        *below("thread", THREAD),
        "paper_title_html",
        *MARK,
        "watch__level",
        "has_draft",
        "has_joined",
        "is_closed",
        *MINE,
    ],
    comments=str,
)
_COMMENTS = _statement(
    lambda member: (
        Comment.objects.visible_to(member).with_closed(member).with_reactions_of(member)
    ),
    [
        *COMMENT,
        *below("author", MEMBER),
        *below("post", BESIDE),
        *below("post__author", MEMBER),
        *below("post__thread", THREAD),
        "is_closed",
        *MINE,
    ],
)
_POSTS_TO_REACT = _statement(
    lambda member: Post.objects.visible_to(member).with_reactions_of(member),
    [*POST_TO_REACT, *MINE],
)
_COMMENTS_TO_REACT = _statement(
    lambda member: Comment.objects.visible_to(member).with_reactions_of(member),
    [*COMMENT_TO_REACT, *MINE],
)


def post(member: Member, pk: int) -> Post | None:
    """The post with author, thread and the member's reactions. One query."""
    if pk > BIGGEST:  # a URL may hold a number that is too large for the column
        return None
    address = reverse("community:comment", args=[pk])
    row = _POSTS.first(member=member, pk=pk, comments=address)
    if row is None:
        return None
    values = iter(row)
    shown = _take(Post, POST, values)
    shown.author = _take(Member, MEMBER, values)
    shown.thread = _take(Thread, THREAD, values)
    shown.paper_title_html = next(values)  # type: ignore[misc]
    last_comment, seen_count, seen_at = islice(values, len(MARK))
    if seen_at:
        mark = ReadMark(post=shown, member=member, seen_at=seen_at)
        mark.last_comment, mark.seen_count = last_comment, seen_count
        shown.read_mark = mark  # type: ignore[misc]
    for name in ("watch_level", "has_draft", "has_joined"):
        setattr(shown, name, next(values))
    shown.is_closed = next(values)  # type: ignore[misc]
    return _with_reactions(shown, values)


def comment(member: Member, pk: int) -> Comment | None:
    """The comment with author, post, the post's author and thread, and the member's
    reactions. One query.
    """
    row = _row(_COMMENTS, member, pk)
    if row is None:
        return None
    values = iter(row)
    shown = _take(Comment, COMMENT, values)
    shown.author = _take(Member, MEMBER, values)
    shown.post = _take(Post, BESIDE, values)
    shown.post.author = _take(Member, MEMBER, values)
    shown.post.thread = _take(Thread, THREAD, values)
    shown.post.is_closed = next(values)  # type: ignore[misc]
    return _with_reactions(shown, values)


def post_to_react(member: Member, pk: int) -> Post | None:
    """The post with only the columns that its reactions need. One query."""
    row = _row(_POSTS_TO_REACT, member, pk)
    return row and _to_react(Post, POST_TO_REACT, row)


def comment_to_react(member: Member, pk: int) -> Comment | None:
    """The comment with only the columns that its reactions need. One query."""
    row = _row(_COMMENTS_TO_REACT, member, pk)
    return row and _to_react(Comment, COMMENT_TO_REACT, row)


def _row(statement: Statement[Any], member: Member, pk: int) -> Any:
    return None if pk > BIGGEST else statement.first(member=member, pk=pk)


def _to_react(model: type[Model], names: Sequence[str], row: Any) -> Any:
    values = iter(row)
    return _with_reactions(_take(model, names, values), values)


def _take(model: type[Model], names: Sequence[str], values: Iterator[Any]) -> Any:
    """An instance of `model` from the next values of the row."""
    return model.from_db(connection.alias, names, list(islice(values, len(names))))


def _with_reactions(shown: Any, values: Iterator[Any]) -> Any:
    for name, value in zip(MINE, values, strict=True):
        setattr(shown, name, value)
    return shown
