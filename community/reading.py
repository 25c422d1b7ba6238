"""What is new in a thread for a member who has read it before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from django.db.models import QuerySet

from community.comments import Shown
from community.discussion import COMMENTS, Discussion
from community.models import Comment, Post, ReadMark
from lists.statement import Statement
from members.models import Member


@dataclass(frozen=True, slots=True)
class ThreadNews:
    """The new comments of a thread, by others."""

    count: int = 0  # on all pages
    keys: frozenset[int] = frozenset()  # of those on this page
    first: int = 0  # the oldest new one, on whichever page; 0 if there is none
    # the first branch of this page of which everything is new; 0 if there is none
    branch: int = 0
    since: datetime | None = None


class UnreadComment(NamedTuple):
    pk: int
    author_id: int


def _unread(
    member: Member, post: int, after: int
) -> "QuerySet[Comment, UnreadComment]":
    comments = Comment.objects.visible_to(member).filter(post=post, pk__gt=after)
    columns = comments.order_by("pk").values_list("pk", "author_id")
    return columns[: COMMENTS + 1]  # type: ignore[return-value]


# In the order of their ids, by the index `comment_by_post`.
UNREAD: Statement[UnreadComment] = Statement(
    UnreadComment, _unread, member=Member, post=int, after=int
)


@dataclass(frozen=True, slots=True)
class OpenedThread:
    """What a page of a thread shows that is new, and the mark of who has read it."""

    news: ThreadNews
    mark: ReadMark


def reading(
    member: Member, post: Post, page: Discussion, *, now: datetime
) -> OpenedThread:
    """What `page` shows that is new to `member`, and their mark after it.

    No query where the page shows the whole thread, or nothing is new; else one.
    """
    before = post.read_mark
    mark = ReadMark(post=post, member=member, seen_at=now)
    if before:
        mark.last_comment, mark.seen_count = before.last_comment, before.seen_count
    shown = page.shown
    unread = _unread_of(member, post, page, mark)
    if page.is_whole:
        mark.last_comment = max((each.pk for each in shown), default=0)
        mark.seen_count = len(shown)
    else:
        keys = {each.pk for each in shown}
        passed = list(takewhile(lambda each: each.pk in keys, unread))
        mark.last_comment = passed[-1].pk if passed else mark.last_comment
        mark.seen_count += len(_by_others(member, passed)) if before else len(passed)
    return OpenedThread(
        _news(member, post, shown, unread) if before else ThreadNews(), mark
    )


def _unread_of(
    member: Member, post: Post, page: Discussion, mark: ReadMark
) -> list[UnreadComment]:
    if page.is_whole:
        rows = sorted(page.shown, key=lambda each: each.pk)
        after = [each for each in rows if each.pk > mark.last_comment]
        return [UnreadComment(each.pk, each.author_id) for each in after]
    if post.comment_count <= mark.seen_count:
        return []
    return UNREAD(member=member, post=post.pk, after=mark.last_comment)


def _by_others(
    member: Member, comments: Iterable[UnreadComment]
) -> list[UnreadComment]:
    return [each for each in comments if each.author_id != member.pk]


def _news(
    member: Member, post: Post, shown: list[Shown], unread: list[UnreadComment]
) -> ThreadNews:
    before = post.read_mark
    fresh = _by_others(member, unread)
    if not fresh:
        return ThreadNews()
    after = before.last_comment
    keys = [each for each in shown if each.pk > after and each.author_id != member.pk]
    roots = [each.root for each in keys if each.pk == each.root]
    count = max(post.comment_count - before.seen_count, len(keys), 1)
    return ThreadNews(
        count=count,
        keys=frozenset(each.pk for each in keys),
        first=fresh[0].pk,
        branch=min(roots, default=0),
        since=before.seen_at,
    )
