"""What was written below a post since its page was opened."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext
from markupsafe import Markup

from community.comments import CommentRow, Shown
from community.discussion import (
    Discussion,
    branches_of,
    by_branch,
    fitting,
    shown_of,
    with_long_texts,
)
from community.models import Comment, Post
from community.reactions import buttons
from community.reading import OpenedThread, reading
from lists.statement import Statement
from look.cards import Cards
from members.models import Member

MOST = 100  # that are counted
LINES = Cards("community/_newer.html", most=500)


class Newer(NamedTuple):
    """The line below a discussion: how many comments of others are not on the page."""

    post: int
    newest: int  # id of the newest comment that the page knows of; 0 if there is none
    number: int = 0  # of those after it, at most MOST
    first: int = 0  # id of the first of them
    is_end: bool = False  # whether new comments belong at the end of the page

    @property
    def words(self) -> str:
        count = f"{MOST - 1}+" if self.number >= MOST else str(self.number)
        return ngettext(
            "%(n)s new comment: show", "%(n)s new comments: show", self.number
        ) % {"n": count}

    @property
    def url(self) -> str:
        """The page with the first of them."""
        path = reverse("community:post", args=[self.post])
        return f"{path}?comment={self.first}#comment-{self.first}"

    def html(self) -> Markup:
        return LINES(self)


class CommentId(NamedTuple):
    pk: int


def _by_others(member: Member, post: int, after: int) -> "QuerySet[Comment, CommentId]":
    comments = Comment.objects.visible_to(member).filter(post=post, pk__gt=after)
    rows = comments.exclude(author=member).order_by("pk").values_list("pk")
    return rows[:MOST]  # type: ignore[return-value]


def _newest(member: Member, post: int) -> "QuerySet[Comment, CommentId]":
    comments = Comment.objects.visible_to(member).filter(post=post)
    return comments.order_by("-pk").values_list("pk")[:1]  # type: ignore[return-value]


# In the order of their ids, by the index `comment_by_post`.
BY_OTHERS: Statement[CommentId] = Statement(
    CommentId, _by_others, member=Member, post=int, after=int
)
NEWEST: Statement[CommentId] = Statement(CommentId, _newest, member=Member, post=int)
ROWS: Statement[Shown] = Statement(
    Shown,
    lambda member, post, after: shown_of(
        by_branch(member, post).filter(pk__gt=after),  # type: ignore[misc]
        member,
        "pk",
    ),
    member=Member,
    post=int,
    after=int,
)


def known_to(member: Member, post: Post, page: Discussion) -> Newer:
    """The line of a page as it is opened: nothing is newer yet.

    One query where the page does not show the whole discussion, else none.
    """
    if page.is_whole:
        newest = max(page.comments, default=0)
    else:
        found = NEWEST.first(member=member, post=post.pk)
        newest = found.pk if found else 0
    return Newer(post.pk, newest, is_end=page.later is None)


def newer_than(member: Member, post: int, newest: int) -> Newer:
    """What others wrote below a post after the comment `newest`; nothing
    if `member` may not see the post. One query.

    The ids of one discussion are in the order in which they can be seen:
    writing locks the row of the post before it takes one.
    """
    rows = BY_OTHERS(member=member, post=post, after=newest)
    return Newer(post, newest, len(rows), rows[0].pk if rows else 0)


class NewerPage(NamedTuple):
    """New comments by their branches, as their page will show them."""

    discussion: Discussion
    opened: OpenedThread
    newest: int  # the id of the last of them


def newer_page(member: Member, post: Post, after: int, *, now: datetime) -> NewerPage:
    """The comments below `post` after the one with the id `after`, oldest
    first: as many as a page of a discussion holds.

    Two queries; one more if a text is long.
    """
    rows = with_long_texts(ROWS(member=member, post=post.pk, after=after)[:MOST])
    shown = rows[: fitting(rows)]
    page = Discussion(
        branches=branches_of([CommentRow.of(each, post, member) for each in shown]),
        later=None,
        earlier=True,
        is_missing=False,
        buttons=buttons(post),
    )
    opened = reading(member, post, page, now=now)
    news = replace(opened.news, branch=0)  # the page has its dividing line, or none
    newest = shown[-1].pk if shown else after
    return NewerPage(page, replace(opened, news=news), newest)
