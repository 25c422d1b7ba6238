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
    needs_text: ClassVar[bool] = True
    not_allowed: ClassVar[Text] = gettext_lazy("You cannot write posts of this kind.")
    is_offered: ClassVar[bool] = True  # by the forms
    accepts_answers: ClassVar[bool] = False
    can_be_pinned: ClassVar[bool] = False
    # Whether what is below a post stays folded until its reader has tried or asks to see.
    folds_comments: ClassVar[bool] = False
    # A template that a list shows below the post. It gets `row` (community.feed.Row).
    row_template: ClassVar[str] = ""
    # A template that the page of the post shows below the text. It gets `details`, from
    # `for_page`.
    page_template: ClassVar[str] = ""
    # A template of the form fields. It gets `fields`, the bound fields by name, and
    # `is_short`, whether the form is the one above a list.
    form_template: ClassVar[str] = "community/_kind_fields.html"
    # Comments
    accepted: ClassVar[Text] = gettext_lazy("Accepted")
    # `name` is filled in by the template, which isolates it.
    accepted_by: ClassVar[Text] = gettext_lazy("Accepted answer by %(name)s")
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

    def written(self, body: str) -> str:
        """What its author wrote of a text: without what the form began with."""
        return body

    def fields(self) -> dict[str, forms.Field]:
        """Form fields that only this kind has. The form above a list may leave some out."""
        return {}

    def clean(self, values: dict[str, Any]) -> dict[str, Text]:
        """Change the form's cleaned values in place, and return errors by field."""
        if self.needs_title and not values.get("title"):
            return {"title": self.needs_title}
        return {}

    def save_details(self, post: "Post", details: Mapping[str, Any]) -> None:
        """Store the values of `fields`. Called in the transaction that stores the post."""

    def own_answer(self, details: Mapping[str, Any]) -> str:
        """The answer that a post brings with it, in Markdown: a comment of its author,
        which is the accepted one. Empty for none.
        """
        return ""

    def details_of(
        self, posts: "Sequence[ListedPost]", reader: Member
    ) -> Mapping[int, Hashable]:
        """What this kind adds to the list row of each post, by its id, as `reader` sees
        it. Plain values, since they are a part of the key of its card (look/cards.py).
        At most one query.
        """
        return {}

    def for_page(self, post: "Post", reader: Member, asked: Mapping[str, str]) -> Any:
        """What this kind adds to the page of a post. `asked` are the parameters of its
        URL.
        """
        return None

    # Search

    def search_text(self, post: "Post") -> str:
        """Words besides title and text that search finds the post by. No query."""
        return ""

    # Comments

    def comment_count(self, count: int) -> str:
        return ngettext("%(n)s comment", "%(n)s comments", count) % {"n": count}

    def comment_by(self, name: str) -> str:
        return _("Comment by %(name)s") % {"name": name}

    def comment_label(self, author: str, *, is_mine: bool, is_folded: bool) -> str:
        """The label of the form for comments on a post of `author`."""
        return _("Reply to %(name)s") % {"name": author}

    # Mail

    def snippet(self, post: "Post", now: datetime) -> str:
        """What a mail says about the post besides its author and step."""
        if not post.comment_count:
            return ""
        return self.comment_count(post.comment_count)
