"""What a member may find: every search begins here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from community.models import Comment, Post
from curriculum.models import Resource
from documents.asked import Sql
from documents.models import SearchDocument
from documents.moments import marks_between
from lists.statement import Statement
from members.models import Member
from papers.models import Paper

Kind = SearchDocument.Kind


class Narrowed(NamedTuple):
    """What results must be besides; None and empty ask for nothing."""

    step: UUID | None = None
    thread: int | None = None  # the key of the step's; 0 where nobody has written yet
    authors: tuple[int, ...] | None = None  # keys of members
    within: tuple[datetime, datetime] | None = None
    answered: bool | None = None

    @property
    def is_step_alone(self) -> bool:
        return self == Narrowed(step=self.step, thread=self.thread)

    def marks(self) -> tuple[tuple[str, ...], ...]:
        """The same as marks of documents, so that the index leaves out most others."""
        found: list[tuple[str, ...]] = []
        if self.thread is not None:
            found.append((f"in{self.thread}",))
        if self.authors:
            found.append(tuple(f"by{author}" for author in self.authors))
        if self.within:
            found.append(marks_between(*self.within))
        if self.answered is not None:
            found.append(("accepted" if self.answered else "open",))
        return tuple(found)


class _Key(NamedTuple):
    pk: int


# most searches are not narrowed: what their reader may see is compiled once
EVERYTHING: Mapping[Kind, Statement[_Key]] = {
    kind: Statement(_Key, build, member=Member)
    for kind, build in (
        (Kind.POST, lambda member: _posts(member, Narrowed()).values_list("pk")),
        (Kind.COMMENT, lambda member: _comments(member, Narrowed()).values_list("pk")),
        (Kind.RESOURCE, lambda member: Resource.objects.values_list("pk")),
        (Kind.PAPER, lambda member: Paper.objects.values_list("pk")),
        (
            Kind.MEMBER,
            lambda member: Member.objects.visible_to(member).values_list("pk"),
        ),
    )
}


def visible(member: Member, narrowed: Narrowed) -> "Mapping[Kind, Sql | QuerySet[Any]]":
    """By kind, the keys of what `member` may see and that is as narrow as
    asked. Kinds that have no such thing are left out.
    """
    if narrowed == Narrowed():
        return {kind: everything(kind, member) for kind in EVERYTHING}
    found: dict[Kind, QuerySet[Any]] = {
        Kind.POST: _posts(member, narrowed).values("pk")
    }
    if narrowed.answered is None:
        found[Kind.COMMENT] = _comments(member, narrowed).values("pk")
    return found


def everything(kind: Kind, member: Member) -> Sql:
    """The keys of all of a kind that `member` may see."""
    statement = EVERYTHING[kind]
    return Sql(statement.plan.sql, statement.parameters(member=member))


def _posts(member: Member, narrowed: Narrowed) -> "QuerySet[Post]":
    posts = Post.objects.visible_to(member)
    if narrowed.authors is not None:
        posts = posts.filter(author__in=narrowed.authors)
    if narrowed.thread is not None:
        posts = posts.filter(thread=narrowed.thread)
    if narrowed.within:
        posts = posts.filter(posted_at__gte=narrowed.within[0])
    if narrowed.answered is not None:
        posts = posts.filter(
            kind="question", accepted_comment__isnull=not narrowed.answered
        )
    return posts


def _comments(member: Member, narrowed: Narrowed) -> "QuerySet[Comment]":
    comments = Comment.objects.visible_to(member)
    if narrowed.authors is not None:
        comments = comments.filter(author__in=narrowed.authors)
    if narrowed.thread is not None:
        comments = comments.filter(post__thread=narrowed.thread)
    if narrowed.within:
        comments = comments.filter(commented_at__gte=narrowed.within[0])
    return comments
