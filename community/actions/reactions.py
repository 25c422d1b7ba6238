"""Reactions, and the counts of them."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from community.actions.refusals import NotAllowed
from community.models import Comment, Post, Reaction
from members.models import Member


def react(target: Post | Comment, *, by: Member, kind: str, now: datetime) -> None:
    """Say “helped me”, “thanks” or “same here”, once each.

    Raises NotAllowed for one's own words.
    """
    if target.author_id == by.pk:
        raise NotAllowed(_("Reactions are for the words of others."))
    reaction = Reaction(
        member=by, kind=Reaction.Kind(kind), reacted_at=now, **on(target)
    )
    try:
        with transaction.atomic():
            reaction.save(force_insert=True)
            _count(target, kind, 1)
    except IntegrityError:
        # Pressed before: the unique constraint decides, also between two presses at once.
        if not _same(target, by, kind).exists():
            raise


@transaction.atomic
def unreact(target: Post | Comment, *, by: Member, kind: str) -> None:
    if _same(target, by, kind).delete()[0]:
        _count(target, kind, -1)


def on(target: Post | Comment) -> dict[str, Post | Comment]:
    """The column of a reaction to `target`."""
    return {"post": target} if isinstance(target, Post) else {"comment": target}


def _same(target: Post | Comment, by: Member, kind: str) -> QuerySet[Reaction]:
    return Reaction.objects.filter(member=by, kind=kind, **on(target))


def _count(target: Post | Comment, kind: str, change: int) -> None:
    name = f"{kind}_count"
    rows = type(target)._default_manager.filter(pk=target.pk)
    rows.update(**{name: F(name) + change})
