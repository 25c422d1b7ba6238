"""Posts in lists: their rows, and the cached cards of them.

    {{ row.in_feed(csrf_input, when(row.post.posted_at)) }}

A row holds all that its card shows, including what the reader may do and
has done.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from community import kinds
from community.folding import Foldable, FoldedText
from community.listed import AcceptedAnswer, ListedPost
from community.reactions import Button, buttons
from community.subjects import PaperRef, Subject, subject_named
from curriculum.outline import Outline
from look.cards import Cards
from look.saving import SAVE_SLOTS, save_slots
from members.models import Member

SLOTS = ("csrf_input", "posted", *SAVE_SLOTS)
IN_FEED = Cards("community/_post.html", slots=SLOTS, most=2_000)
IN_THREAD = Cards("community/_thread_post.html", slots=SLOTS, most=1_000)


class Row(NamedTuple):
    """All that a list shows of a post."""

    post: ListedPost
    subject: Subject | None
    is_mine: bool
    details: Hashable = None  # from PostKind.details_of
    fold: FoldedText | None = (
        None  # what stands in place of the text; the post has none then
    )

    def in_feed(
        self, csrf_input: str, posted: str, *, is_saved: bool = False
    ) -> Markup:
        """The HTML in the feed. `posted` is the element with the time of
        the post, `is_saved` whether the reader saved it.
        """
        slots = save_slots(is_saved)
        return IN_FEED(self, csrf_input=csrf_input, posted=posted, **slots)

    def in_thread(
        self, csrf_input: str, posted: str, *, is_saved: bool = False
    ) -> Markup:
        """The HTML in a thread that is not the feed."""
        slots = save_slots(is_saved)
        return IN_THREAD(self, csrf_input=csrf_input, posted=posted, **slots)

    @property
    def about(self) -> Subject | None:
        """What it is about, for the line below the author; a paper has a card instead."""
        return None if self.paper else self.subject

    @property
    def paper(self) -> PaperRef | None:
        return self.subject if isinstance(self.subject, PaperRef) else None

    @property
    def buttons(self) -> list[Button]:
        return buttons(self.post)

    @property
    def answer(self) -> AcceptedAnswer | None:
        return self.post.answer

    @property
    def more_comments(self) -> int:
        return self.post.comment_count - (1 if self.answer else 0)


def rows(
    reader: Member, posts: Sequence[ListedPost], followed: Outline | None = None
) -> list[Row]:
    """The rows of these posts. No query, unless kinds add some. Steps are
    named as in the release `followed` by the reader, if that has them.
    """
    shown = [_folded(post, reader) for post in posts]
    details = _details(reader, [post for post, fold in shown if fold is None])
    return [
        Row(
            post,
            subject_named(
                post.thread_kind, post.thread_key, post.paper_title_html, followed
            ),
            post.author_id == reader.pk,
            details.get(post.pk),
            fold,
        )
        for post, fold in shown
    ]


def _folded(post: ListedPost, reader: Member) -> tuple[ListedPost, FoldedText | None]:
    """The post without what is folded for `reader`, and what stands in its place."""
    if not post.is_closed:
        return post, None
    foldable = Foldable(post.pk, post.kind, post.thread_kind, post.thread_key, True)
    if fold := foldable.fold_of_post(is_mine=post.author_id == reader.pk):
        return post.without_words(), fold
    if foldable.may_fold_comments:
        return post.without_answer(), None
    return post, None


def _details(reader: Member, posts: Sequence[ListedPost]) -> dict[int, Hashable]:
    """What the kinds add, by post id. At most one query for each kind on the page."""
    details: dict[int, Hashable] = {}
    for name in {post.kind for post in posts}:
        of_kind = [post for post in posts if post.kind == name]
        details.update(kinds.of(name).details_of(of_kind, reader))
    return details
