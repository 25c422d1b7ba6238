"""Audiences: members who may see the same, but for what is hidden
from one of them.

What a run or a process keeps for several readers is kept for an audience,
never for the member who happened to ask first. There are no circles yet,
so there is one audience.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from members.models import Member


@dataclass(frozen=True, slots=True)
class Audience:
    """The members who are in exactly these circles."""

    circles: frozenset[int] = frozenset()


EVERYBODY = Audience()


def audiences_of(members: Iterable[Member]) -> dict[int, Audience]:
    """Member id to audience. For any number of members at once."""
    return {member.pk: EVERYBODY for member in members}


def audience_of(member: Member) -> Audience:
    return audiences_of([member])[member.pk]
