"""Which bodies are folded for a reader: the one rule for pages, search and
mail.

Posts and comments in the thread of an exercise are folded until the reader
has tried the exercise, writes in the thread, or asks to see the post.
Below a post of a kind that folds (`PostKind.folds_comments`), what others
wrote is folded until the reader writes there or asks. Titles are never
folded, and nobody's own words are. Decision 0143.
"""

from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from community import kinds
from community.models import Post, Thread
from community.subjects import ActivityRef, activities_by_key
from members.models import Member


class FoldedText(NamedTuple):
    """What stands in place of a folded body."""

    post: int
    exercise: ActivityRef | None = None

    @property
    def words(self) -> str:
        if self.exercise:
            return _("Folded until you have tried “%(exercise)s” or ask to see it.") % {
                "exercise": self.exercise.title
            }
        return _("Folded until you have tried, or ask to see it.")


class Foldable(NamedTuple):
    """A post as far as the rule reads it."""

    post: int
    kind: str
    thread_kind: str
    thread_key: str
    is_closed: bool  # see models.unfolding.with_closed

    @classmethod
    def of(cls, post: Post) -> "Foldable":
        """Of a post that was read with its thread."""
        thread = post.thread
        return cls(post.pk, post.kind, thread.kind, thread.key, post.is_closed)

    def fold_of_post(self, *, is_mine: bool) -> FoldedText | None:
        """What stands in place of the text of the post; None if the text does."""
        if is_mine or not self.is_closed or not self.is_of_exercise:
            return None
        return self._fold()

    def fold_of_comment(self, *, is_mine: bool) -> FoldedText | None:
        """The same for a comment below it."""
        if is_mine or not self.is_closed or not self.may_fold_comments:
            return None
        return self._fold()

    @property
    def is_of_exercise(self) -> bool:
        """Whether it stands in the thread of an exercise. An activity that
        the newest releases no longer have counts as one.
        """
        if self.thread_kind != Thread.Kind.ACTIVITY:
            return False
        activity = self._activity()
        return activity is None or activity.is_exercise

    @property
    def may_fold_comments(self) -> bool:
        return kinds.of(self.kind).folds_comments or self.is_of_exercise

    def _activity(self) -> ActivityRef | None:
        return activities_by_key().get(UUID(self.thread_key))

    def _fold(self) -> FoldedText:
        if not self.is_of_exercise:
            return FoldedText(self.post, None)
        return FoldedText(self.post, self._activity())


def fold_of(post: Post, reader: Member) -> FoldedText | None:
    """What stands in place of the text of a post that was read with `is_closed`."""
    if not post.is_closed:
        return None
    return Foldable.of(post).fold_of_post(is_mine=post.author_id == reader.pk)


def fold_below(post: Post, author: int, reader: Member) -> FoldedText | None:
    """The same for a comment below it, by `author`."""
    if not post.is_closed:
        return None
    return Foldable.of(post).fold_of_comment(is_mine=author == reader.pk)
