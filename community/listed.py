"""A post as lists show it: a row of plain values, with properties computed from them."""

from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db import connection
from django.urls import reverse

from community import kinds
from community.kinds.base import PostKind
from members.models import Member

AUTHOR = ["name", "email", "owner_since", "curator_since", "moderator_since"]
# The columns of a list row, in the order of `ListedPost`.
LISTED = [
    *"pk kind title excerpt text_html posted_at active_at comment_count".split(),
    *"helped_count thanks_count same_count".split(),
    *"my_helped my_thanks my_same".split(),
    *"thread__kind thread__key paper_title_html".split(),
    "author_id",
    *(f"author__{name}" for name in AUTHOR),
    "accepted_comment_id",
    *(
        f"accepted_comment__{name}"
        for name in ("removed_at", "excerpt", "author__name")
    ),
    "answer_html",
    "new_comments",
    "is_closed",
]


class AcceptedAnswer(NamedTuple):
    """The accepted answer of a question."""

    pk: int
    post_id: int
    author_name: str
    excerpt: str
    html: str

    def get_absolute_url(self) -> str:
        address = reverse("community:post", args=[self.post_id])
        return f"{address}?comment={self.pk}#comment-{self.pk}"


class ListedPost(NamedTuple):
    """A row of `PostQuerySet.for_list`. It holds only the beginning of a long text."""

    pk: int
    kind: str
    title: str
    excerpt: str
    text_html: str
    posted_at: datetime
    active_at: datetime
    comment_count: int
    helped_count: int
    thanks_count: int
    same_count: int
    my_helped: bool
    my_thanks: bool
    my_same: bool
    thread_kind: str
    thread_key: str
    paper_title_html: str
    author_id: int
    author_name: str
    author_email: str
    author_owner_since: datetime | None
    author_curator_since: datetime | None
    author_moderator_since: datetime | None
    accepted_comment_id: int | None
    accepted_comment_removed_at: datetime | None
    accepted_comment_excerpt: str | None
    accepted_comment_author_name: str | None
    answer_html: str | None
    new_comments: int  # since the reader last opened the post
    is_closed: bool = False  # to the reader, see PostQuerySet.with_closed

    def get_absolute_url(self) -> str:
        return reverse("community:post", args=[self.pk])

    @property
    def traits(self) -> PostKind:
        """The kind of the post, from the registry."""
        return kinds.of(self.kind)

    @property
    def author(self) -> Member:
        return author_of(self)

    def without_answer(self) -> "ListedPost":
        """The same post without its accepted answer."""
        return self._replace(
            accepted_comment_id=None, accepted_comment_excerpt=None, answer_html=None
        )

    def without_words(self) -> "ListedPost":
        """The same post without its text and its accepted answer."""
        return self.without_answer()._replace(excerpt="", text_html="")

    @property
    def answer(self) -> AcceptedAnswer | None:
        """The accepted answer, unless it was removed."""
        pk = self.accepted_comment_id
        if pk is None or self.accepted_comment_removed_at:
            return None
        name = self.accepted_comment_author_name or ""
        excerpt = self.accepted_comment_excerpt or ""
        return AcceptedAnswer(pk, self.pk, name, excerpt, self.answer_html or "")


def author_of(row: object) -> Member:
    """The author of a row with `author_id` and so on, with only the columns that are
    shown.
    """
    names = _author_columns()
    values = [getattr(row, f"author_{name}") for name in names]
    return Member.from_db(connection.alias, names, values)


@cache
def _author_columns() -> list[str]:
    """The author's columns in the order of the model, which `from_db` needs."""
    columns = [field.attname for field in Member._meta.concrete_fields]
    return [name for name in columns if name in ("id", *AUTHOR)]
