"""Stored counts, computed again from the rows that they count."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max

from community.models import COUNTS, Comment, Post, Reaction

BATCH = 500


def lock_post(pk: int) -> Post:
    posts = Post.objects.select_for_update(no_key=True).defer("body", "body_html")
    return posts.get(pk=pk)


def newest_activity(post: Post) -> datetime:
    """The latest time of the post, its comments and the acceptance of an answer.

    One query. Call it while the post is locked.
    """
    comments = post.comments.filter(removed_at=None).order_by("-commented_at", "-pk")
    newest = comments.values_list("commented_at", flat=True).first()
    return max(filter(None, (post.posted_at, newest, post.accepted_at)))


def recount() -> tuple[int, int]:
    """Correct all stored counts: comments and newest activity of posts, reactions to
    posts and comments. Return the number of wrong rows and the number of all rows.
    """
    wrong = seen = 0
    for model, field in ((Post, "post"), (Comment, "comment")):
        for keys in _batches(model):
            wrong += _recount(model, field, keys)
            seen += len(keys)
    return wrong, seen


def _batches(model: Any) -> Iterator[list[int]]:
    last = 0
    while True:
        rows = model.objects.filter(pk__gt=last).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        yield keys
        last = keys[-1]


@transaction.atomic
def _recount(model: Any, field: str, keys: list[int]) -> int:
    """Four queries for a batch, and one for each wrong row. The rows are locked first, so
    a reaction at the same moment waits, and is counted afterwards.
    """
    columns = [*COUNTS, *(["comment_count", "active_at"] if model is Post else [])]
    rows = model.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=keys
    )
    more = ["posted_at", "accepted_at"] if model is Post else []
    rows = list(rows.only(*columns, *more))
    reactions = _reactions_of(field, keys)
    comments = _comments_of(keys) if model is Post else {}
    wrong = 0
    for row in rows:
        right = _right(row, reactions, comments)
        if right != {name: getattr(row, name) for name in right}:
            model.objects.filter(pk=row.pk).update(**right)
            wrong += 1
    return wrong


def _right(
    row: Post | Comment,
    reactions: dict[tuple[int, str], int],
    comments: dict[int, tuple[int, datetime]],
) -> dict[str, Any]:
    counts: dict[str, Any] = {
        f"{kind}_count": reactions.get((row.pk, kind), 0)
        for kind in Reaction.Kind.values
    }
    if isinstance(row, Post):
        count, newest = comments.get(row.pk, (0, None))
        counts["comment_count"] = count
        counts["active_at"] = max(
            filter(None, (row.posted_at, newest, row.accepted_at))
        )
    return counts


def _reactions_of(field: str, keys: list[int]) -> dict[tuple[int, str], int]:
    rows = Reaction.objects.filter(**{f"{field}__in": keys}).order_by()
    counted = rows.values_list(field, "kind").annotate(Count("pk"))
    return {(pk, kind): count for pk, kind, count in counted}


def _comments_of(keys: list[int]) -> dict[int, tuple[int, datetime]]:
    rows = Comment.objects.filter(post__in=keys, removed_at=None).order_by()
    counted = rows.values_list("post").annotate(Count("pk"), Max("commented_at"))
    return {pk: (count, newest) for pk, count, newest in counted}
