"""Letting members react to what was written."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import chain
from random import Random

from community import actions
from community.models import Comment, Post, Reaction
from demo.room import Room
from demo.staging import Staged

HELPED, THANKS, SAME = Reaction.Kind.HELPED, Reaction.Kind.THANKS, Reaction.Kind.SAME
WIDELY = 200  # members; from there on reactions are inserted at once
MANY_REACTIONS = 400


def react(
    staged: Sequence[Staged], written: Sequence[Post | Comment], room: Room
) -> int:
    """Let members react, more where a text was given weight; the
    number of reactions.
    """
    weights = {each.thread.body: each.thread.weight for each in staged}
    comments = chain.from_iterable(each.comments for each in staged)
    weights = {spoken.body: 4 for spoken in comments if spoken.accepted} | weights
    reactions: list[Reaction] = []
    for target in written:
        reactions += _reactions(target, weights.get(target.body, 1), room)
    if len(room.members) >= WIDELY:
        Reaction.objects.bulk_create(reactions, batch_size=500)
        actions.recount()
    else:
        for each in reactions:
            reacted = each.post or each.comment
            assert reacted
            actions.react(reacted, by=each.member, kind=each.kind, now=each.reacted_at)
    return len(reactions)


def _reactions(target: Post | Comment, weight: int, room: Room) -> Iterable[Reaction]:
    if isinstance(target, Post):
        at = target.posted_at
    else:
        at = target.commented_at
    readers = [
        member
        for member in room.members
        if member.joined_at < room.until and member.pk != target.author_id
    ]
    most = min(len(readers), MANY_REACTIONS, round(weight * len(readers) ** 0.7 / 3))
    for reader in room.rng.sample(readers, room.rng.randint(most // 2, most)):
        begins = max(at, reader.joined_at)
        spread = min(timedelta(days=6), room.until - begins)
        when = begins + room.rng.random() ** 2 * spread
        reaction = Reaction(
            member=reader, kind=_kind(target, room.rng), reacted_at=when
        )
        if isinstance(target, Post):
            reaction.post = target
        else:
            reaction.comment = target
        yield reaction


def _kind(target: Post | Comment, rng: Random) -> str:
    if isinstance(target, Comment):
        return rng.choices((HELPED, THANKS, SAME), (6, 4, 1))[0]
    if target.kind == "question":
        return rng.choices((SAME, THANKS), (5, 2))[0]
    return rng.choices((HELPED, THANKS, SAME), (3, 5, 1))[0]
