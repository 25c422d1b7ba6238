"""Reactions: the author of a text is told how many there are, never of each."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from community.models import Reaction
from notifications.actions.rows import muted, store_again
from notifications.models import Notification

AT_ONCE = 500
KINDS = {
    Reaction.Kind.HELPED.value: Notification.Kind.HELPFUL,
    Reaction.Kind.SAME.value: Notification.Kind.SAME,
}


class Reacted(NamedTuple):
    """A reaction, and the text that it is to."""

    pk: int
    kind: str
    reacted_at: datetime
    post: int | None
    post_author: int | None
    comment: int | None
    comment_post: int | None
    comment_author: int | None
    post_helped: int | None
    post_same: int | None
    comment_helped: int | None

    @property
    def post_and_author(self) -> tuple[int, int]:
        """The post that it is told below, and who is told."""
        post, author = self.post or self.comment_post, self.post_author
        return post or 0, author or self.comment_author or 0

    @property
    def number(self) -> int:
        """How many reactions of this kind the text has."""
        if self.kind == Reaction.Kind.SAME:
            return self.post_same or 0
        return self.post_helped or self.comment_helped or 0


COLUMNS = (
    *("pk", "kind", "reacted_at", "post", "post__author"),
    *("comment", "comment__post", "comment__author"),
    *("post__helped_count", "post__same_count", "comment__helped_count"),
)


@transaction.atomic
def tell_reactions(*, now: datetime) -> int:
    """Tell the authors of texts of new reactions, and return how many there were."""
    reactions = Reaction.objects.filter(to_tell=True).order_by("pk")
    locked = reactions.select_for_update(skip_locked=True, no_key=True)
    keys = list(locked.values_list("pk", flat=True)[:AT_ONCE])
    rows = Reaction.objects.filter(pk__in=keys).order_by("pk").values_list(*COLUMNS)
    _tell(Reacted(*row) for row in rows)
    Reaction.objects.filter(pk__in=keys).update(to_tell=False)
    return len(keys)


def _tell(reactions: Iterable[Reacted]) -> None:
    """One row for each text and kind, however many reactions there are."""
    told = {(each.kind, each.post, each.comment): each for each in reactions}
    left_out = muted(each.post_and_author for each in told.values())
    store_again(
        _more_than_told(
            _row(each)
            for each in told.values()
            if each.kind in KINDS and each.post_and_author not in left_out
        )
    )


def _more_than_told(rows: Iterable[Notification]) -> list[Notification]:
    """Those of which there are more than was told before: what is taken back and pressed
    again is told once. One query.
    """
    wanted = list(rows)
    before = Notification.objects.filter(
        post__in={row.post_id for row in wanted},
        member__in={row.member_id for row in wanted},
        kind__in=KINDS.values(),
    )
    counts = {
        _key(row): row.told_count
        for row in before.only("post", "member", "kind", "target", "told_count")
    }
    return [row for row in wanted if row.told_count > counts.get(_key(row), 0)]


def _key(row: Notification) -> tuple[int, int, str, int]:
    return row.post_id, row.member_id, row.kind, row.target


def _row(reaction: Reacted) -> Notification:
    post, author = reaction.post_and_author
    return Notification(
        post_id=post,
        member_id=author,
        kind=KINDS[reaction.kind],
        target=reaction.comment or 0,
        comment_id=reaction.comment,
        told_count=reaction.number,
        happened_at=reaction.reacted_at,
    )
