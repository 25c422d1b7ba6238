"""A comment as its page shows it: plain values, and its cached card (look/cards.py)."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import F
from django.db.models.functions import Coalesce, Length
from django.urls import reverse
from markupsafe import Markup

from community import kinds
from community.folding import FoldedText, fold_below
from community.kinds.base import PostKind
from community.listed import author_of
from community.models import AUTHOR, Comment, Post, Reaction
from community.reactions import FOR_COMMENTS, Button, button
from lists.statement import Statement
from look.cards import Cards
from look.saving import SAVE_SLOTS, save_slots
from members.models import Member

CARDS = Cards(
    "community/_comment.html",
    slots=("csrf_input", "posted", "replies", "fresh", *SAVE_SLOTS),
    most=4_000,
)
# The columns of a comment, in the order of `Shown`.
COLUMNS = [
    *"pk post_id parent_id root shown_html commented_at edited_at".split(),
    *(f"{kind}_count" for kind in FOR_COMMENTS),
    *(f"my_{kind}" for kind in FOR_COMMENTS),
    "author_id",
    *(f"author__{name}" for name in AUTHOR),
    "parent_removed_at",
    "html_length",
]


class Shown(NamedTuple):
    """The columns of a comment that its page shows, for one reader."""

    pk: int
    post_id: int
    parent_id: int | None
    root: int  # id of the first comment of its branch
    shown_html: str  # empty until it is read, if it is long
    commented_at: datetime
    edited_at: datetime | None
    helped_count: int
    thanks_count: int
    my_helped: bool
    my_thanks: bool
    author_id: int
    author_name: str
    author_email: str
    author_owner_since: datetime | None
    author_curator_since: datetime | None
    author_moderator_since: datetime | None
    parent_removed_at: datetime | None
    html_length: int

    @property
    def author(self) -> Member:
        return author_of(self)

    def get_absolute_url(self) -> str:
        address = reverse("community:post", args=[self.post_id])
        return f"{address}?comment={self.pk}#comment-{self.pk}"


class CommentRow(NamedTuple):
    """All that the card of a comment shows, including what the reader may do."""

    comment: Shown
    kind: str  # of its post
    accepted: bool
    is_mine: bool
    may_remove: bool
    may_accept: bool
    fold: FoldedText | None = None  # what stands in place of the text; it has none then

    @classmethod
    def of(cls, comment: Shown, post: Post, member: Member) -> "CommentRow":
        """The comment below `post` as `member` sees it. No query."""
        is_mine = comment.author_id == member.pk
        fold = fold_below(post, comment.author_id, member)
        if fold:
            comment = comment._replace(shown_html="")
        is_answer = post.traits.accepts_answers and not comment.parent_id
        return cls(
            comment=comment,
            kind=post.kind,
            accepted=post.accepted_comment_id == comment.pk,
            is_mine=is_mine,
            may_remove=is_mine or member.is_moderator,
            may_accept=is_answer and may_accept(comment, post, member),
            fold=fold,
        )

    def card(
        self,
        csrf_input: str,
        posted: str,
        replies: str = "",
        *,
        fresh: str = "",
        is_saved: bool = False,
    ) -> Markup:
        """The HTML of the card. `posted` is the element with its time, `fresh` the word
        for a comment that is new to the reader.
        """
        return CARDS(
            self,
            csrf_input=csrf_input,
            posted=posted,
            replies=replies,
            fresh=fresh,
            **save_slots(is_saved),
        )

    @property
    def traits(self) -> PostKind:
        return kinds.of(self.kind)

    @property
    def buttons(self) -> list[Button]:
        return [button(self.comment, Reaction.Kind(name)) for name in FOR_COMMENTS]


def may_accept(comment: Comment | Shown, question: Post, member: Member) -> bool:
    """Whether `member` may accept this answer: the asker may, and a moderator may accept
    answers of others.
    """
    return question.author_id == member.pk or (
        member.is_moderator and comment.author_id != member.pk
    )


_ONE = Statement(
    Shown,
    lambda member, pk: (
        Comment.objects.visible_to(member)
        .filter(pk=pk)
        .with_reactions_of(member)
        .annotate(
            root=Coalesce("parent_id", "id"),
            parent_removed_at=F("parent__removed_at"),
            shown_html=F("body_html"),
            html_length=Length("body_html"),
        )
        .values_list(*COLUMNS)
    ),
    member=Member,
    pk=int,
)


def comment_row(member: Member, pk: int, post: Post) -> CommentRow | None:
    """One comment below `post`; None if `member` may not see it. One query."""
    comment = _ONE.first(member=member, pk=pk)
    return comment and CommentRow.of(comment, post, member)
