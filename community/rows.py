"""Posts in lists: their rows, and the cached cards of them.

    {{ row.in_feed(csrf_input, when(row.post.posted_at)) }}

A row holds all that its card shows, including what the reader may do and has done.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from community import kinds
from community.listed import AcceptedAnswer, ListedPost
from community.reactions import Button, buttons
from community.subjects import PaperRef, StepRef, Subject, subject_named
from look.cards import Cards
from members.models import Member

IN_FEED = Cards("community/_post.html", slots=("csrf_input", "posted"), most=2_000)
IN_THREAD = Cards(
    "community/_thread_post.html", slots=("csrf_input", "posted"), most=1_000
)


class Row(NamedTuple):
    """All that a list shows of a post."""

    post: ListedPost
    subject: Subject | None
    is_mine: bool
    details: Hashable = None  # from PostKind.details_of

    def in_feed(self, csrf_input: str, posted: str) -> Markup:
        """The HTML in the feed. `posted` is the element with the time of the post."""
        return IN_FEED(self, csrf_input=csrf_input, posted=posted)

    def in_thread(self, csrf_input: str, posted: str) -> Markup:
        """The HTML in the thread of a step or a paper."""
        return IN_THREAD(self, csrf_input=csrf_input, posted=posted)

    @property
    def step(self) -> StepRef | None:
        return self.subject if isinstance(self.subject, StepRef) else None

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
    def more_answers(self) -> int:
        return self.post.comment_count - (1 if self.answer else 0)


def rows(reader: Member, posts: Sequence[ListedPost]) -> list[Row]:
    """The rows of these posts. No query, unless kinds add some."""
    details = _details(posts)
    return [
        Row(
            post,
            subject_named(post.thread_kind, post.thread_key, post.paper_title_html),
            post.author_id == reader.pk,
            details.get(post.pk),
        )
        for post in posts
    ]


def _details(posts: Sequence[ListedPost]) -> dict[int, Hashable]:
    """What the kinds add, by post id. At most one query for each kind on the page."""
    details: dict[int, Hashable] = {}
    for name in {post.kind for post in posts}:
        of_kind = [post for post in posts if post.kind == name]
        details.update(kinds.of(name).details_of(of_kind))
    return details
