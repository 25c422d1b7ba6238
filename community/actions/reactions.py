"""Reactions, and the counts of them."""

from datetime import datetime
from itertools import product

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from community.actions.refusals import NotAllowed
from community.models import Comment, Post, Reaction
from lists.change import Change, Removal
from lists.insertion import Insertion
from members.models import Member

TOLD = {Reaction.Kind.HELPED, Reaction.Kind.SAME}


def react(target: Post | Comment, *, by: Member, kind: str, now: datetime) -> None:
    """React with “helped me”, “thanks” or “same here”, each of them once.

    Raises NotAllowed for one's own text.
    """
    if target.author_id == by.pk:
        raise NotAllowed(_("You cannot react to your own post or comment."))
    reaction = Reaction(
        member=by,
        kind=Reaction.Kind(kind),
        reacted_at=now,
        to_tell=kind in TOLD,
        **on(target),
    )
    with transaction.atomic():
        # There is one already. The unique constraint also decides between two presses at
        # the same time.
        if _STORE(reaction):
            _count(target, kind, 1)


@transaction.atomic
def unreact(target: Post | Comment, *, by: Member, kind: str) -> None:
    if _REMOVE[type(target)](target=target.pk, member=by, kind=kind):
        _count(target, kind, -1)


def on(target: Post | Comment) -> dict[str, Post | Comment]:
    """The foreign key of a reaction to `target`, as keyword arguments."""
    return {"post": target} if isinstance(target, Post) else {"comment": target}


def _count(target: Post | Comment, kind: str, change: int) -> None:
    _COUNT[type(target), kind](pk=target.pk, change=change)


def _counting(model: type[Post] | type[Comment], kind: str) -> Change:
    name = f"{kind}_count"
    return Change(
        lambda pk, change: (
            model._default_manager.filter(pk=pk),
            {name: F(name) + change},
        ),
        pk=int,
        change=int,
    )


def _removing(field: str) -> Removal:
    return Removal(
        lambda target, member, kind: Reaction.objects.filter(
            member=member, kind=kind, **{field: target}
        ),
        target=int,
        member=Member,
        kind=str,
    )


TARGETS: list[type[Post] | type[Comment]] = [Post, Comment]
_STORE = Insertion(Reaction, ignore_conflicts=True)
_REMOVE = {Post: _removing("post"), Comment: _removing("comment")}
_COUNT = {
    (model, kind): _counting(model, kind)
    for model, kind in product(TARGETS, Reaction.Kind.values)
}
