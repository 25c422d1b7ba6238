"""What a member may find: every search begins here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from community.models import Comment, Post, Thread
from community.threads import of
from curriculum.models import Resource
from documents.models import SearchDocument
from members.models import Member
from papers.models import Paper

Kind = SearchDocument.Kind


class Narrowed(NamedTuple):
    """What results must be besides; None and empty ask for nothing."""

    step: UUID | None = None
    authors: tuple[int, ...] | None = None  # keys of members
    since: datetime | None = None
    answered: bool | None = None


def visible(member: Member, narrowed: Narrowed) -> "Mapping[Kind, QuerySet[Any]]":
    """By kind, the keys of what `member` may see and that is as narrow as asked. Kinds
    that have no such thing are left out.
    """
    found: dict[Kind, QuerySet[Any]] = {
        Kind.POST: _posts(member, narrowed).values("pk"),
        Kind.COMMENT: _comments(member, narrowed).values("pk"),
        Kind.RESOURCE: Resource.objects.values("pk"),
        Kind.PAPER: Paper.objects.values("pk"),
        Kind.MEMBER: Member.objects.visible_to(member).values("pk"),
    }
    if narrowed != Narrowed():
        del found[Kind.RESOURCE], found[Kind.PAPER], found[Kind.MEMBER]
    if narrowed.answered is not None:
        del found[Kind.COMMENT]
    return found


def _posts(member: Member, narrowed: Narrowed) -> "QuerySet[Post]":
    posts = Post.objects.visible_to(member)
    if narrowed.authors is not None:
        posts = posts.filter(author__in=narrowed.authors)
    if narrowed.step:
        posts = posts.in_thread(of(Thread.Kind.STEP, narrowed.step))
    if narrowed.since:
        posts = posts.filter(posted_at__gte=narrowed.since)
    if narrowed.answered is not None:
        posts = posts.filter(
            kind="question", accepted_comment__isnull=not narrowed.answered
        )
    return posts


def _comments(member: Member, narrowed: Narrowed) -> "QuerySet[Comment]":
    comments = Comment.objects.visible_to(member)
    if narrowed.authors is not None:
        comments = comments.filter(author__in=narrowed.authors)
    if narrowed.step:
        posts = Post.objects.in_thread(of(Thread.Kind.STEP, narrowed.step))
        comments = comments.filter(post__in=posts.values("pk"))
    if narrowed.since:
        comments = comments.filter(commented_at__gte=narrowed.since)
    return comments
