"""The comments below one post in the order of their branches: the accepted answer first,
replies below their comment.

A branch is a comment with its replies, and its root is the id of that comment. The
index `comment_by_branch` is in this order, so every page reads only its own comments.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from django.db.models import Case, F, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Length

from community.comments import COLUMNS, CommentRow, Shown
from community.models import Comment, CommentQuerySet, Post
from community.reactions import Button, buttons
from config.values import BIGGEST
from lists import keyset
from lists.keyset import NumberCursor
from lists.statement import Statement
from members.models import Member

BRANCHES = 25  # of a page
COMMENTS = 100  # of a page, so that a branch of many replies is divided too
HTML = 1_000_000  # characters of HTML of a page, so that long texts are divided too
# characters; a longer text is read only when it is known to be on the page
SHORT = 10_000
BEGINNING = NumberCursor(0, 0)


@dataclass(slots=True)
class Branch:
    """A comment and its replies.

    `row` is None if only the replies are on this page; `removed` says whether that is
    because the comment was removed.
    """

    root: int
    row: CommentRow | None = None
    removed: bool = False
    replies: list[CommentRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Discussion:
    branches: list[Branch]
    later: NumberCursor | None  # of the next page
    earlier: bool  # whether there are pages before this one
    # whether the comment that was asked for is not shown, such as a removed one
    is_missing: bool
    buttons: list[Button]  # of the post itself

    @property
    def comments(self) -> list[int]:
        """The ids of the comments on the page."""
        return [comment.pk for comment in self.shown]

    @property
    def is_whole(self) -> bool:
        """Whether this page shows every comment."""
        return not self.earlier and self.later is None

    @property
    def shown(self) -> list[Shown]:
        """The comments of this page, in order."""
        rows: list[CommentRow | None] = []
        for each in self.branches:
            rows += [each.row, *each.replies]
        return [row.comment for row in rows if row]


class Asked(NamedTuple):
    """The branch of a comment, and the last one that can be on the first page."""

    root: int
    last: int


def discussion(
    member: Member,
    post: Post,
    *,
    comment: int | None = None,
    after: NumberCursor | None = None,
) -> Discussion:
    """A page of the comments below `post`: the first, the page after the cursor `after`,
    or the page with the comment `comment`.

    One query; one more for a first page with an accepted answer, for `comment`, and for
    the long texts of the page.
    """
    reader = PageReader(member, post)
    page = reader.page_with(comment) if comment and not after else reader.page(after)
    shown = with_long_texts(page.shown)
    rows = [CommentRow.of(each, post, member) for each in shown]
    return Discussion(
        branches=branches_of(rows),
        later=_cursor(shown[-1]) if len(shown) < len(page.rows) else None,
        earlier=page.after is not None,
        is_missing=comment is not None and not page.shows(comment),
        buttons=buttons(post),
    )


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Comments in order, one or more than the page shows if others follow."""

    rows: list[Shown]
    after: NumberCursor | None  # None for the first page

    @property
    def shown(self) -> list[Shown]:
        roots = list(dict.fromkeys(each.root for each in self.rows))[:BRANCHES]
        rows = [each for each in self.rows if each.root in roots][:COMMENTS]
        return rows[: fitting(rows)]

    def shows(self, pk: int) -> bool:
        return any(each.pk == pk for each in self.shown)


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads the pages of one discussion for one member."""

    member: Member
    post: Post

    @property
    def accepted(self) -> int:
        """The root of the branch with the accepted answer, which comes first; 0 if none."""
        return self.post.accepted_comment_id or 0

    def page_with(self, comment: int) -> CommentPage:
        """The first page if it shows `comment`, or else a page that begins with its branch
        or with the comment. The first page if the member may not see it.
        """
        asked = self._asked(comment)
        if asked is None:
            return self.page(None)
        root, last = asked
        if root == self.accepted or root <= last:
            page = self.page(None)
            if page.shows(comment):
                return page
        page = self.page(NumberCursor(root, 0))
        return (
            page if page.shows(comment) else self.page(NumberCursor(root, comment - 1))
        )

    def page(self, after: NumberCursor | None) -> CommentPage:
        """The page after a cursor, whose own comment may have been removed."""
        cursor = after or NumberCursor(self.accepted, 0)
        rows: list[Shown] = []
        if cursor.number == self.accepted:
            if self.accepted:
                rows = self._ask(BRANCH, root=self.accepted, after=cursor.pk)
            cursor = BEGINNING
        if len(rows) <= COMMENTS:
            rows += self._ask(
                FOLLOWING, accepted=self.accepted, number=cursor.number, pk=cursor.pk
            )
        return CommentPage(rows, after)

    def _asked(self, comment: int) -> Asked | None:
        return ASKED.first(
            member=self.member,
            post=self.post.pk,
            accepted=self.accepted,
            comment=comment,
        )

    def _ask(self, statement: Statement[Shown], **given: int) -> list[Shown]:
        return statement(member=self.member, post=self.post.pk, **given)


def by_branch(member: Member, post: int) -> CommentQuerySet:
    """The comments below a post that `member` may see, each with the root of its branch."""
    comments = Comment.objects.visible_to(member).filter(post=post)
    return comments.annotate(root=Coalesce("parent_id", "id"))


def shown_of(
    comments: CommentQuerySet, member: Member, *order: str
) -> "QuerySet[Comment, Shown]":
    """At most one comment more than a page shows."""
    is_short = When(html_length__lte=SHORT, then="body_html")
    comments = comments.with_reactions_of(member).annotate(
        parent_removed_at=F("parent__removed_at"),
        html_length=Length("body_html"),
        shown_html=Case(is_short, default=Value("", TextField())),
    )
    return comments.order_by(*order).values_list(*COLUMNS)[: COMMENTS + 1]  # type: ignore[misc, return-value]


def _others(member: Member, post: int, accepted: int) -> CommentQuerySet:
    """The comments below the post, without the branch of the accepted answer."""
    return by_branch(member, post).exclude(root=accepted)  # type: ignore[misc]


def _last_root(comments: CommentQuerySet, branches: int) -> Coalesce:
    """The root of the branch with the number `branches`; larger than all if there are
    fewer.
    """
    roots = comments.order_by("root").values("root").distinct()  # type: ignore[misc]
    return Coalesce(Subquery(roots[branches - 1 : branches]), Value(BIGGEST))


def _following(
    member: Member, post: int, accepted: int, number: int, pk: int
) -> "QuerySet[Comment, Shown]":
    """The comments after a cursor, of as many branches as a page needs."""
    rest = keyset.after(_others(member, post, accepted), "root", number, pk)
    # In the subquery and outside, so that the database reads no further in the index.
    last = _last_root(rest, BRANCHES + 1)
    return shown_of(rest.filter(root__lte=last), member, "root", "id")  # type: ignore[misc]


def _branch(
    member: Member, post: int, root: int, after: int
) -> "QuerySet[Comment, Shown]":
    comments = by_branch(member, post).filter(root=root, pk__gt=after)  # type: ignore[misc]
    return shown_of(comments, member, "root", "id")


def _asked(
    member: Member, post: int, accepted: int, comment: int
) -> "QuerySet[Comment, Asked]":
    last = _last_root(_others(member, post, accepted), BRANCHES)
    asked = by_branch(member, post).filter(pk=comment)
    return asked.annotate(last=last).values_list("root", "last")  # type: ignore[return-value]


def _statement(
    row: type[tuple[object, ...]], build: Callable[..., object], *names: str
) -> Statement:  # type: ignore[type-arg]
    return Statement(row, build, member=Member, **dict.fromkeys(("post", *names), int))  # type: ignore[arg-type]


FOLLOWING: Statement[Shown] = _statement(Shown, _following, "accepted", "number", "pk")
BRANCH: Statement[Shown] = _statement(Shown, _branch, "root", "after")
ASKED: Statement[Asked] = _statement(Asked, _asked, "accepted", "comment")


def fitting(rows: Iterable[Shown]) -> int:
    """How many of the comments fit on a page by their HTML; one at least."""
    lengths = accumulate(each.html_length for each in rows)
    return max(1, sum(length <= HTML for length in lengths))


def with_long_texts(comments: list[Shown]) -> list[Shown]:
    """The same comments, with the texts that were not read with the others. One query if
    there are any.
    """
    long = [each.pk for each in comments if each.html_length > SHORT]
    if not long:
        return comments
    rows = Comment.objects.filter(pk__in=long)
    texts = dict(rows.values_list("pk", "body_html"))
    return [
        each._replace(shown_html=texts.get(each.pk, each.shown_html))
        for each in comments
    ]


def _cursor(comment: Shown) -> NumberCursor:
    return NumberCursor(comment.root, comment.pk)


def branches_of(rows: Iterable[CommentRow]) -> list[Branch]:
    branches: dict[int, Branch] = {}
    for row in rows:
        comment = row.comment
        branch = branches.setdefault(comment.root, Branch(comment.root))
        if comment.parent_id:
            branch.removed = (
                branch.row is None and comment.parent_removed_at is not None
            )
            branch.replies.append(row)
        else:
            branch.row = row
    return list(branches.values())
