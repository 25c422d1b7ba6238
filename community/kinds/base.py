"""The interface of a kind of post. Its defaults are those of a discussion."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from members.models import Member

if TYPE_CHECKING:
    from community.listed import ListedPost
    from community.models import Post, PostQuerySet

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of posts above the feed."""

    name: str
    label: Text
    apply: "Callable[[PostQuerySet, Member], PostQuerySet]"


class PostKind:
    name: ClassVar[str]
    label: ClassVar[Text]
    icon: ClassVar[str] = "message-circle"
    prompt: ClassVar[Text] = gettext_lazy("What do you want to say, %(name)s?")
    page_title: ClassVar[Text] = gettext_lazy("New post")
    reactions: ClassVar[Sequence[str]] = ("helped", "thanks")
    filters: ClassVar[Sequence[Filter]] = ()
    # The message for a post without a title; empty where it may have none.
    needs_title: ClassVar[Text] = ""
    not_allowed: ClassVar[Text] = gettext_lazy("You cannot write posts of this kind.")
    is_offered: ClassVar[bool] = True  # by the forms
    accepts_answers: ClassVar[bool] = False
    can_be_pinned: ClassVar[bool] = False
    # A template that a list shows below the post. It gets `row` (community.feed.Row).
    row_template: ClassVar[str] = ""
    # Comments
    comments: ClassVar[Text] = gettext_lazy("Comments")
    comment: ClassVar[Text] = gettext_lazy("Comment")
    post_comment: ClassVar[Text] = gettext_lazy("Post comment")
    no_comments: ClassVar[Text] = gettext_lazy("No comment yet.")

    def may_be_written_by(self, member: Member) -> bool:
        return True

    # Writing

    def beginning(self) -> str:
        """The text that the long form starts with."""
        return ""

    def fields(self) -> dict[str, forms.Field]:
        """Form fields that only this kind has, for the long form."""
        return {}

    def clean(self, values: dict[str, Any]) -> dict[str, Text]:
        """Change the form's cleaned values in place, and return errors by field."""
        if self.needs_title and not values.get("title"):
            return {"title": self.needs_title}
        return {}

    def save_details(self, post: "Post", details: Mapping[str, Any]) -> None:
        """Store the values of `fields`. Called in the transaction that stores the post."""

    def details_of(self, posts: "Sequence[ListedPost]") -> Mapping[int, Hashable]:
        """What this kind adds to the list row of each post, by its id. Plain values, since
        they are a part of the key of its card (look/cards.py). At most one query.
        """
        return {}

    # Comments

    def comment_count(self, count: int) -> str:
        return ngettext("%(n)s comment", "%(n)s comments", count) % {"n": count}

    def comment_by(self, name: str) -> str:
        return _("Comment by %(name)s") % {"name": name}

    def comment_label(self, author: str, *, is_mine: bool) -> str:
        """The label of the form for comments on a post of `author`."""
        return _("Reply to %(name)s") % {"name": author}

    # Mail

    def snippet(self, post: "Post", now: datetime) -> str:
        """What a mail says about the post besides its author and step."""
        return self.comment_count(post.comment_count) if post.comment_count else ""
